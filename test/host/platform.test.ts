import assert from "node:assert/strict";
import * as vscode from "vscode";
import { activated, call, startLocal } from "./support";

const dispatchers = [Symbol.for("undici.globalDispatcher.1"), Symbol.for("undici.globalDispatcher.2")];

function dispatchersNow(): unknown[] {
  return dispatchers.map((symbol) => (globalThis as unknown as Record<symbol, unknown>)[symbol]);
}

const extension = vscode.extensions.getExtension("pacspace-webhooks.pacspace-webhooks");
/** This file is loaded before the first test of any file is run. */
const wasActive = extension?.isActive;

describe("a good neighbour in the extension host", () => {
  it("is not active before it is needed", () => {
    assert.ok(extension);
    assert.equal(wasActive, false);
    const { activationEvents } = extension.packageJSON as { activationEvents: string[] };
    assert.ok(!activationEvents.some((event) => event === "*" || event === "onStartupFinished"));
  });

  it("leaves the host's own fetch alone", async () => {
    const before = [...dispatchersNow(), globalThis.fetch];
    await activated();
    await startLocal("demo");
    await call("refresh");
    assert.deepEqual([...dispatchersNow(), globalThis.fetch], before);
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
