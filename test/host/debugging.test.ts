import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as vscode from "vscode";
import type { Answered } from "../../src/send/answerText";
import { freePort } from "./freePort";
import { activated, call, Endpoint, failure, startLocal, until } from "./support";

/** A debugger is a program of its own that starts another: on a busy machine both take their time. */
const patience = 180_000;

function vscodeFolder(...parts: readonly string[]): string {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder, "the suite runs in a workspace");
  return join(folder.uri.fsPath, ".vscode", ...parts);
}

/** Runs until it is asked for /end, for a debugger may take its time to stop one; stops by itself at /pause. */
const program = (port: number): string => `setTimeout(() => require("http").createServer((request, response) => {
  if (request.url === "/pause") {
    debugger;
  }
  request.resume().on("end", () => response.end("debugged", () => request.url === "/end" && process.exit()));
}).listen(${port}, "127.0.0.1"), 500);`;

async function setTimeoutSeconds(seconds: number | undefined): Promise<void> {
  const section = vscode.workspace.getConfiguration("pacspace");
  await section.update("handler.timeoutSeconds", seconds, vscode.ConfigurationTarget.Global);
}

/** How many launch configurations VS Code knows. */
function launchCount(): number | undefined {
  return vscode.workspace.getConfiguration("launch").get<unknown[]>("configurations")?.length;
}

/** Where a program was stopped by its debugger. */
interface Pause {
  readonly session: vscode.DebugSession;
  readonly threadId: number;
}

describe("a replay under the debugger", function () {
  this.timeout(patience);
  const [receiving, handler] = [new Endpoint(), new Endpoint()];
  const sessions = new Set<vscode.DebugSession>();
  const pauses: Pause[] = [];
  const subscriptions: vscode.Disposable[] = [];
  let id = "";
  let url = "";
  let target = "";

  before(async () => {
    await activated();
    await startLocal("empty");
    const { id: webhookId } = await call<{ id: string }>("createWebhook", { url: await receiving.listen() });
    await call("testWebhook", { id: webhookId });
    const { deliveries } = await call<{ deliveries: readonly { id: string }[] }>("listDeliveries");
    id = deliveries[0]?.id ?? "";
    url = await handler.listen();
    const port = await freePort();
    target = `http://127.0.0.1:${port}/hook`;
    mkdirSync(vscodeFolder(), { recursive: true });
    writeFileSync(vscodeFolder("handler.js"), program(port));
    const configuration = {
      ...{ name: "Handler", type: "node", request: "launch", console: "internalConsole" },
      program: vscodeFolder("handler.js"),
    };
    writeFileSync(
      vscodeFolder("launch.json"),
      JSON.stringify({ version: "0.2.0", configurations: [configuration, { ...configuration, name: "Another" }] }),
    );
    await until("the launch configurations", () => launchCount() === 2);
    subscriptions.push(
      vscode.debug.onDidStartDebugSession((session) => sessions.add(session)),
      vscode.debug.onDidTerminateDebugSession((session) => sessions.delete(session)),
      vscode.debug.registerDebugAdapterTrackerFactory("*", {
        createDebugAdapterTracker: (session) => ({
          onDidSendMessage: ({ event, body }: { event?: string; body?: { threadId?: number } }) => {
            if (event === "stopped") pauses.push({ session, threadId: body?.threadId ?? 0 });
          },
        }),
      }),
    );
  });

  afterEach(endSessions);

  after(async () => {
    for (const subscription of subscriptions) subscription.dispose();
    await setTimeoutSeconds(undefined);
    await call("stopLocal");
    await receiving.close();
    await handler.close();
    rmSync(vscodeFolder(), { recursive: true, force: true });
  });

  /** Ends what a test has started, whether it passed or not: nothing under a debugger outlives it. */
  async function endSessions(): Promise<void> {
    const goOn = pauses.map(({ session, threadId }) => session.customRequest("continue", { threadId }));
    await Promise.allSettled(goOn);
    pauses.length = 0;
    await fetch(new URL("/end", target)).catch(() => undefined);
    await until("the end of the debug sessions", () => sessions.size === 0, patience / 2);
  }

  it("goes to a handler that runs already", async () => {
    const { status } = await call<Answered>("replayUnderDebugger", { id, url, resign: false });
    assert.equal(status, 200);
    assert.equal(sessions.size, 0, "a debugger was started");
  });

  it("starts the launch configuration where nothing listens, and waits for it", async () => {
    assert.match(
      await failure("replayUnderDebugger", { id, url: target }),
      /Nothing listens at .* launch configuration/,
    );
    assert.match(
      await failure("replayUnderDebugger", { id, url: target, configuration: "None" }),
      /no launch configuration named “None”/,
    );
    const answer = await call<Answered>("replayUnderDebugger", { id, url: target, configuration: "Handler" });
    assert.deepEqual([answer.status, answer.responseBody], [200, "debugged"]);
    // The program runs on: its session is there, though this host may learn of it a moment later.
    await until("the debug session", () => sessions.size > 0);
  });

  it("starts a launch configuration of the settings, too", async () => {
    const launch = (value: object | undefined): Thenable<void> =>
      vscode.workspace.getConfiguration().update("launch", value, vscode.ConfigurationTarget.Global);
    const ofFolder = readFileSync(vscodeFolder("launch.json"));
    const [first] = (JSON.parse(ofFolder.toString()) as { readonly configurations: readonly object[] }).configurations;
    rmSync(vscodeFolder("launch.json"));
    try {
      await launch({ version: "0.2.0", configurations: [{ ...first, name: "Of the settings" }] });
      const start = { id, url: target, configuration: "Of the settings" };
      await until("the settings' launch configuration", () => launchCount() === 1);
      const answer = await call<Answered>("replayUnderDebugger", start);
      assert.deepEqual([answer.status, answer.responseBody], [200, "debugged"]);
    } finally {
      await launch(undefined);
      writeFileSync(vscodeFolder("launch.json"), ofFolder);
      await until("the folder's launch configurations", () => launchCount() === 2);
    }
  });

  it("gives up after the limit without a debugger, and has none while one has stopped the handler", async () => {
    const silent = createServer((request) => request.resume());
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    await setTimeoutSeconds(1);
    try {
      const { port } = silent.address() as AddressInfo;
      await until("the limit holds", async () =>
        (await failure("replayDelivery", { id, url: `http://127.0.0.1:${port}/` })).includes(
          "gave no answer within 1 s",
        ),
      );
    } finally {
      silent.closeAllConnections();
      silent.close();
    }
    const started = { id, url: new URL("/pause", target).href, configuration: "Handler" };
    const results = [call<Answered>("replayUnderDebugger", started)];
    for (const result of results) result.catch(() => undefined);
    await until("the debugger stops the handler", () => pauses.length > 0, patience / 2);
    // A replay that knows nothing of the debugger waits for the same handler.
    results.push(call<Answered>("replayDelivery", { id, url: target }));
    let settled = 0;
    for (const result of results)
      result.then(
        () => settled++,
        () => settled++,
      );
    // Thrice the limit.
    await sleep(3_000);
    assert.equal(settled, 0, "an answer came, or was no longer waited for, while the handler was stopped");
    assert.deepEqual(vscode.debug.breakpoints, [], "a breakpoint was set");
    const { session, threadId } = pauses[0] ?? assert.fail();
    await session.customRequest("continue", { threadId });
    for (const { status, responseBody } of await Promise.all(results))
      assert.deepEqual([status, responseBody], [200, "debugged"]);
    assert.equal(pauses.length, 1, "it was stopped once, by its own statement");
  });
});
