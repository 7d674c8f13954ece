import fc from "fast-check";
import { expect, test } from "vitest";
import { CaptureFeed } from "../../../src/receiver/captureFeed";
import { CaptureMirror } from "../../../src/receiver/captureMirror";
import { CaptureStore } from "../../../src/receiver/captureStore";

const step = fc.record({
  what: fc.constantFrom("add", "add", "check", "forward", "remove", "clear", "tell", "tell", "look"),
  times: fc.integer({ min: 1, max: 60 }),
  at: fc.nat(),
  bytes: fc.constantFrom(0, 10, 5_000),
});

interface Pair {
  readonly store: CaptureStore;
  readonly feed: CaptureFeed;
  readonly mirror: CaptureMirror;
}

/** A store and its mirror, between which news pass as they do between processes: as copies. */
async function pair(captures: number): Promise<Pair> {
  const store = await CaptureStore.open({ limits: () => ({ captures, bytes: 100_000 }) });
  const mirror = new CaptureMirror();
  const feed = new CaptureFeed(store, (news) => {
    mirror.apply(structuredClone(news));
    return Promise.resolve();
  });
  return { store, feed, mirror };
}

function add({ store }: Pair, times: number, bytes: number): void {
  for (let count = 0; count < times; count++) {
    const headers = [["X-Event-ID", `evt_${count % 7}`]] as const;
    store.add({ method: "POST", target: `/${count}`, headers, body: Buffer.alloc(bytes, count) }, "request");
  }
}

test("shows what the store keeps, whatever comes, changes and goes, and whenever it is looked at", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.integer({ min: 1, max: 40 }), async (steps, most) => {
      const both = await pair(most);
      const { feed, mirror, store } = both;
      for (const { what, times, at, bytes } of steps) {
        const one = store.captures[at % Math.max(1, store.count)]?.id ?? "cap_unknown";
        if (what === "add") add(both, times, bytes);
        else if (what === "check") store.setCheck(one, { state: "verified", webhookId: "webhook_1" });
        else if (what === "forward") store.setForward(one, { url: "http://127.0.0.1:1/", state: "pending" });
        else if (what === "remove") store.remove([one]);
        else if (what === "clear") store.clear();
        else if (what === "tell") feed.flush();
        else mirror.get(one);
      }
      feed.flush();
      expect([mirror.count, mirror.dropped]).toEqual([store.count, store.dropped]);
      expect(mirror.captures).toEqual(store.captures);
    }),
  );
});

test("a capture that is unchanged is the same object, one that changed is another", async () => {
  const both = await pair(100);
  const { feed, mirror, store } = both;
  add(both, 2, 10);
  feed.flush();
  const [second, first] = mirror.captures;
  store.setCheck(first!.id, { state: "wrong" });
  feed.flush();
  expect(mirror.get(second!.id)).toBe(second);
  expect(mirror.get(first!.id)?.check).toEqual({ state: "wrong" });
  expect(first!.check).toEqual({ state: "pending" });
});

test("tells which rows look different: all when some came or went, else those that changed", async () => {
  const both = await pair(100);
  const { feed, mirror, store } = both;
  const changes: unknown[] = [];
  mirror.onDidChange((change) => changes.push(change));
  add(both, 2, 10);
  feed.flush();
  const { id } = store.captures[0]!;
  store.setCheck(id, { state: "wrong" });
  store.setCheck(id, { state: "unsigned" });
  feed.flush();
  feed.flush();
  store.remove([id]);
  feed.flush();
  expect(changes).toEqual(["all", { id }, "all"]);
});

test("much is told piece by piece, a burst that comes and goes not at all", async () => {
  const store = await CaptureStore.open({ limits: () => ({ captures: 10, bytes: 1e9 }) });
  const told: number[] = [];
  const feed = new CaptureFeed(store, ({ captures }) => Promise.resolve(void told.push(captures.length)));
  const body = Buffer.alloc(3 * 1024 * 1024);
  for (let count = 0; count < 100; count++) {
    store.add({ method: "POST", target: "/", headers: [], body }, "request");
  }
  feed.flush();
  expect(told).toHaveLength(5);
  expect(Math.max(...told)).toBeLessThan(8 * 1024 * 1024);
  expect(told.reduce((sum, bytes) => sum + bytes)).toBeGreaterThan(10 * body.length);
});
