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
const warmUp = 100;
/** What a round opens is a panel each second time; a document, at which VS Code itself is the slow one, every so many... */
const panelEvery = 2;
const documentEvery = 5;
/** ...after the first ones: so many VS Code keeps for a while after they were closed. */
const documentsKept = 50;

v8.setFlagsFromString("--expose-gc");
const collectGarbage = vm.runInNewContext("gc") as () => void;

/** By how many each may have grown in the end: the host's own keep-alive sockets and timers come and go by a few. */
const few = { listeners: 3, disposables: 3, emitters: 20, resources: 20, children: 0 } as const;
/** VS Code's own functions come and go by 40; a listener for each panel would be 100 more in each half. */
const fewFunctions = 60;

interface Counts {
  /** Bytes. */
  readonly heap: number;
  /** Listeners on the process. */
  readonly listeners: number;
  /** VS Code's disposables and Node's emitters that are alive. */
  readonly disposables: number;
  readonly emitters: number;
  /**
   * Closures and classes that are alive. Whoever listens to an event, ours, VS Code's or Node's, is one at least, with
   * whatever it holds; nothing else that a round leaves behind would be as many.
   */
  readonly functions: number;
  /** Sockets, timers and the like that hold the process. */
  readonly resources: number;
  readonly children: number;
}

async function childCount(): Promise<number> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "ppid="]);
  return stdout.split("\n").filter((line) => Number(line) === process.pid).length;
}

async function counts(): Promise<Counts> {
  // What is on its way to be closed may need a moment and a second collection; so may a process of the host's own.
  let children = Infinity;
  for (let time = 0; time < 3; time++) {
    await new Promise((resolve) => setTimeout(resolve, 300));
    children = Math.min(children, await childCount());
    collectGarbage();
  }
  return {
    heap: process.memoryUsage().heapUsed,
    listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
    disposables: v8.queryObjects(vscode.Disposable, { format: "count" }),
    emitters: v8.queryObjects(EventEmitter, { format: "count" }),
    functions: v8.queryObjects(Function, { format: "count" }),
    resources: process.getActiveResourcesInfo().length,
    children,
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

  const opened = { panels: 0, documents: 0 };

  async function checkSignature(): Promise<void> {
    const [request] = endpoint.received;
    assert.ok(request);
    const { headers, body } = request;
    const verdict = await call<Verdict>("verifySignature", { headers, bodyBase64: body.toString("base64"), webhookId });
    assert.equal(verdict.verdict, "valid");
  }

  async function filterAndRefresh(number: number): Promise<void> {
    await call("filterDeliveries", number % 2 === 0 ? { status: "delivered" } : {});
    await call("refresh");
  }

  async function openAndClose(number: number): Promise<void> {
    const { deliveries } = await call<{ deliveries: Delivery[] }>("listDeliveries", { limit: 1 });
    const [delivery] = deliveries;
    assert.ok(delivery);
    if (number % panelEvery === 0) {
      await call("inspectDelivery", { id: delivery.id });
      opened.panels++;
    }
    if (number <= documentsKept || number % documentEvery === 0) {
      await call("openDeliveryDocument", { id: delivery.id });
      opened.documents++;
    }
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await until("all editors are closed", () => vscode.window.tabGroups.all.every(({ tabs }) => tabs.length === 0));
  }

  /** Captures a delivery and has it forwarded; checks it, reads and filters the list, and opens it, all at a time. */
  async function round(number: number): Promise<void> {
    endpoint.received.length = 0;
    await call("testWebhook", { id: webhookId });
    await Promise.all([checkSignature(), filterAndRefresh(number), openAndClose(number)]);
  }

  it("keeps the heap flat within a tenth, and adds no listener, disposable, socket or process", async () => {
    const half = warmUp + Math.floor((rounds - warmUp) / 2);
    const counted: Counts[] = [];
    for (let number = 1; number <= rounds; number++) {
      await round(number);
      if (number === warmUp || number === half || number === rounds) {
        counted.push(await counts());
        console.log(`[T] after ${number} rounds ${JSON.stringify(counted.at(-1))}`);
      }
    }
    console.log(`[T] opened and closed: ${opened.panels} panels, ${opened.documents} documents`);
    const [before, between, after] = counted;
    assert.ok(before && between && after);
    assert.ok(after.heap <= before.heap * 1.1, `the heap grew from ${before.heap} to ${after.heap} bytes`);
    for (const [what, most] of Object.entries(few) as [keyof typeof few, number][]) {
      assert.ok(after[what] <= before[what] + most, `${what} grew from ${before[what]} to ${after[what]}`);
    }
    assert.equal(after.children, before.children);
    // Code that is loaded late adds its functions once. What leaks does so in both halves.
    const grown = Math.min(between.functions - before.functions, after.functions - between.functions);
    assert.ok(grown <= fewFunctions, `functions grew by ${grown} and more in each half`);
  }).timeout(Math.max(300_000, rounds * 1_000));
});
