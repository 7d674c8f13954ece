import assert from "node:assert/strict";
import * as vscode from "vscode";
import { environmentOf } from "../../src/core/model/environment";
import { storeSecretCommand } from "../../src/host/commands/secrets";
import { SecretNotice } from "../../src/host/platform/secretNotice";
import { silentTask } from "../../src/host/platform/task";
import type { Services } from "../../src/host/services";
import { Account } from "../../src/state/account";
import { startRecording } from "./recording";
import { until } from "./support";

describe("secrets that can't be read any more", () => {
  it("are told once to a window, however many they are and whenever they are found", async () => {
    const log = vscode.window.createOutputChannel("secret notice test", { log: true });
    const notice = new SecretNotice(log);
    const recording = startRecording();
    try {
      notice.add({ id: "webhook_1", kind: "lost" }, "Billing");
      notice.add({ id: "webhook_1", kind: "lost" }, "Billing");
      notice.add({ id: "webhook_2", kind: "damaged" }, "Ledger");
      await until("it is told", () => recording.said.length > 0);
      notice.add({ id: "webhook_3", kind: "unreadable" }, "Staging");
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      assert.equal(recording.said.length, 1);
      assert.match(JSON.stringify(recording.said), /The secrets of 2 webhooks can't be read any more/);
    } finally {
      recording.stop();
      notice.dispose();
      log.dispose();
    }
  });
});

describe("a secret that the storage does not keep", () => {
  it("is not said to be stored", async () => {
    const account = new Account({
      environment: environmentOf("production", "Production", "https://app.pacspace.io"),
      secrets: {
        get: () => Promise.resolve(undefined),
        store: () => Promise.resolve(),
        delete: () => Promise.resolve(),
        keys: () => Promise.resolve([]),
      },
      connect: () => Promise.reject(new Error("nothing is asked of PacSpace")),
      pageSize: () => 50,
      notesFolder: "",
    });
    const command = storeSecretCommand({ account: () => account } as Services);
    const input = { id: "webhook_1", secret: "whsec_lost" };
    const result = await command.run(input, silentTask());
    assert.deepEqual(result, { stored: false });
    const { severity, message } = command.announce?.(result, input) ?? {};
    assert.equal(severity, "warning");
    assert.match(message ?? "", /did not keep the secret of webhook_1/);
  });
});
