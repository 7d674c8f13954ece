import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deliveryKey, type Delivery } from "../../../src/core/model/delivery";
import { Store } from "../../../src/local/store";
import { DeliveryPoll } from "../../../src/state/deliveryPoll";
import { to } from "../../misbehave/proxy";
import { failedRecord, failingWebhook } from "./failedRecords";
import { openLab, type Lab } from "./lab";

const count = 5_400;

let folder = "";
let lab: Lab;
const polls: DeliveryPoll[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "pacspace-missed-"));
  const deliveries = Array.from({ length: count }, (_, index) => failedRecord(index));
  const seed = () => ({ webhooks: [failingWebhook], deliveries });
  new Store({ directory: folder, now: new Date(), seed }).close();
  lab = await openLab({ dataDir: folder, retryDelaysMs: [3_600_000] });
});
afterAll(async () => {
  for (const poll of polls) await poll.stop();
  await lab.close();
  await rm(folder, { recursive: true });
});

const idsFrom = (index: number): readonly string[] =>
  Array.from({ length: count - index }, (_, at) => failedRecord(index + at).id);

/** Polling that had come as far as a delivery when it was stopped. */
function pollAfter(
  index: number,
  deliver: (row: Delivery, signal: AbortSignal) => Promise<void> = () => Promise.resolve(),
): DeliveryPoll {
  const seen = Array.from({ length: 50 }, (_, at) => failedRecord(index - at));
  let mark: unknown = {
    newest: failedRecord(index).createdAt,
    since: seen.at(-1)?.createdAt,
    seen: seen.map((record) => deliveryKey(record)),
    missed: [],
  };
  const poll = new DeliveryPoll({
    account: lab.account,
    memory: {
      read: () => JSON.parse(JSON.stringify(mark)) as unknown,
      write: (written) => Promise.resolve(void (mark = written)),
    },
    deliver,
    everyMs: () => 600_000,
  });
  polls.push(poll);
  return poll;
}

test("as many as can be named are named, and no more are claimed", async () => {
  const poll = pollAfter(count - 5_001);
  await poll.start();
  expect(poll.state).toMatchObject({ kind: "live", moreSince: undefined });
  expect(poll.state.missed.map(({ id }) => id)).toEqual(idsFrom(count - 5_000));
});

test("of more than that it is said since when, also after a reload, until they are forgotten", async () => {
  const poll = pollAfter(100);
  await poll.start();
  expect(poll.state).toMatchObject({ kind: "live", moreSince: failedRecord(100).createdAt });
  expect(poll.state.missed.map(({ id }) => id)).toEqual(idsFrom(count - 5_000));
  await poll.stop();
  await poll.start();
  expect(poll.state).toMatchObject({ kind: "live", moreSince: failedRecord(100).createdAt });
  expect(poll.state.missed).toHaveLength(5_000);
  await poll.dismissMissed();
  expect(poll.state).toMatchObject({ missed: [], moreSince: undefined });
  await poll.pollNow();
  expect(poll.state).toMatchObject({ missed: [], moreSince: undefined });
});

test("what was missed is looked for once, and handed on oldest first; what fails keeps its place", async () => {
  const broken = failedRecord(count - 250).id;
  let isUp = false;
  const ids: string[] = [];
  const poll = pollAfter(count - 301, ({ id }) => {
    if (id === broken && !isUp) return Promise.reject(new Error("the handler is down"));
    ids.push(id);
    return Promise.resolve();
  });
  await poll.start();
  expect(poll.state.missed).toHaveLength(300);
  lab.proxy.reset();
  expect(await poll.sendMissed()).toBe(299);
  expect(lab.proxy.count(to("GET", "/deliveries"))).toBeLessThanOrEqual(4);
  expect(ids).toEqual(idsFrom(count - 300).filter((id) => id !== broken));
  expect(poll.state.missed).toMatchObject([{ id: broken }]);
  isUp = true;
  expect(await poll.sendMissed()).toBe(1);
  expect(poll.state).toMatchObject({ delivered: 300, missed: [] });
});

test("sending what was missed stops by a signal: what is left stays named, in its order", async () => {
  const controller = new AbortController();
  const ids: string[] = [];
  const poll = pollAfter(count - 11, ({ id }) => {
    ids.push(id);
    if (ids.length === 2) controller.abort();
    return ids.length === 2 ? Promise.reject(new Error("broken off")) : Promise.resolve();
  });
  await poll.start();
  expect(await poll.sendMissed(controller.signal)).toBe(1);
  expect(ids).toEqual(idsFrom(count - 10).slice(0, 2));
  expect(poll.state.missed.map(({ id }) => id)).toEqual(idsFrom(count - 9));
});
