import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { createServer } from "node:net";
import * as path from "node:path";
import type { AddressInfo } from "node:net";
import * as vscode from "vscode";
import { createClient } from "../../src/api/client";
import { Emitter } from "../../src/core/emitter";
import { environmentOf } from "../../src/core/model/environment";
import { LazyReceiver } from "../../src/host/receiver/lazyReceiver";
import type { ReceiverDesk } from "../../src/host/receiver/receiverDesk";
import { Account } from "../../src/state/account";
import { temporaryDirectory } from "../contract/local/support";
import { openLab, type Lab } from "../contract/state/lab";
import { to } from "../misbehave/proxy";
import { activated, mementos, until } from "./support";

const channel = vscode.window.createOutputChannel("PacSpace receiver tests", { log: true });
const said: string[] = [];
const debug = (line: string): void => void said.push(line);
const log = new Proxy(channel, { get: (to, name) => (name === "debug" ? debug : (Reflect.get(to, name) as unknown)) });

/** The process of the receiver that was started last. */
function receiverPid(): number {
  return Number(said.flatMap((line) => /process (\d+) is started/.exec(line)?.[1] ?? []).at(-1));
}

/** No debugger runs. */
const idle = { isActive: false, onDidChange: new vscode.EventEmitter<void>().event };

/** A workspace as one profile's windows open it, one after the other. */
class Workspace {
  readonly workspaceState = mementos().workspaceState;
  /** Two: one of the workspace's own besides that of all. */
  readonly folders: readonly string[];
  readonly #changed = new Emitter<Account>();
  readonly onDidChange = this.#changed.event;
  #receiver: LazyReceiver | undefined;

  constructor(
    public active: Account,
    readonly capturesFolder: string,
    readonly globalState: vscode.Memento,
    readonly script: string,
  ) {
    this.folders = [tmpdir(), capturesFolder];
  }

  switchTo(account: Account): void {
    this.active = account;
    this.#changed.fire(account);
  }

  /** Opens a window on it; one that is open is closed first, as a reload does. */
  async window(): Promise<LazyReceiver> {
    await this.close();
    return (this.#receiver = new LazyReceiver(this, this, idle, this.script, log));
  }

  /** Opens a window on it, which brings back what ran. */
  async reload(): Promise<ReceiverDesk> {
    const receiver = await this.window();
    await receiver.bringBack();
    return receiver.get();
  }

  async close(): Promise<void> {
    await this.#receiver?.close();
    this.#receiver = undefined;
  }
}

describe("the receiver in windows that are reloaded", () => {
  let lab: Lab;
  let other: Account;
  let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
  let webhookId = "";
  const open: Workspace[] = [];
  const { globalState } = mementos();

  let script = "";

  const workspace = (): Workspace => {
    const made = new Workspace(lab.account, path.join(folder.path, `captures-${open.length}`), globalState, script);
    open.push(made);
    return made;
  };

  before(async () => {
    const { extensionUri } = await activated();
    script = vscode.Uri.joinPath(extensionUri, "dist", "receiverMain.js").fsPath;
    folder = await temporaryDirectory();
    lab = await openLab({ seed: "empty" });
    const { webhook } = await lab.account.call((api) => api.webhooks.create({ url: "http://127.0.0.1:9/nowhere" }));
    webhookId = webhook.id;
    other = new Account({
      environment: environmentOf("custom", "Other", "http://127.0.0.1:9"),
      secrets: lab.secrets,
      connect: (connection) => Promise.resolve(createClient(connection)),
      pageSize: () => 50,
      notesFolder: folder.path,
    });
  });

  afterEach(async () => {
    lab.proxy.reset();
    for (const opened of open.splice(0)) await opened.close();
  });

  after(async () => {
    await other.close();
    await lab.close();
    await folder.remove();
    channel.dispose();
  });

  it("polls again after a reload, and after another one while the first reading is under way", async () => {
    const mine = workspace();
    const desk = await (await mine.window()).get();
    await desk.start({ port: 0 });
    await desk.startPolling();
    assert.equal(desk.polling.state?.kind, "live");
    lab.proxy.always(to("GET", "/deliveries"), { kind: "silence" });
    const second = await mine.window();
    const { polling } = await second.get();
    const back = second.bringBack();
    await until("it reads", () => polling.state?.kind === "waiting");
    await mine.close();
    await back;
    lab.proxy.reset();
    const third = await mine.reload();
    assert.equal(third.polling.state?.kind, "live");
    await third.stopPolling();
    const fourth = await mine.reload();
    assert.ok(fourth.running, "the receiver is back");
    assert.equal(fourth.polling.isOn, false);
  });

  it("polls no environment that nobody asked for", async () => {
    const mine = workspace();
    const desk = await (await mine.window()).get();
    await desk.start({ port: 0 });
    await desk.startPolling();
    // Another window switched.
    mine.active = other;
    const second = await mine.reload();
    assert.ok(second.running);
    assert.equal(second.polling.isOn, false);
    // This window switches.
    mine.switchTo(lab.account);
    await second.startPolling();
    assert.equal(second.polling.isOn, true);
    mine.switchTo(other);
    await until("polling is off", () => !second.polling.isOn);
    // Nor is that which was polled, when this window comes back to it.
    for (const account of [lab.account, other]) {
      mine.active = account;
      const next = await mine.reload();
      assert.ok(next.running);
      assert.equal(next.polling.isOn, false);
    }
  });

  it("keeps what one workspace missed apart from what another one was given", async () => {
    const [mine, theirs] = [workspace(), workspace()];
    const desk = await (await mine.window()).get();
    await desk.start({ port: 0, forwardTo: "http://127.0.0.1:9/" });
    await desk.startPolling();
    const event = (): Promise<unknown> => lab.account.call((api) => api.webhooks.test(webhookId));
    await event();
    await desk.startPolling();
    assert.equal(desk.polling.state?.missed.length, 1);
    const their = await (await theirs.window()).get();
    await their.start({ port: 0 });
    await their.startPolling();
    assert.equal(their.polling.state?.missed.length, 0, "it was never polled there");
    await event();
    await their.startPolling();
    assert.equal(await their.polling.sendMissed(new AbortController().signal), 1);
    const again = await mine.reload();
    assert.equal(again.polling.state?.missed.length, 2);
  });

  it("has on disk what came last before it was closed", async () => {
    const mine = workspace();
    const desk = await (await mine.window()).get();
    const url = await desk.start({ port: 0 });
    for (let count = 0; count < 20; count++) await fetch(url, { method: "POST", body: "x" });
    const second = await mine.window();
    assert.equal((await second.get()).store.captures.length, 20);
  });

  it("is closed with the extension, which VS Code waits for", async () => {
    const { extensionPath, packageJSON } = await activated();
    const { main } = packageJSON as { main: string };
    // The very module that VS Code has loaded.
    const entry = (await import(path.join(extensionPath, main))) as { deactivate?: unknown };
    assert.equal(typeof entry.deactivate, "function");
  });

  it("says in its view that its process broke down, and starts again", async () => {
    const mine = workspace();
    const receiver = await mine.window();
    const desk = await receiver.get();
    const url = await desk.start({ port: 0 });
    await fetch(url, { method: "POST", body: "x" });
    await desk.settle();
    const states: boolean[] = [];
    receiver.onDidChangeState(() => states.push(desk.running !== undefined));
    process.kill(receiverPid(), "SIGKILL");
    await until("it is known", () => desk.running === undefined);
    assert.match(
      desk.problem ?? "",
      /^The receiver's process ended by itself \(SIGKILL\)\. Start the receiver again\.$/,
    );
    assert.deepEqual([...new Set(states)], [false]);
    await assert.rejects(desk.forward("cap_any", new AbortController().signal), /does not run\. Start it first/);
    const again = await desk.start({ port: 0 });
    assert.equal(desk.problem, undefined);
    assert.equal((await fetch(again, { method: "POST", body: "y" })).status, 200);
  });

  it("does not listen after a start that failed", async () => {
    const mine = workspace();
    const receiver = await mine.window();
    const desk = await receiver.get();
    const probe = createServer();
    await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
    const { port } = probe.address() as AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    await assert.rejects(desk.start({ port, forwardTo: `http://localhost:${port}/` }), /is the receiver itself/);
    assert.deepEqual([desk.running, receiver.wanted], [undefined, undefined]);
    await assert.rejects(fetch(`http://127.0.0.1:${port}`));
    assert.equal(await desk.start({ port }), `http://127.0.0.1:${port}`);
  });
});
