import assert from "node:assert/strict";
import { readdir, rm } from "node:fs/promises";
import * as path from "node:path";
import * as vscode from "vscode";
import type { Delivery } from "../../src/core/model/delivery";
import { TextLists } from "../../src/host/documents/textLists";
import { roughDuration } from "../../src/host/tree/times";
import { demoAccount } from "../../src/local/demoAccount";
import { RetryJournals } from "../../src/state/retryJournal";
import { startRecording } from "./recording";
import { activated, call, extensionFolder, failure, startLocal, until } from "./support";

describe("a bulk retry that was not finished", () => {
  before(async () => {
    await activated();
    await startLocal("demo");
  });

  after(() => call("stopLocal"));

  it("is resumed by argument, and told as a whole", async () => {
    assert.match(await failure("retryFailedDeliveries", { resume: true, confirmed: true }), /no retry to resume/);
    assert.match(
      await failure("retryFailedDeliveries", { resume: true, status: "failed", confirmed: true }),
      /takes no filter/,
    );
    const page = await call<{ deliveries: Delivery[] }>("listDeliveries", { status: "failed", limit: 4 });
    const ids = page.deliveries.map(({ id }) => id);
    assert.equal(ids.length, 4);
    const folder = path.join(await extensionFolder(), "retries");
    // As a window leaves it that was closed while the second one was sent.
    await new RetryJournals(folder).run("Local PacSpace", [...ids, "evt_nowhere"], async (journal) => {
      await journal.sending(ids[0] ?? "");
      await journal.ended(ids[0] ?? "", "retried");
      await journal.sending(ids[1] ?? "");
    });
    const result = await call<{ matched: number; retried: number; failed: { id: string; message: string }[] }>(
      "retryFailedDeliveries",
      { resume: true, confirmed: true },
    );
    assert.deepEqual([result.matched, result.retried], [5, 3]);
    assert.deepEqual(
      result.failed.map(({ id }) => id),
      [ids[1], "evt_nowhere"],
    );
    assert.match(result.failed[0]?.message ?? "", /window was closed/);
    assert.deepEqual(await readdir(folder), []);
  });

  it("is offered once a window works in its environment again", async () => {
    const { baseUrl } = await startLocal("demo");
    // The same server by another name is an environment that this window has not been in.
    const elsewhere = baseUrl.replace("127.0.0.1", "localhost");
    const folder = path.join(await extensionFolder(), "retries");
    await new RetryJournals(folder).run(elsewhere, ["evt_1", "evt_2"], (journal) => journal.sending("evt_1"));
    const recording = startRecording();
    try {
      await call("switchEnvironment", { baseUrl: elsewhere });
      await call("signIn", { method: "password", ...demoAccount });
      await call("refresh");
      await until("the retry is offered", () => recording.said.length > 0);
      await call("refresh");
      assert.equal(recording.said.length, 1);
      assert.match(JSON.stringify(recording.said), /was not finished: 1 of 2 are done.*Resume….*Discard/);
    } finally {
      recording.stop();
      await rm(folder, { recursive: true });
      await startLocal("demo");
    }
  });

  it("shows what failed as a document that nobody has to save", async () => {
    const lists = new TextLists();
    await lists.show("Failed retries", "evt_1  refused\n");
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.getText(), "evt_1  refused\n");
    assert.equal(document.isUntitled || document.isDirty, false);
    await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
    lists.dispose();
  });

  it("tells in words how long it takes", () => {
    const [second, minute, hour] = [1_000, 60_000, 3_600_000];
    assert.deepEqual(
      [0, 34.2 * second, 119 * second, 12.4 * minute, 2 * hour + 41 * minute, 76 * hour].map(roughDuration),
      ["0 s", "35 s", "119 s", "12 min", "2 h 41 min", "3 d 4 h"],
    );
  });
});
