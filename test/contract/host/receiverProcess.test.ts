import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import * as path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { isErrorOfKind } from "../../../src/core/errors";
import type { Capture } from "../../../src/core/model/capture";
import {
  ReceiverProcess,
  type ListeningReceiver,
  type ReceiverProcessOptions,
} from "../../../src/host/receiver/receiverProcess";
import type { ReceiverSettings } from "../../../src/receiver/receiverCalls";
import { temporaryDirectory } from "../local/support";
import { bundled, nextMessage, started } from "../program";
import { emptyFolder, open as openStore } from "../receiver/stores";
import { atEnd, closeAll, deliveryHeaders, eventually, ownKey, send, startHandler } from "../receiver/support";

const never = new AbortController().signal;
const usual: ReceiverSettings = {
  allowedHosts: [],
  toleranceSeconds: 300,
  forwardTimeoutMs: 30_000,
  limits: { captures: 1_000, bytes: 1e8 },
};

let script = "";
let scratch: Awaited<ReturnType<typeof temporaryDirectory>>;

beforeAll(async () => {
  scratch = await temporaryDirectory();
  script = await bundled(path.resolve("src/receiver/main.ts"), scratch.path);
});

afterAll(() => scratch.remove());

afterEach(closeAll);

interface Lab {
  readonly process: ReceiverProcess;
  readonly log: string[];
  readonly brokeDown: Error[];
  /** Of the receiver. */
  readonly pid: () => number;
  readonly until: (condition: (capture: Capture) => boolean) => Promise<Capture>;
}

async function openLab(options: Partial<ReceiverProcessOptions> = {}): Promise<Lab> {
  const log: string[] = [];
  const brokeDown: Error[] = [];
  const process = await ReceiverProcess.open({
    script,
    settings: () => usual,
    keys: () => Promise.resolve([ownKey]),
    log: (_, line) => log.push(line),
    brokeDown: (error) => brokeDown.push(error),
    ...options,
  });
  atEnd(() => process.close());
  const pid = (): number => Number(/^process (\d+) is started$/.exec(log.at(-1) ?? "")?.[1]);
  const until = (condition: (capture: Capture) => boolean): Promise<Capture> =>
    eventually(() => process.captures.captures.find(condition));
  return { process, log, brokeDown, pid, until };
}

async function kindOf(failing: Promise<unknown>): Promise<unknown> {
  const error: unknown = await failing.catch((thrown: unknown) => thrown);
  return (error as { kind?: unknown }).kind;
}

describe("the receiver in its process", () => {
  test("shows each capture byte for byte as it lies on the disk", async () => {
    const directory = await emptyFolder();
    const { process } = await openLab({ directory });
    const { url } = await process.listen(0, undefined);
    for (let count = 0; count < 30; count++) {
      const body = randomBytes(count * 200);
      const headers = { ...deliveryHeaders(body, `evt_${count % 20}`), "x-Odd-CASE": ["b", "a", `ü${count}`.slice(1)] };
      await send(`${url}/hooks?n=${count}`, { headers }, body);
    }
    await eventually(() => process.captures.captures.every(({ check }) => check.state === "verified"));
    await process.settle();
    const shown = process.captures.captures;
    expect(shown.map(({ target }) => target).reverse()).toEqual(Array.from({ length: 30 }, (_, n) => `/hooks?n=${n}`));
    expect(shown[0]?.headers.filter(([name]) => name === "x-Odd-CASE").map(([, value]) => value)).toEqual([
      "b",
      "a",
      "29",
    ]);
    await process.close();
    const store = await openStore(directory);
    expect(store.captures).toEqual(shown);
    await store.close();
  });

  test("keeps count of a burst, of which it shows the newest", async () => {
    const { process } = await openLab({ settings: () => ({ ...usual, limits: { captures: 50, bytes: 1e8 } }) });
    const { url } = await process.listen(0, undefined);
    const work = async (worker: number): Promise<void> => {
      for (let count = 0; count < 100; count++) await send(`${url}/${worker}/${count}`, {}, randomBytes(3_000));
    };
    await Promise.all(Array.from({ length: 20 }, (_, worker) => work(worker)));
    await process.settle();
    const { captures, count, dropped } = process.captures;
    expect([count, captures.length, dropped]).toEqual([50, 50, 1_950]);
    expect(captures.filter(({ target }) => target.endsWith("/99"))).not.toEqual([]);
    expect(captures.map(({ id }) => id)).toEqual(
      captures
        .map(({ id }) => id)
        .toSorted()
        .reverse(),
    );
  });

  test("hands on, says what came of it, and can be cancelled", async () => {
    const { process, until } = await openLab();
    const handler = await startHandler((_, response) => void response.writeHead(202).end("ok"));
    const receiver = await process.listen(0, handler.url);
    const sent = await send(receiver.url, { headers: deliveryHeaders("{}") }, "{}");
    expect([sent.status, sent.body.toString()]).toEqual([202, "ok"]);
    const { id } = await until(({ forward }) => forward?.state === "answered");
    const silent = await startHandler(() => undefined);
    await receiver.setForwardTo(silent.url);
    const cancel = new AbortController();
    const again = receiver.forward(id, cancel.signal);
    await eventually(() => silent.got.length > 0);
    cancel.abort();
    expect(await again).toMatchObject({ state: "failed", url: `${silent.url}/` });
    // The answer comes behind what it changed.
    expect(process.captures.get(id)?.forward?.state).toBe("failed");
    const polled = { method: "POST", target: "/polled", headers: [], body: Buffer.from("{}") };
    expect(await receiver.take(polled, "polled", AbortSignal.abort())).toMatchObject({ state: "failed" });
    expect(process.captures.captures[0]).toMatchObject({ source: "polled", target: "/polled" });
    await receiver.setForwardTo(undefined);
    expect(await receiver.take(polled, "polled", never)).toBeUndefined();
  });

  test("its errors keep their kind and their words", async () => {
    const { process } = await openLab();
    const receiver = await process.listen(0, undefined);
    const other = await openLab();
    const error: unknown = await other.process.listen(receiver.port, undefined).catch((thrown: unknown) => thrown);
    expect(isErrorOfKind(error, "conflict")).toBe(true);
    expect((error as Error).message).toContain("is taken by the receiver of another window");
    expect(await kindOf(receiver.setForwardTo(receiver.url))).toBe("invalid");
    expect(receiver.forwardTo).toBeUndefined();
    expect(await kindOf(receiver.setForwardTo("http://example.com/"))).toBe("invalid");
    expect(await kindOf(receiver.forward("cap_unknown", never))).toBe("notFound");
  });

  test("asks for keys again when they changed, and goes by settings as they are", async () => {
    let keys = [{ ...ownKey, secret: "whsec_another_of_tests" }];
    let settings = usual;
    const { process, until } = await openLab({ keys: () => Promise.resolve(keys), settings: () => settings });
    const { url } = await process.listen(0, undefined);
    await send(url, { headers: deliveryHeaders("{}") }, "{}");
    await until(({ check }) => check.state === "wrong");
    keys = [ownKey];
    process.keysChanged();
    await until(({ check }) => check.state === "verified");
    const tunnelled = (): Promise<number> =>
      send(url, { headers: { Host: "hooks.example.com" } }).then((a) => a.status);
    expect(await tunnelled()).toBe(403);
    settings = { ...usual, allowedHosts: ["hooks.example.com"], limits: { captures: 1, bytes: 1e8 } };
    process.settingsChanged();
    expect(await tunnelled()).toBe(200);
    await process.settle();
    expect([process.captures.count, process.captures.dropped]).toEqual([1, 1]);
  });

  test("what is removed is gone at once, from the disk, too", async () => {
    const directory = await emptyFolder();
    const { process } = await openLab({ directory });
    const { url } = await process.listen(0, undefined);
    for (const target of ["a", "b", "c"]) await send(`${url}/${target}`);
    await process.settle();
    await process.remove([process.captures.captures[1]!.id, "cap_unknown"]);
    expect(process.captures.captures.map(({ target }) => target)).toEqual(["/c", "/a"]);
    await process.clear();
    expect([process.captures.count, process.captures.captures]).toEqual([0, []]);
    expect(await readdir(directory)).toEqual([]);
  });
});

describe("the receiver's process", () => {
  test("starts when it is needed, or where there is something to read", async () => {
    const directory = await emptyFolder();
    const first = await openLab({ directory });
    await first.process.settle();
    await first.process.remove([]);
    await first.process.clear();
    expect(first.log).toEqual([]);
    await send((await first.process.listen(0, undefined)).url);
    await first.process.close();
    const second = await openLab({ directory });
    expect(second.log).toHaveLength(1);
    expect(second.process.captures.count).toBe(1);
  });

  test("that breaks down says so once, and is back with what was on the disk when it is needed", async () => {
    const directory = await emptyFolder();
    const { brokeDown, pid, process } = await openLab({ directory });
    const silent = await startHandler(() => undefined);
    let receiver: ListeningReceiver = await process.listen(0, undefined);
    await send(`${receiver.url}/kept`);
    await eventually(async () => (await readdir(directory)).some((name) => name.endsWith(".captures")));
    await process.settle();
    await receiver.setForwardTo(silent.url);
    const { id } = process.captures.captures[0]!;
    const waiting = kindOf(receiver.forward(id, never));
    await eventually(() => silent.got.length > 0);
    globalThis.process.kill(pid(), "SIGKILL");
    expect(await waiting).toBe("server");
    expect(brokeDown.map(({ message }) => message)).toEqual([
      "The receiver's process ended by itself (SIGKILL). Start the receiver again.",
    ]);
    // Whatever is still asked of it.
    await receiver.close();
    expect(await kindOf(receiver.forward(id, never))).toBe("conflict");
    receiver = await process.listen(0, undefined);
    expect(process.captures.captures.map(({ target }) => target)).toEqual(["/kept"]);
    await send(`${receiver.url}/new`);
    await process.settle();
    expect(process.captures.captures.map(({ target }) => target)).toEqual(["/new", "/kept"]);
  });

  test("whose window is killed writes down what came last, and ends", async () => {
    const directory = await emptyFolder();
    const window = started(await bundled(path.resolve("test/contract/host/receiverWindow.ts"), scratch.path), {
      script,
      directory,
    });
    const url = await nextMessage<string>(window);
    for (let count = 0; count < 20; count++) await send(`${url}/${count}`, {}, randomBytes(1_000));
    window.kill("SIGKILL");
    await once(window, "exit");
    await eventually(() =>
      send(url).then(
        () => false,
        () => true,
      ),
    );
    const store = await eventually(async () => {
      const opened = await openStore(directory);
      return opened.count === 20 ? opened : undefined;
    });
    expect(store.captures.map(({ target }) => target).reverse()).toEqual(Array.from({ length: 20 }, (_, n) => `/${n}`));
  });

  test("that can't open its folder says why, and leaves nothing behind", async () => {
    const { path: file } = scratch;
    const { log, pid, process } = await openLab({ directory: path.join(file, "main.cjs", "captures") });
    await expect(process.listen(0, undefined)).rejects.toThrow(/ENOTDIR|EEXIST/);
    const child = pid();
    expect(log).toHaveLength(1);
    expect(() => globalThis.process.kill(child, 0)).toThrow("ESRCH");
  });

  test("is not started any more when its window is closed", async () => {
    const { process } = await openLab();
    await process.close();
    await expect(process.listen(0, undefined)).rejects.toThrow("The receiver was closed with its window.");
  });
});
