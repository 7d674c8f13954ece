import assert from "node:assert/strict";
import * as vscode from "vscode";
import { SecretNotice } from "../../src/host/platform/secretNotice";
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
