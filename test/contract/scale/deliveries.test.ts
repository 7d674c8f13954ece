import { once } from "node:events";
import * as path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deliveryKey } from "../../../src/core/model/delivery";
import { startLocalPacSpace, type LocalPacSpace } from "../../../src/local/server";
import type { Account } from "../../../src/state/account";
import type { DeliveriesChange } from "../../../src/state/deliveriesStore";
import { cookieAccount, signedInAccount } from "../../scale/account";
import { heapInUse } from "../../scale/collected";
import { idOf, writeLargeAccount } from "../../scale/largeAccount";
import { json, startServer } from "../api/server";
import { temporaryDirectory } from "../local/support";

const few = { webhooks: 100, deliveries: 100 };
const many = { webhooks: 10_000, deliveries: 100_000 };

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
const running: LocalPacSpace[] = [];
const accounts: Account[] = [];

beforeAll(async () => {
  directory = await temporaryDirectory();
  for (const size of [few, many]) {
    const dataDir = path.join(directory.path, String(size.deliveries));
    writeLargeAccount(dataDir, size);
    const local = await startLocalPacSpace({ dataDir });
    running.push(local);
    accounts.push(await signedInAccount(local.baseUrl, 100));
  }
});

afterAll(async () => {
  for (const account of accounts) await account.close();
  for (const local of running) await local.close();
  await directory.remove();
});

async function firstRows(account: Account): Promise<number> {
  // One more delivery, so that nothing found before can be handed out again.
  await account.call((api) => api.webhooks.test(idOf("webhook", 1)));
  const begun = performance.now();
  await account.deliveries.load();
  return performance.now() - begun;
}

test("the first rows of 100,000 deliveries come as soon as those of 100", async () => {
  const [small, large] = accounts as [Account, Account];
  const times = { small: [] as number[], large: [] as number[] };
  for (let round = 0; round < 40; round++) {
    times.small.push(await firstRows(small));
    times.large.push(await firstRows(large));
  }
  expect(large.deliveries.snapshot.total).toBe(100_040);
  // The quickest of each: what else the machine does makes rounds slower, never quicker. The bench says it exactly.
  expect(Math.min(...times.large)).toBeLessThan(Math.min(...times.small) * 2);
});

test("the first of 10,000 webhooks come as soon as those of 100", async () => {
  const times = accounts.map((): number[] => []);
  for (let round = 0; round < 40; round++) {
    for (const [index, account] of accounts.entries()) {
      const begun = performance.now();
      await account.webhooks.load();
      times[index]?.push(performance.now() - begun);
    }
  }
  expect(accounts.map(({ webhooks }) => webhooks.snapshot.total)).toEqual([100, 10_000]);
  const [small = 0, large = 0] = times.map((all) => Math.min(...all));
  expect(large).toBeLessThan(small * 2);
});

test("10,000 webhooks are listed to the end, each once", async () => {
  const ids = new Set<string>();
  const account = accounts[1]!;
  await account.call(async (api) => {
    for await (const page of api.webhooks.list({ ahead: 2 })) for (const { id } of page.webhooks) ids.add(id);
  });
  expect(ids.size).toBe(10_000);
});

test("rows that are loaded page by page cost at most twice the memory of their texts, and change one at a time", async () => {
  const { deliveries } = accounts[1]!;
  deliveries.clear();
  await deliveries.load();
  const before = heapInUse();
  const changes: DeliveriesChange[] = [];
  const subscription = deliveries.onDidChange((change) => changes.push(change));
  while (deliveries.snapshot.rows.length < 10_000) await deliveries.loadMore();
  const texts = deliveries.snapshot.rows.reduce((sum, { raw }) => sum + raw.length, 0);
  expect(heapInUse() - before).toBeLessThan(2 * texts);
  expect(new Set(deliveries.snapshot.rows.map(deliveryKey)).size).toBe(10_000);
  expect(changes).toEqual(Array.from({ length: 99 }, () => "all"));

  const row = deliveries.snapshot.rows[7_000]!;
  const key = deliveryKey(row);
  const others = deliveries.snapshot.rows.filter((other) => other !== row);
  changes.length = 0;
  deliveries.put({ ...row, status: "pending" });
  expect(changes).toEqual([{ key }]);
  expect(deliveries.snapshot.rows[7_000]?.status).toBe("pending");
  expect(deliveries.row(key)?.status).toBe("pending");
  expect(deliveries.snapshot.rows.filter((_, index) => index !== 7_000)).toEqual(others);
  subscription.dispose();
});

test("a row put in, and a view's filter set, while the next page comes are both kept", async () => {
  const { deliveries } = accounts[1]!;
  deliveries.clear();
  await deliveries.load();
  const row = deliveries.snapshot.rows[3]!;
  const more = deliveries.loadMore();
  deliveries.put({ ...row, status: "pending" });
  deliveries.setFilter({ event: "delta.verified" });
  await more;
  const { rows, shown } = deliveries.snapshot;
  expect(rows).toHaveLength(200);
  expect(rows[3]?.status).toBe("pending");
  expect(shown).toEqual(rows.filter(({ event }) => event === "delta.verified"));
  expect(shown.length).toBeGreaterThan(30);
  deliveries.setFilter({});
});

test("another filter ends the running load, at the server too; what comes is the new filter's", async ({
  onTestFinished,
}) => {
  let hungUp: Promise<unknown> | undefined;
  const server = await startServer((request, response) => {
    if (!request.url.includes("/deliveries")) return json(response, { success: true, data: { webhooks: [] } });
    if (request.url.includes("status=failed")) {
      const rows = [{ id: "evt_1", status: "failed" }];
      return json(response, { success: true, data: { deliveries: rows, pagination: { total: 1 } } });
    }
    // Never answered.
    hungUp = once(response, "close");
    return undefined;
  });
  const account = await cookieAccount(server.url, 50);
  onTestFinished(async () => {
    await account.close();
    await server.close();
  });
  const first = account.deliveries.load().catch((error: unknown) => error);
  await expect.poll(() => hungUp !== undefined, { timeout: 10_000 }).toBe(true);
  account.deliveries.setFilter({ status: "failed" });
  await account.deliveries.load();
  expect(await first).toMatchObject({ kind: "cancelled" });
  await hungUp;
  expect(account.deliveries.snapshot.rows.map(({ id }) => id)).toEqual(["evt_1"]);
});
