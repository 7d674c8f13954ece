import { mkdirSync, readdirSync } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CaptureStore } from "../../../src/receiver/captureStore";
import { emptyFolder, open, request, roomy, targets } from "./stores";
import { closeAll } from "./support";

afterEach(closeAll);

describe("a clock that steps back", () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ["Date"], now: 1_800_000_000_000 }));
  afterEach(() => vi.useRealTimers());

  test("gives no id again: captures stand beside each other, in the order in which they came", async () => {
    const store = await CaptureStore.open({ limits: () => roomy });
    const texts = ["a", "b", "c", "d", "e", "f"];
    for (const [at, text] of texts.entries()) {
      vi.setSystemTime(1_800_000_000_000 + (at % 3));
      store.add(request(text), "request");
    }
    const ids = store.captures.map(({ id }) => id);
    expect(targets(store)).toEqual(["/f", "/e", "/d", "/c", "/b", "/a"]);
    expect(ids.toSorted().toReversed()).toEqual(ids);
    expect(new Set(ids).size).toBe(6);
    expect(store.captures[1]?.receivedAt, "its own time stays true").toBe(new Date(1_800_000_000_001).toISOString());
    store.remove(ids);
    expect([store.captures, store.bytes]).toEqual([[], 0]);
  });

  test("leaves the order as it was for the next window, too", async () => {
    const directory = await emptyFolder();
    for (const [at, text] of ["a", "b", "c"].entries()) {
      vi.setSystemTime(1_800_000_000_000 - 60_000 * at);
      const store = await open(directory);
      store.add(request(text), "request");
      await store.close();
    }
    const last = await open(directory);
    expect(targets(last)).toEqual(["/c", "/b", "/a"]);
    await last.close();
  });
});

describe("a file that can't go", () => {
  test("is one line in the log; nothing is written anew for it, and the files behind it go", async () => {
    const directory = await emptyFolder();
    // A folder with a file's name can be neither read nor deleted as a file.
    const stuck = "batch_0000_00.captures";
    await mkdir(path.join(directory, stuck), { recursive: true });
    const log: string[] = [];
    const store = await open(directory, roomy, log);
    const first = store.add(request("a"), "request");
    await store.flush();
    const others = async (): Promise<readonly string[]> =>
      (await readdir(directory)).filter((name) => name !== stuck).toSorted();
    const written = await others();
    expect(written).toHaveLength(1);
    await store.flush();
    await store.flush();
    expect(await others(), "it is not written again").toEqual(written);
    store.add(request("b"), "request");
    store.remove([first.id]);
    await store.flush();
    expect(await others()).toHaveLength(1);
    expect(await others()).not.toEqual(written);
    expect(log.filter((line) => !line.includes("damaged"))).toEqual([
      expect.stringMatching(/^A file of captures that are not kept any more can't be deleted/),
    ]);
    await rm(path.join(directory, stuck), { recursive: true });
    await store.close();
  });

  test("nor be moved to its place leaves nothing half-written behind", async () => {
    const directory = await emptyFolder();
    const store = await open(directory);
    for (let at = 0; at < 120; at++) store.add(request(`n${at}`, Buffer.alloc(50_000)), "request");
    const flushed = store.flush();
    const underWay = (): string | undefined => readdirSync(directory).find((file) => file.endsWith(".tmp"));
    while (underWay() === undefined) await new Promise(setImmediate);
    // In the way of the file that is being written.
    mkdirSync(path.join(directory, (underWay() ?? "").replace(/tmp$/, "captures")));
    await flushed;
    expect((await readdir(directory)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    await store.close();
    const next = await open(directory);
    expect(next.captures).toHaveLength(120);
    await next.close();
  });
});
