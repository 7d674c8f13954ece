import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { deliveryKey, readDelivery } from "../../../src/core/model/delivery";
import { NodeCache } from "../../../src/host/tree/nodeCache";
import { deliveryNode, type DeliveryNode } from "../../../src/host/tree/nodes";
import type { DeliveriesChange } from "../../../src/state/deliveriesStore";
import { to } from "../../misbehave/proxy";
import { openLab, type Lab } from "./lab";

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab.close());
beforeEach(() => lab.proxy.reset());

const webhooks = to("GET", "/dashboard/webhooks");
const deliveries = to("GET", "/dashboard/webhooks/deliveries");

/** The next request gets a page of these ids, and what else the server says beside them. */
function nextPage(route: typeof webhooks, name: string, ids: readonly string[], pagination?: object): void {
  const rows = ids.map((id) => ({ id, url: "https://example.com/", status: "failed" }));
  const body = JSON.stringify({ success: true, data: { [name]: rows, ...(pagination && { pagination }) } });
  lab.proxy.next(route, { kind: "answer", status: 200, body });
}

describe("the webhooks that are loaded", () => {
  test("are read on from a server that tells no totals, until nothing new comes", async () => {
    const store = lab.window().webhooks;
    nextPage(webhooks, "webhooks", ["wh_1", "wh_2"]);
    await store.load();
    expect(store.snapshot).toMatchObject({ loaded: true, hasMore: true });
    nextPage(webhooks, "webhooks", ["wh_2", "wh_3"]);
    await store.loadMore();
    nextPage(webhooks, "webhooks", ["wh_2", "wh_3"]);
    await store.loadMore();
    expect(store.snapshot.webhooks.map(({ id }) => id)).toEqual(["wh_1", "wh_2", "wh_3"]);
    expect(store.snapshot.hasMore).toBe(false);
  });

  test("are all there with a page that is shorter than the server's own limit", async () => {
    const store = lab.window().webhooks;
    nextPage(webhooks, "webhooks", ["wh_1"], { limit: 2 });
    await store.load();
    expect(store.snapshot.hasMore).toBe(false);
  });

  test("are read on at once after a refresh that failed", async () => {
    const store = lab.window().webhooks;
    const page = (number: number) => ({ page: number, limit: 1, total: 2, totalPages: 2 });
    nextPage(webhooks, "webhooks", ["wh_1"], page(1));
    await store.load();
    lab.proxy.next(webhooks, { kind: "answer", status: 403, body: "" });
    await expect(store.load()).rejects.toMatchObject({ kind: "forbidden" });
    nextPage(webhooks, "webhooks", ["wh_1"], page(1));
    nextPage(webhooks, "webhooks", ["wh_2"], page(2));
    await store.loadMore();
    expect(store.snapshot.webhooks.map(({ id }) => id)).toEqual(["wh_1", "wh_2"]);
  });

  test("stay, and so does what is left, when the next page can't be read", async () => {
    const store = lab.window().webhooks;
    const page = (number: number) => ({ page: number, limit: 2, total: 3, totalPages: 2 });
    nextPage(webhooks, "webhooks", ["wh_1", "wh_2"], page(1));
    await store.load();
    lab.proxy.next(webhooks, { kind: "answer", status: 403, body: "" });
    await expect(store.loadMore()).rejects.toMatchObject({ kind: "forbidden" });
    expect(store.snapshot).toMatchObject({ hasMore: true, total: 3 });
    nextPage(webhooks, "webhooks", ["wh_1", "wh_2"], page(1));
    nextPage(webhooks, "webhooks", ["wh_3"], page(2));
    await store.loadMore();
    expect(store.snapshot.webhooks.map(({ id }) => id)).toEqual(["wh_1", "wh_2", "wh_3"]);
    expect(store.snapshot.hasMore).toBe(false);
  });
});

describe("the deliveries that are loaded", () => {
  test("are read on from a server that caps the limit and says nothing of it", async () => {
    const store = lab.window().deliveries;
    nextPage(deliveries, "deliveries", ["evt_1", "evt_2"]);
    await store.load();
    expect(store.snapshot.hasMore).toBe(true);
    nextPage(deliveries, "deliveries", ["evt_3"]);
    await store.loadMore();
    expect(lab.proxy.requests.at(-1)?.path).toMatch(/offset=2$/);
    expect(store.snapshot.hasMore).toBe(true);
    nextPage(deliveries, "deliveries", []);
    await store.loadMore();
    expect(store.snapshot.rows.map(({ id }) => id)).toEqual(["evt_1", "evt_2", "evt_3"]);
    expect(store.snapshot.hasMore).toBe(false);
  });

  test("end with the last of the pages that the server counts", async () => {
    const store = lab.window().deliveries;
    nextPage(deliveries, "deliveries", ["evt_1", "evt_2"], { limit: 2, totalPages: 2 });
    await store.load();
    nextPage(deliveries, "deliveries", ["evt_3", "evt_4"], { limit: 2, totalPages: 2 });
    await store.loadMore();
    expect(store.snapshot.hasMore).toBe(false);
  });

  test("end where a server ignores the place at which a page shall begin", async () => {
    const store = lab.window().deliveries;
    for (const read of [() => store.load(), () => store.loadMore()]) {
      nextPage(deliveries, "deliveries", ["evt_1", "evt_2"], { total: 4 });
      await read();
    }
    expect(store.snapshot.rows).toHaveLength(2);
    expect(store.snapshot.hasMore).toBe(false);
  });

  describe("from an API that doesn't tell everything", () => {
    function nextRows(rows: readonly object[]): void {
      const body = JSON.stringify({ success: true, data: { deliveries: rows } });
      lab.proxy.next(deliveries, { kind: "answer", status: 200, body });
    }
    const sent = { id: "evt_1", event: "test", createdAt: "2026-04-10T12:00:00.000Z" };
    const toOne = { ...sent, endpoint: "https://one.example/", status: "failed" };
    const toTwo = { ...sent, endpoint: "https://two.example/", status: "failed" };

    test("are two rows where one event went to two webhooks, and only the one that is meant changes", async () => {
      const store = lab.window().deliveries;
      nextRows([toOne, toTwo]);
      await store.load();
      const nodes = new NodeCache<DeliveryNode>();
      const shown = store.snapshot.shown.map((row) => nodes.keep(deliveryNode(row, undefined, "day")));
      expect(shown.map(({ delivery }) => delivery.endpoint)).toEqual([toOne.endpoint, toTwo.endpoint]);

      const changes: DeliveriesChange[] = [];
      store.onDidChange((change) => changes.push(change));
      const raw = JSON.stringify({ ...toTwo, status: "pending" });
      store.put(readDelivery(JSON.parse(raw), raw));
      expect(store.snapshot.rows.map(({ status }) => status)).toEqual(["failed", "pending"]);
      const [change] = changes as [{ readonly key: string }];
      expect(changes).toHaveLength(1);
      expect(store.row(change.key)?.endpoint).toBe(toTwo.endpoint);
      expect(nodes.keep(deliveryNode(store.row(change.key)!, undefined, "day"))).toBe(shown[1]);

      // It moved on, because another one came.
      nextRows([
        { ...toTwo, status: "pending" },
        { ...toTwo, endpoint: "https://three.example/" },
      ]);
      await store.loadMore();
      const endpoints = store.snapshot.rows.map(({ endpoint }) => endpoint);
      expect(endpoints).toEqual([toOne.endpoint, toTwo.endpoint, "https://three.example/"]);
      expect(new Set(store.snapshot.rows.map(deliveryKey)).size).toBe(3);
    });

    test("are all there where none has an id that can be read", async () => {
      const store = lab.window().deliveries;
      nextRows([{ number: 1 }, { number: 2 }]);
      await store.load();
      nextRows([{ number: 2 }, { number: 3 }]);
      await store.loadMore();
      expect(store.snapshot.rows.map(({ raw }) => raw)).toEqual(['{"number":1}', '{"number":2}', '{"number":3}']);
      expect(store.snapshot.hasMore).toBe(true);
      expect(new Set(store.snapshot.rows.map(deliveryKey)).size).toBe(3);
    });
  });
});
