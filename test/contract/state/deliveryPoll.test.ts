import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Delivery } from "../../../src/core/model/delivery";
import { DeliveryPoll, type DeliveryPollOptions, type PollState } from "../../../src/state/deliveryPoll";
import { to } from "../../misbehave/proxy";
import { openLab, type Lab } from "./lab";

let lab: Lab;
let webhookId: string;
let polls: DeliveryPoll[] = [];
let mark: unknown;

beforeEach(async () => {
  lab = await openLab();
  mark = undefined;
  const { webhook } = await lab.account.call((api) => api.webhooks.create({ url: "http://127.0.0.1:9/nowhere" }));
  webhookId = webhook.id;
});

afterEach(async () => {
  for (const poll of polls) await poll.stop();
  polls = [];
  await lab.close();
});

/** What is written down is read back as text, as it would be after a reload. */
function poll(deliver: DeliveryPollOptions["deliver"], everyMs = 60_000): DeliveryPoll {
  const made = new DeliveryPoll({
    account: lab.account,
    memory: {
      read: () => (mark === undefined ? undefined : (JSON.parse(JSON.stringify(mark)) as unknown)),
      write: (written) => {
        mark = written;
        return Promise.resolve();
      },
    },
    deliver,
    everyMs: () => everyMs,
  });
  polls.push(made);
  return made;
}

const event = async (count = 1): Promise<void> => {
  for (let index = 0; index < count; index++) await lab.account.call((api) => api.webhooks.test(webhookId));
};

function collector(): { readonly ids: string[]; readonly deliver: (row: Delivery) => Promise<void> } {
  const ids: string[] = [];
  return {
    ids,
    deliver: (row) => {
      ids.push(row.id);
      return Promise.resolve();
    },
  };
}

/** The newest rows' ids, oldest first. */
async function newest(count: number): Promise<readonly string[]> {
  const page = await lab.account.call((api) => api.webhooks.deliveryPage({ limit: count }));
  return page.deliveries.map(({ id }) => id).toReversed();
}

describe("polling", () => {
  test("hands on nothing of what was there, and each new delivery once, in order", async () => {
    const { ids, deliver } = collector();
    const polling = poll(deliver);
    await polling.start();
    expect(polling.state).toMatchObject({ kind: "live", delivered: 0, missed: [] });
    await event(3);
    await polling.pollNow();
    await polling.pollNow();
    expect(ids).toEqual(await newest(3));
    await event(2);
    await polling.pollNow();
    expect(ids).toEqual(await newest(5));
    expect(polling.state).toMatchObject({ kind: "live", delivered: 5, missed: [] });
  });

  test("reads further than one page when more came at once", async () => {
    const { ids, deliver } = collector();
    const polling = poll(deliver);
    await polling.start();
    await event(130);
    await polling.pollNow();
    expect(ids).toHaveLength(130);
    expect(new Set(ids).size).toBe(130);
    expect(ids.slice(-100)).toEqual(await newest(100));
  });

  test("names what came while it was off, and sends it in order when asked to", async () => {
    const first = collector();
    const before = poll(first.deliver);
    await before.start();
    await event();
    await before.pollNow();
    await before.stop();
    expect(before.state.kind).toBe("stopped");
    await event(3);

    const { ids, deliver } = collector();
    const after = poll(deliver);
    await after.start();
    expect(ids).toEqual([]);
    expect(after.state.missed.map(({ id }) => id)).toEqual(await newest(3));
    await event();
    await after.pollNow();
    expect(ids).toEqual(await newest(1));
    expect(await after.sendMissed()).toBe(3);
    expect(ids.slice(1)).toEqual((await newest(4)).slice(0, 3));
    expect(after.state.missed).toEqual([]);
    expect(await after.sendMissed()).toBe(0);
    expect(first.ids).toHaveLength(1);
  });

  test("forgets what was missed when told to", async () => {
    const before = poll(collector().deliver);
    await before.start();
    await before.stop();
    await event(2);
    const after = poll(collector().deliver);
    await after.start();
    expect(after.state.missed).toHaveLength(2);
    await after.dismissMissed();
    await after.stop();
    const third = poll(collector().deliver);
    await third.start();
    expect(third.state.missed).toEqual([]);
  });

  test("keeps naming what could not be handed on, and goes on with the others", async () => {
    let broken: string | undefined;
    const ids: string[] = [];
    const polling = poll((row) => {
      if (row.id === broken) return Promise.reject(new Error("the handler is down"));
      ids.push(row.id);
      return Promise.resolve();
    });
    await polling.start();
    await event(2);
    [broken] = await newest(2);
    await polling.pollNow();
    expect(ids).toEqual((await newest(2)).slice(1));
    expect(polling.state.missed).toMatchObject([{ id: broken, webhookId }]);
    await polling.pollNow();
    expect(ids).toHaveLength(1);
    broken = undefined;
    expect(await polling.sendMissed()).toBe(1);
    expect(polling.state.missed).toEqual([]);
  });

  test("stops in the midst of sending what was missed: the rest stays named", async () => {
    const before = poll(collector().deliver);
    await before.start();
    await before.stop();
    await event(3);
    const begun: string[] = [];
    const polling = poll(async ({ id }, signal) => {
      begun.push(id);
      if (!signal.aborted) await once(signal, "abort");
      throw new Error("broken off");
    });
    await polling.start();
    const sending = polling.sendMissed();
    await expect.poll(() => begun).toHaveLength(1);
    await polling.stop();
    expect(await sending).toBe(0);
    expect(begun).toHaveLength(1);
    expect(polling.state).toMatchObject({ kind: "stopped", delivered: 0 });
    expect(polling.state.missed.map(({ id }) => id).toSorted()).toEqual((await newest(3)).toSorted());
  });

  test("names the one that was under way when the window was killed", async () => {
    const polling = poll(() => new Promise(() => undefined));
    await polling.start();
    await event(2);
    void polling.pollNow();
    await expect.poll(() => (mark as { readonly missed: readonly object[] }).missed).toHaveLength(1);
    const { ids, deliver } = collector();
    const after = poll(deliver);
    await after.start();
    expect(ids).toEqual([]);
    expect(after.state.missed.map(({ id }) => id)).toEqual(await newest(2));
    // The first one never ends: what follows must not wait for it.
    polls = [after];
  });

  test("says that it waits and why, and reads on by itself when PacSpace is back", async () => {
    const { ids, deliver } = collector();
    const states: PollState[] = [];
    const polling = poll(deliver, 20);
    polling.onDidChange((state) => states.push(state));
    await polling.start();
    const { lastSuccess } = polling.state;
    lab.proxy.always(to("GET", "/deliveries"), { kind: "resetBefore" });
    await expect.poll(() => polling.state.kind, { timeout: 20_000 }).toBe("waiting");
    expect(polling.state.reason).toMatch(/\w/);
    expect(Date.parse(polling.state.lastSuccess ?? "")).toBeGreaterThanOrEqual(Date.parse(lastSuccess ?? ""));
    lab.proxy.reset();
    await event();
    await expect.poll(() => ids, { timeout: 20_000 }).toEqual(await newest(1));
    await expect.poll(() => polling.state.kind).toBe("live");
  });
});
