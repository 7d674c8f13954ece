import assert from "node:assert/strict";
import * as vscode from "vscode";
import { environmentOf } from "../../src/core/model/environment";
import { ProofTargets } from "../../src/host/proof/proofTarget";
import type { Services } from "../../src/host/services";
import { Account } from "../../src/state/account";
import { MemorySecrets } from "../contract/state/lab";
import { mementos, until } from "./support";

const url = "http://127.0.0.1:1/webhooks/pacspace";

function accountOf(name: string, secrets: MemorySecrets): Account {
  return new Account({
    environment: environmentOf("custom", name, `https://${name.toLowerCase()}.example.com`),
    secrets,
    connect: () => Promise.reject(new Error("nothing is asked of PacSpace")),
    pageSize: () => 50,
    notesFolder: "",
  });
}

async function set(name: string, value: string | undefined): Promise<void> {
  await vscode.workspace.getConfiguration("pacspace").update(name, value, vscode.ConfigurationTarget.Global);
}

describe("the key of a proof in the Test Explorer", () => {
  const secrets = new MemorySecrets();
  const [first, second] = [accountOf("First", secrets), accountOf("Second", secrets)];
  let active = first;
  const memory = mementos().workspaceState;
  const targets = new ProofTargets({ account: () => active } as Services, memory);

  before(async () => {
    await set("handler.url", url);
    for (const account of [first, second]) {
      const { name, storageKey } = account.environment;
      await account.secrets.store(`webhook_${name}`, `whsec_of_${name}`);
      await memory.update(`proof.webhook:${storageKey}`, `webhook_${name}`);
    }
  });

  after(async () => {
    await set("handler.url", undefined);
    await first.close();
    await second.close();
  });

  it("is the one of the environment that is active now", async () => {
    assert.equal((await targets.current())?.secret, "whsec_of_First");
    active = second;
    assert.equal((await targets.current())?.secret, "whsec_of_Second");
  });

  it("is asked for again when its secret was forgotten", async () => {
    assert.ok(await targets.current());
    await active.secrets.forget(`webhook_${active.environment.name}`);
    let ended = false;
    const asked = targets.current().finally(() => (ended = true));
    // Whoever closes the list chooses no key. It may not be there yet when it is closed for the first time.
    await until("the list of keys was closed", async () => {
      await vscode.commands.executeCommand("workbench.action.closeQuickOpen");
      return ended;
    });
    assert.equal(await asked, undefined);
  });
});
