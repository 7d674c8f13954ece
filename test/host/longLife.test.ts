import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { EventEmitter } from "node:events";
import { promisify } from "node:util";
import * as v8 from "node:v8";
import * as vm from "node:vm";
import * as vscode from "vscode";
import type { Delivery } from "../../src/core/model/delivery";
import type { Verdict } from "../../src/core/model/verdict";
import { activated, call, Endpoint, startLocal, until } from "./support";

/** 500 in `npm test`; LONG_LIFE_ROUNDS=20000 is the long run. */
const rounds = Number(process.env.LONG_LIFE_ROUNDS ?? 500);
/** Rounds after which all code is loaded and all caches are filled. */
const warmUp = 150;
/** A panel or a document is opened in every so many rounds: VS Code itself is the slow one there. */
const openEvery = 20;

v8.setFlagsFromString("--expose-gc");
const collectGarbage = vm.runInNewContext("gc") as () => void;

interface Counts {
  /** Bytes. */
  readonly heap: number;
  /** Listeners on the process. */
  readonly listeners: number;
  /** VS Code's disposables and Node's emitters that are alive. */
  readonly disposables: number;
  readonly emitters: number;
  /** Sockets, timers and the like that hold the process. */
  readonly resources: number;
  readonly children: number;
}

async function childCount(): Promise<number> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "ppid="]);
  return stdout.split("\n").filter((line) => Number(line) === process.pid).length;
}

async function counts(): Promise<Counts> {
  // What is on its way to be closed may need a moment and a second collection.
  for (let time = 0; time < 3; time++) {
    await new Promise((resolve) => setTimeout(resolve, 300));
    collectGarbage();
  }
  return {
    heap: process.memoryUsage().heapUsed,
    listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
    disposables: v8.queryObjects(vscode.Disposable, { format: "count" }),
    emitters: v8.queryObjects(EventEmitter, { format: "count" }),
    resources: process.getActiveResourcesInfo().length,
    children: await childCount(),
  };
}

describe(`a long life of ${rounds} rounds`, () => {
  const endpoint = new Endpoint();
  let webhookId = "";

  before(async () => {
    await activated();
    await startLocal("empty");
    const { url } = await call<{ url: string }>("startReceiver", { port: 0, forwardTo: await endpoint.listen() });
    const { id } = await call<{ id: string }>("createWebhook", { url });
    webhookId = id;
  });

  after(async () => {
    await call("stopReceiver");
    await call("clearCaptures", { confirmed: true });
    await endpoint.close();
    await call("stopLocal");
  });

  /** Captures a delivery and has it forwarded, checks it, reads and filters the list; now and then opens what can be opened. */
  async function round(number: number): Promise<void> {
    endpoint.received.length = 0;
    await call("testWebhook", { id: webhookId });
    const [request] = endpoint.received;
    assert.ok(request);
    const { headers, body } = request;
    const verdict = await call<Verdict>("verifySignature", { headers, bodyBase64: body.toString("base64"), webhookId });
    assert.equal(verdict.verdict, "valid");
    await call("filterDeliveries", number % 2 === 0 ? { status: "delivered" } : {});
    await call("refresh");
    if (number % openEvery !== 0) return;
    const { deliveries } = await call<{ deliveries: Delivery[] }>("listDeliveries", { limit: 1 });
    const [delivery] = deliveries;
    assert.ok(delivery);
    await call("inspectDelivery", { id: delivery.id });
    await call("openDeliveryDocument", { id: delivery.id });
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await until("all editors are closed", () => vscode.window.tabGroups.all.every(({ tabs }) => tabs.length === 0));
  }

  it("keeps the heap flat within a tenth, and adds no listener, disposable, socket or process", async () => {
    let before: Counts | undefined;
    for (let number = 1; number <= rounds; number++) {
      await round(number);
      if (number === warmUp) before = await counts();
    }
    const after = await counts();
    assert.ok(before);
    console.log(`[T] after ${warmUp} rounds ${JSON.stringify(before)}, after ${rounds} ${JSON.stringify(after)}`);
    assert.ok(after.heap <= before.heap * 1.1, `the heap grew from ${before.heap} to ${after.heap} bytes`);
    // Keep-alive sockets and timers of the host itself come and go by a few; a leak adds one a round.
    const few = 20;
    for (const what of ["listeners", "disposables", "emitters", "resources", "children"] as const) {
      assert.ok(after[what] <= before[what] + few, `${what} grew from ${before[what]} to ${after[what]}`);
    }
    assert.equal(after.children, before.children);
  }).timeout(Math.max(300_000, rounds * 1_000));
});
