import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync, statSync } from "node:fs";
import { mkdir, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { build } from "esbuild";
import { afterEach, describe, expect, test } from "vitest";
import { CaptureStore } from "../../../src/receiver/captureStore";
import { temporaryDirectory } from "../local/support";
import { emptyFolder, open, request, roomy, targets } from "./stores";
import { atEnd, closeAll, deliveryHeaders, eventually, send, startHandler, startLab } from "./support";

afterEach(closeAll);

describe("bounded", () => {
  test("by count: the oldest go, and are counted", async () => {
    const store = await CaptureStore.open({ limits: () => ({ captures: 3, bytes: 1_000_000 }) });
    for (const text of ["a", "b", "c", "d", "e"]) store.add(request(text), "request");
    expect([targets(store), store.dropped]).toEqual([["/e", "/d", "/c"], 2]);
    store.remove([store.captures[1]!.id, "cap_unknown"]);
    store.add(request("f"), "request");
    expect([targets(store), store.dropped]).toEqual([["/f", "/e", "/c"], 2]);
    store.add(request("g"), "request");
    expect([targets(store), store.dropped]).toEqual([["/g", "/f", "/e"], 3]);
    store.clear();
    expect([store.captures, store.bytes, store.dropped]).toEqual([[], 0, 0]);
    for (const text of ["h", "i", "j", "k"]) store.add(request(text), "request");
    expect([targets(store), store.dropped]).toEqual([["/k", "/j", "/i"], 1]);
  });

  test("by bytes, answers among them; the newest stays whatever its size", async () => {
    const store = await CaptureStore.open({ limits: () => ({ captures: 100, bytes: 1_000 }) });
    const [first, second] = ["a", "b"].map((text) => store.add(request(text, Buffer.alloc(400)), "request"));
    const each = 400 + "/a".length + "X-Event-IDevt_a".length;
    expect(store.bytes).toBe(2 * each);
    store.setForward(second!.id, {
      url: "http://localhost",
      state: "answered",
      at: "2026-04-10T12:00:00.000Z",
      status: 200,
      headers: [["A", "b"]],
      body: Buffer.alloc(500),
      truncated: false,
      durationMs: 1,
    });
    expect(store.get(first!.id)).toBeUndefined();
    expect([store.bytes, store.dropped]).toEqual([each + 502, 1]);
    store.add(request("c", Buffer.alloc(5_000)), "request");
    expect([targets(store), store.dropped]).toEqual([["/c"], 2]);
  });

  test("a snapshot stays as it was", async () => {
    const store = await CaptureStore.open({ limits: () => roomy });
    const { id } = store.add(request("a"), "request");
    const before = store.captures;
    store.setCheck(id, { state: "wrong" });
    store.add(request("b"), "request");
    expect(before.map(({ target, check }) => [target, check.state])).toEqual([["/a", "pending"]]);
    expect(store.captures.map(({ target, check }) => [target, check.state])).toEqual([
      ["/b", "pending"],
      ["/a", "wrong"],
    ]);
  });
});

describe("kept on disk", () => {
  test("for the next window, byte for byte, with checks and answers, readable by the user alone", async () => {
    const directory = await emptyFolder();
    const handler = await startHandler((_request, response) => response.end(Buffer.from([0xff, 0x0a, 0x00])));
    const first = await startLab({ directory });
    const body = Buffer.from([0xff, 0x0a, 0x0d, 0x00, 0x7b]);
    await send(`${first.receiver.url}/a`, { headers: { "X-Latin": "caf\xe9" } }, body);
    first.receiver.forwardTo = handler.url;
    await send(`${first.receiver.url}/b?c`, { headers: deliveryHeaders(body) }, body);
    first.receiver.forwardTo = "http://127.0.0.1:1";
    await send(`${first.receiver.url}/down`, { headers: deliveryHeaders(body) });
    await first.receiver.close();
    await first.store.close();

    const log: string[] = [];
    const second = await open(directory, roomy, log);
    expect(second.captures).toEqual(first.store.captures);
    expect(second.bytes).toBe(first.store.bytes);
    expect(second.captures.map(({ check, forward }) => [check.state, forward?.state])).toEqual([
      ["wrong", "failed"],
      ["verified", "answered"],
      ["unsigned", undefined],
    ]);
    expect(log).toEqual([]);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    for (const name of await readdir(directory))
      expect((await stat(path.join(directory, name))).mode & 0o777).toBe(0o600);
    await second.close();
  });

  test("a while after it came, without being asked", async () => {
    const directory = await emptyFolder();
    const store = await open(directory);
    atEnd(() => store.close());
    store.add(request("a"), "request");
    expect(await readdir(directory)).toEqual([]);
    for (let tries = 0; (await readdir(directory)).length === 0; tries++) {
      expect(tries).toBeLessThan(100);
      await sleep(50);
    }
    const other = await open(directory);
    expect(targets(other)).toEqual(["/a"]);
    await other.close();
  });

  test("only as long as it is kept: dropped and removed bodies are no more in any file", async () => {
    const directory = await emptyFolder();
    const limits = { captures: 10, bytes: 1_000_000 };
    const store = await open(directory, limits);
    const inFiles = async (): Promise<string> =>
      (
        await Promise.all((await readdir(directory)).map((name) => readFile(path.join(directory, name), "latin1")))
      ).join();
    for (let at = 0; at < 10; at++) store.add(request(`n${at}`, `body-${at};`), "request");
    await store.flush();
    const [newest] = store.captures;
    store.remove([newest!.id]);
    await store.flush();
    expect(await inFiles()).toContain("body-8;");
    expect(await inFiles()).not.toContain("body-9;");
    for (let at = 10; at < 16; at++) {
      store.add(request(`n${at}`, `body-${at};`), "request");
      await store.flush();
    }
    expect(store.dropped).toBe(5);
    const text = await inFiles();
    expect([0, 1, 2, 3, 4].filter((at) => text.includes(`body-${at};`))).toEqual([]);
    expect((await readdir(directory)).length).toBeLessThanOrEqual(10);
    await writeFile(path.join(directory, "notes.txt"), "somebody else's");
    store.clear();
    await store.close();
    expect(await readdir(directory)).toEqual(["notes.txt"]);
  });

  test("and what is removed while its file is being written is in no file either", async () => {
    const directory = await emptyFolder();
    const store = await open(directory);
    for (let at = 0; at < 120; at++) store.add(request(`n${at}`, `body-${at};`.padEnd(50_000)), "request");
    const oldest = store.captures.at(-1)!;
    const flushed = store.flush();
    // From turn to turn: the file is there, has the first captures, and is not in its place yet.
    const isUnderWay = (): boolean => {
      const name = readdirSync(directory).find((file) => file.endsWith(".tmp"));
      return name !== undefined && statSync(path.join(directory, name)).size > 0;
    };
    while (!isUnderWay()) await new Promise(setImmediate);
    store.remove([oldest.id]);
    await flushed;
    await store.close();
    const files = await Promise.all((await readdir(directory)).map((name) => readFile(path.join(directory, name))));
    expect(files.some((file) => file.includes("body-0;"))).toBe(false);
    const next = await open(directory);
    expect(next.captures).toHaveLength(119);
    await next.close();
  });

  test("a damaged file is one line in the log; what stands before the damage, and all other files, are read", async () => {
    const directory = await emptyFolder();
    const store = await open(directory);
    for (const text of ["a", "b"]) store.add(request(text), "request");
    await store.flush();
    store.add(request("c"), "request");
    await store.close();
    const [both, single] = (await readdir(directory)).toSorted();
    await truncate(path.join(directory, both!), (await stat(path.join(directory, both!))).size - 1);
    await writeFile(path.join(directory, single!.replace(/^batch_./, "batch_z")), "no JSON\n");
    await writeFile(path.join(directory, single!.replace("captures", "tmp")), "half a ");
    const log: string[] = [];
    const next = await open(directory, roomy, log);
    expect(targets(next)).toEqual(["/c", "/a"]);
    expect(log).toHaveLength(2);
    expect(log[0]).toMatch(/^A file of kept captures is damaged, 1 of them could be read: /);
    await next.close();
    const again: string[] = [];
    const last = await open(directory, roomy, again);
    expect([targets(last), again]).toEqual([["/c", "/a"], []]);
    expect(await readdir(directory)).toHaveLength(2);
    await last.close();
  });

  test("random damage is never a crash", async () => {
    const directory = await emptyFolder();
    const store = await open(directory);
    for (const text of ["a", "b", "c"]) store.add(request(text), "request");
    await store.close();
    const name = (await readdir(directory))[0]!;
    const good = await readFile(path.join(directory, name));
    for (let at = 0; at < good.length; at += 3) {
      const damaged = Buffer.from(good);
      damaged[at] = (damaged[at]! + 1) % 256;
      const folder = path.join(directory, String(at));
      await mkdir(folder);
      await writeFile(path.join(folder, name), damaged);
      const next = await CaptureStore.open({ directory: folder, limits: () => roomy });
      for (const { id, target, headers, body, check } of next.captures) {
        expect([typeof id, typeof target, typeof check.state, headers[0]?.length, body instanceof Uint8Array]).toEqual([
          ...["string", "string", "string"],
          ...[2, true],
        ]);
      }
      await next.close();
    }
  });

  test("lower limits drop the oldest at the next start", async () => {
    const directory = await emptyFolder();
    const store = await open(directory);
    for (const text of ["a", "b", "c", "d"]) store.add(request(text), "request");
    await store.close();
    const next = await open(directory, { captures: 2, bytes: 1_000_000 });
    expect(targets(next)).toEqual(["/d", "/c"]);
    await next.close();
    const last = await open(directory);
    expect(targets(last)).toEqual(["/d", "/c"]);
    await last.close();
  });

  test("a folder that can't be written is one line in the log, and is written when it can be", async () => {
    const directory = await emptyFolder();
    const log: string[] = [];
    const store = await open(directory, roomy, log);
    await rm(directory, { recursive: true });
    // A file in its place: a folder that is only gone is made anew.
    await writeFile(directory, "");
    store.add(request("a"), "request");
    await store.flush();
    await store.flush();
    expect(log).toEqual([expect.stringMatching(/^Captures can't be written to disk; they are kept in memory: EEXIST/)]);
    await rm(directory);
    await store.close();
    expect(await readdir(directory)).toHaveLength(1);
  });
});

describe("a killed window", () => {
  async function bundled(): Promise<string> {
    const folder = await temporaryDirectory();
    atEnd(() => folder.remove());
    const outfile = path.join(folder.path, "capturing.cjs");
    await build({
      entryPoints: ["test/contract/receiver/capturingProcess.ts"],
      outfile,
      bundle: true,
      platform: "node",
      logLevel: "error",
    });
    return outfile;
  }

  async function start(program: string, directory: string): Promise<{ child: ChildProcess; url: string }> {
    const child = fork(program, [directory], { execArgv: [] });
    atEnd(() => child.kill("SIGKILL"));
    return { child, url: `http://127.0.0.1:${((await once(child, "message")) as [number])[0]}` };
  }

  test("has on disk what was flushed, and nothing half-written keeps the next one from opening", async () => {
    const program = await bundled();
    const directory = await emptyFolder();
    const known = new Set<string>();
    for (let round = 0; round < 6; round++) {
      const { child, url } = await start(program, directory);
      let killed = false;
      let number = 0;
      const flushed = new Set<string>();
      const work = async (): Promise<void> => {
        while (!killed) {
          const target = `/${round}/${number++}`;
          await send(url + target, { headers: deliveryHeaders("x") }, Buffer.alloc(number % 7 === 0 ? 300_000 : 300));
          flushed.add(target);
        }
      };
      const working = Array.from({ length: 4 }, () => work().catch(() => undefined));
      await eventually(() => flushed.size > 20);
      const before = [...flushed];
      const answered = once(child, "message");
      child.send("flush");
      await answered;
      for (const target of before) known.add(target);
      await sleep(Math.random() * 200);
      killed = true;
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
      await Promise.all(working);
      const log: string[] = [];
      const store = await open(directory, { captures: 100_000, bytes: 1e9 }, log);
      const kept = new Set(targets(store));
      expect([...known].filter((target) => !kept.has(target))).toEqual([]);
      expect(log).toEqual([]);
      await store.close();
    }
    expect(known.size).toBeGreaterThan(100);
  });

  test("leaves checks to be made by the next one, and forwards to be sent again", async () => {
    const directory = await emptyFolder();
    const store = await open(directory);
    const { id } = store.add({ ...request("a"), headers: Object.entries(deliveryHeaders("a")) }, "request");
    store.setForward(id, { url: "http://localhost:3000/", state: "pending" });
    await store.flush();
    const { until } = await startLab({ directory });
    expect(await until(({ check }) => check.state === "verified")).toMatchObject({
      id,
      forward: {
        state: "failed",
        message: "The window was closed before the handler answered. Send the capture again.",
      },
    });
  });
});
