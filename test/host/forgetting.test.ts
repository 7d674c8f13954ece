import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import * as path from "node:path";
import type { Verdict } from "../../src/core/model/verdict";
import { activated, call, extensionFolder, failure, startLocal } from "./support";

interface Forgotten {
  readonly forgotten: {
    readonly sessions: number;
    readonly secrets: number;
    readonly earlierSecrets: number;
    readonly remembered: number;
    readonly files: number;
  };
}

const nothing = { sessions: 0, secrets: 0, earlierSecrets: 0, remembered: 0, files: 0 };

describe("forgetting everything", () => {
  before(async () => {
    await activated();
    await call("forgetEverything", { confirmed: true });
    await startLocal("demo");
  });

  it("asks by argument for a confirmation", async () => {
    assert.match(await failure("forgetEverything"), /confirmed: true/);
    assert.deepEqual(await call("refresh"), {});
  });

  it("refuses while another window's Local PacSpace has its data open, and forgets nothing then", async () => {
    await call("stopLocal");
    const lock = path.join(await extensionFolder(), "local/demo/lock");
    await writeFile(lock, String(process.ppid));
    assert.match(
      await failure("forgetEverything", { confirmed: true }),
      /runs in another window.*nothing was forgotten/,
    );
    await rm(lock);
    await startLocal("demo");
    assert.notEqual((await call<{ total: number }>("listWebhooks")).total, 0);
  });

  it("forgets sessions, secrets and choices of all environments, and reads back that nothing is left", async () => {
    const { baseUrl } = await startLocal("demo");
    await call("filterDeliveries", { status: "failed" });
    await call("storeSecret", { id: "webhook_kept", secret: "whsec_one" });
    await call("storeSecret", { id: "webhook_kept", secret: "whsec_two" });
    // The same server by another name is another environment.
    await call("switchEnvironment", { baseUrl: baseUrl.replace("127.0.0.1", "localhost") });
    await call("storeSecret", { id: "webhook_elsewhere", secret: "whsec_three" });
    await call("signIn", { method: "password", email: "demo@example.com", password: "local-pacspace" });
    const { forgotten } = await call<Forgotten>("forgetEverything", { confirmed: true });
    assert.equal(forgotten.sessions, 2);
    assert.ok(forgotten.secrets >= 2);
    assert.equal(forgotten.earlierSecrets, 1);
    assert.ok(forgotten.remembered >= 2, "the environment and the filter");
    assert.ok(forgotten.files >= 1, "Local PacSpace's account");
    assert.deepEqual(await call("forgetEverything", { confirmed: true }), { forgotten: nothing });
  });

  it("leaves a window as it was before its first use", async () => {
    assert.match(await failure("listWebhooks"), /not signed in to Production/);
    assert.match(await failure("copySecret", { id: "webhook_kept" }), /No secret is stored here/);
    const headers = { "X-PacSpace-Signature": "v1=00", "X-PacSpace-Timestamp": "1" };
    assert.equal((await call<Verdict>("verifySignature", { headers, body: "{}" })).tried, 0);
    const { environment } = await startLocal("demo");
    assert.match(await failure("copySecret", { id: "webhook_kept" }), /No secret is stored here/);
    assert.equal(environment, "Local PacSpace");
    const { filter } = await call<{ filter: object }>("filterDeliveries", {});
    assert.deepEqual(filter, {});
    await call("stopLocal");
  });
});
