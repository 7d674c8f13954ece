import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { DeliveriesStore } from "../../../src/state/deliveriesStore";
import { cookieAccount } from "../../scale/account";
import { json, startServer, type TestServer } from "../api/server";

type Row = Readonly<Record<string, unknown>> & { readonly id: string };

let server: TestServer;
/** The server's rows, in its order. */
let rows: Row[] = [];
let tellsTotal = true;
let refuses = false;
/** Called before each page, with its offset. */
let before: (offset: number) => void = () => undefined;
let store: DeliveriesStore;
let close: () => Promise<void>;

const row = (number: number, more: object = {}): Row => ({
  id: `evt_${number}`,
  webhookId: "wh_1",
  createdAt: new Date(1_700_000_000_000 + number * 1_000).toISOString(),
  status: "failed",
  ...more,
});
const from = (newest: number, oldest: number): Row[] =>
  Array.from({ length: newest - oldest + 1 }, (_, index) => row(newest - index));
const ids = (of: readonly { readonly id: string }[]): string[] => of.map(({ id }) => id);
const offsets = (): (string | null)[] =>
  server.seen.map(({ url }) => new URL(url, server.url).searchParams.get("offset"));

beforeAll(async () => {
  server = await startServer(({ url }, response) => {
    const query = new URL(url, server.url).searchParams;
    const offset = Number(query.get("offset") ?? 0);
    before(offset);
    if (refuses) return json(response, {}, 403);
    const deliveries = rows.slice(offset, offset + Number(query.get("limit")));
    return json(response, {
      success: true,
      data: { deliveries, ...(tellsTotal && { pagination: { total: rows.length } }) },
    });
  });
});
afterAll(() => server.close());

beforeEach(async () => {
  rows = from(40, 1);
  tellsTotal = true;
  refuses = false;
  before = () => undefined;
  const account = await cookieAccount(server.url, 10);
  store = account.deliveries;
  close = () => account.close();
  await store.load();
  await store.loadMore();
  server.seen.length = 0;
  return close;
});

describe("a refresh", () => {
  test("keeps what was read further back, with new rows in front and each in its newest state", async () => {
    rows = [row(42), row(41), row(40, { status: "delivered" }), ...from(39, 1)];
    await store.load();
    expect(offsets()).toEqual([null]);
    expect(ids(store.snapshot.rows)).toEqual(ids(from(42, 21)));
    expect(store.snapshot.rows[2]?.status).toBe("delivered");
    expect(store.snapshot).toMatchObject({ total: 42, hasMore: true });
    await store.loadMore();
    expect(offsets()).toEqual([null, "22"]);
    expect(ids(store.snapshot.rows)).toEqual(ids(from(42, 11)));
  });

  test("leaves out what is no longer in the page, and all that is not there when the page is all", async () => {
    rows = rows.filter(({ id }) => id !== "evt_38");
    await store.load();
    expect(ids(store.snapshot.rows)).toEqual(ids(rows.slice(0, 19)));
    rows = from(40, 35);
    await store.load();
    expect(ids(store.snapshot.rows)).toEqual(ids(rows));
    expect(store.snapshot.hasMore).toBe(false);
  });

  test("begins anew where more came than a page holds", async () => {
    rows = from(55, 1);
    await store.load();
    expect(ids(store.snapshot.rows)).toEqual(ids(from(55, 46)));
    expect(store.snapshot.hasMore).toBe(true);
    await store.loadMore();
    expect(ids(store.snapshot.rows)).toEqual(ids(from(55, 36)));
  });

  test("is not misled by a row that moved to the front", async () => {
    store.setFilter({ sortBy: "attempts" });
    rows = from(40, 1).map((one, index) => ({ ...one, attempts: 100 - index }));
    await store.load();
    await store.loadMore();
    rows = [{ ...row(25), attempts: 1_000 }, ...rows.filter(({ id }) => id !== "evt_25")];
    await store.load();
    expect(ids(store.snapshot.rows)).toEqual(ids(rows.slice(0, 20)));
    rows = [{ ...row(24), attempts: 2_000 }, ...from(70, 50).map((one) => ({ ...one, attempts: 1_500 })), ...rows];
    await store.load();
    expect(ids(store.snapshot.rows)).toEqual(ids(rows.slice(0, 10)));
  });

  test("shows that there is more where new rows come at the end", async () => {
    store.setFilter({ sortOrder: "asc" });
    rows = from(12, 1).reverse();
    await store.load();
    await store.loadMore();
    expect(store.snapshot.hasMore).toBe(false);
    rows = from(13, 1).reverse();
    await store.load();
    expect(store.snapshot.hasMore).toBe(true);
    await store.loadMore();
    expect(ids(store.snapshot.rows)).toEqual(ids(rows));
    expect(store.snapshot.hasMore).toBe(false);
  });

  test("of a list sorted in another way begins anew", async () => {
    store.setFilter({ sortOrder: "asc" });
    expect(store.snapshot.rows).toEqual([]);
    await store.load();
    expect(store.snapshot.rows).toHaveLength(10);
  });

  test("again and again, with new rows each time, keeps no more rows than a thousand that nobody asked for", async () => {
    for (let newest = 49; newest < 1_200; newest += 9) {
      rows = from(newest, 1);
      await store.load();
    }
    const { length } = store.snapshot.rows;
    expect(length).toBe(1_020);
    expect(ids(store.snapshot.rows)).toEqual(ids(rows.slice(0, length)));
    expect(store.snapshot.hasMore).toBe(true);
    await store.loadMore();
    expect(ids(store.snapshot.rows)).toEqual(ids(rows.slice(0, length + 10)));
  });

  test("that fails changes nothing", async () => {
    const { snapshot } = store;
    rows = [];
    refuses = true;
    await expect(store.load()).rejects.toMatchObject({ kind: "forbidden" });
    expect(store.snapshot).toBe(snapshot);
  });
});

describe("Load more", () => {
  test.each([true, false])("goes on where newer rows have moved the pages (totals told: %s)", async (told) => {
    tellsTotal = told;
    await store.load();
    rows = from(52, 1);
    await store.loadMore();
    // Without totals the newer ones are not known of before the next refresh.
    expect(ids(store.snapshot.rows)).toEqual(ids(told ? from(52, 33) : from(40, 13)));
    expect(store.snapshot.hasMore).toBe(true);
    while (store.snapshot.hasMore) await store.loadMore();
    expect(ids(store.snapshot.rows)).toEqual(ids(from(told ? 52 : 40, 1)));
  });

  test("puts newer rows in front, and those further back at the end", async () => {
    rows = from(43, 1);
    await store.loadMore();
    expect(ids(store.snapshot.rows)).toEqual(ids(from(43, 11)));
    expect(offsets()).toEqual(["20", null, "23"]);
  });

  test.each([true, false])(
    "never puts newer rows behind older ones, however many came (totals told: %s)",
    async (told) => {
      tellsTotal = told;
      await store.load();
      rows = from(65, 1);
      await store.loadMore();
      const known = store.snapshot.rows.map(({ createdAt = "" }) => createdAt);
      expect(known).toEqual(known.toSorted().reverse());
      expect(ids(store.snapshot.rows)).toEqual(ids(from(65, 46)));
    },
  );

  test("comes to its end while rows keep coming", async () => {
    before = () => void (rows = [row(Number(rows[0]?.id.slice(4)) + 1), ...rows]);
    await store.loadMore();
    expect(server.seen.length).toBeLessThan(5);
    expect(store.snapshot.rows.at(-1)?.id).toBe("evt_12");
    expect(new Set(ids(store.snapshot.rows)).size).toBe(store.snapshot.rows.length);
  });

  test("comes to its end where a server gives the same rows for ever", async () => {
    before = () => void (rows = Array.from({ length: 1_000 }, () => row(25)));
    await store.loadMore();
    expect(server.seen.length).toBeLessThanOrEqual(40);
    const most = server.seen.length;
    while (store.snapshot.hasMore && server.seen.length < 3 * most) await store.loadMore();
    expect(store.snapshot.hasMore).toBe(false);
  });

  test("is taken up again behind a refresh that comes in between", async () => {
    const more = store.loadMore().catch((error: unknown) => error);
    const first = store.load().catch((error: unknown) => error);
    await store.load();
    for (const ended of [more, first]) expect(await ended).toMatchObject({ kind: "cancelled" });
    expect(ids(store.snapshot.rows)).toEqual(ids(from(40, 11)));
    // It is not wanted for ever.
    await store.load();
    expect(store.snapshot.rows).toHaveLength(30);
    refuses = true;
    const refused = store.loadMore().catch((error: unknown) => error);
    await expect(store.load()).rejects.toMatchObject({ kind: "forbidden" });
    expect(await refused).toMatchObject({ kind: "cancelled" });
    refuses = false;
    await store.load();
    expect(store.snapshot.rows).toHaveLength(30);
  });

  test("is ended by another filter", async () => {
    const more = store.loadMore().catch((error: unknown) => error);
    store.setFilter({ status: "failed" });
    expect(await more).toMatchObject({ kind: "cancelled" });
    expect(store.snapshot).toMatchObject({ rows: [], loaded: false });
  });
});
