import assert from "node:assert/strict";
import * as vscode from "vscode";
import { activated, call, startLocal } from "./support";

const dispatchers = [Symbol.for("undici.globalDispatcher.1"), Symbol.for("undici.globalDispatcher.2")];

/** The process's own fetch, and what it sends through. */
function fetchNow(): unknown[] {
  return [...dispatchers.map((symbol) => (globalThis as unknown as Record<symbol, unknown>)[symbol]), globalThis.fetch];
}

const extension = vscode.extensions.getExtension("pacspace-webhooks.pacspace-webhooks");
/** This file is loaded before the first test of any file is run: nothing of ours has been used yet. */
const wasActive = extension?.isActive;
const fetchBefore = fetchNow();

describe("a good neighbour in the extension host", () => {
  it("is not active before it is needed", () => {
    assert.ok(extension);
    assert.equal(wasActive, false);
    const { activationEvents } = extension.packageJSON as { activationEvents: string[] };
    assert.ok(!activationEvents.some((event) => event === "*" || event === "onStartupFinished"));
  });

  it("leaves the host's own fetch alone", async () => {
    await activated();
    await startLocal("demo");
    await call("refresh");
    for (const [place, now] of fetchNow().entries()) {
      assert.equal(now, fetchBefore[place], `${["dispatcher 1", "dispatcher 2", "fetch"][place]} is another one`);
    }
    await call("stopLocal");
  });

  it("registers every command that the manifest declares", async () => {
    const { packageJSON } = await activated();
    const { contributes } = packageJSON as { contributes: { commands: { command: string }[] } };
    const declared = contributes.commands.map(({ command }) => command).sort();
    const registered = await vscode.commands.getCommands(true);
    // The views bring focus commands of their own.
    const ours = registered.filter((id) => id.startsWith("pacspace.") && !/^pacspace\.\w+\./.test(id)).sort();
    assert.deepEqual(ours, declared);
  });
});
