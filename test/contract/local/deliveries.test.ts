import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startLocalPacSpace, type LocalPacSpace } from "../../../src/local/server";
import { signIn, type Client, type DeliveryRow, type WebhookRow } from "./support";

const now = new Date("2026-04-10T12:00:00.000Z");
let local: LocalPacSpace;
let client: Client;
let all: DeliveryRow[];

const page = async (query: string) => (await client.call("GET", `/deliveries${query}`)).json.data;
const ids = (rows: { id: string; webhookId: string }[]) => rows.map(({ id, webhookId }) => `${id} ${webhookId}`);

/** Reads a list by its offsets, `limit` rows at a time. */
async function everything(query: string, limit = 100): Promise<DeliveryRow[]> {
  const rows: DeliveryRow[] = [];
  for (;;) {
    const { deliveries, pagination } = await page(`?${query}&limit=${limit}&offset=${rows.length}`);
    rows.push(...deliveries);
    if (rows.length >= pagination.total || deliveries.length === 0) return rows;
  }
}

beforeAll(async () => {
  local = await startLocalPacSpace({ seed: "demo", now: () => now });
  client = await signIn(local.baseUrl);
  all = await everything("");
});

afterAll(() => local.close());

describe("the demo account", () => {
  test("has 500 deliveries of the last 30 days, of all event types and in every state", () => {
    expect(all).toHaveLength(500);
    const times = all.map(({ createdAt }) => Date.parse(createdAt));
    expect(Math.max(...times)).toBeLessThanOrEqual(now.getTime());
    expect(Math.min(...times)).toBeGreaterThanOrEqual(now.getTime() - 30 * 86_400_000);
    expect(new Set(all.map(({ createdAt }) => createdAt.slice(0, 10))).size).toBeGreaterThanOrEqual(30);
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set(["pending", "delivered", "failed"]));
    const events = new Set(all.map(({ event }) => event));
    for (const name of [
      "delta.verified",
      "delta.failed",
      "tenant_domain.cert_renewal_failed",
      "test",
      "fact.verified",
    ]) {
      expect(events).toContain(name);
    }
    expect(events.size).toBe(15);
  });

  test("has failures of several kinds, and deliveries that needed several attempts", () => {
    const failed = all.filter(({ status }) => status === "failed");
    expect(new Set(failed.map(({ httpStatus }) => httpStatus))).toEqual(new Set([null, 500, 401, 404, 413]));
    const errors = failed.map(({ error }) => String(error)).join("\n");
    for (const kind of [/No whole answer within 10 s/, /ECONNREFUSED/, /CERT_HAS_EXPIRED/])
      expect(errors).toMatch(kind);
    expect(all.some(({ status, attempts }) => status === "delivered" && attempts === 2)).toBe(true);
    for (const row of all) {
      expect(row.attemptLog).toHaveLength(row.attempts);
      expect(row.deliveredAt === null).toBe(row.status !== "delivered");
      for (const { startedAt } of row.attemptLog) expect(Date.parse(startedAt)).toBeLessThanOrEqual(now.getTime());
    }
  });

  test("has webhooks in every state, whose counts are those of their deliveries", async () => {
    const webhooks: WebhookRow[] = (await client.call("GET", "?limit=100")).json.data.webhooks;
    expect(webhooks).toHaveLength(8);
    for (const { id, successCount, failureCount } of webhooks) {
      const own = all.filter(({ webhookId }) => webhookId === id);
      expect(successCount).toBe(own.filter(({ status }) => status === "delivered").length);
      expect(failureCount).toBe(own.filter(({ status }) => status === "failed").length);
    }
    expect(webhooks.some(({ enabled }) => !enabled)).toBe(true);
    expect(webhooks.some(({ description }) => description === undefined)).toBe(true);
    expect(webhooks.some(({ lastTriggered }) => lastTriggered === undefined)).toBe(true);
    expect(webhooks.some((row) => row.enabled && row.failureCount > row.successCount)).toBe(true);
    expect(webhooks.some(({ url }) => new URL(url).hostname === "127.0.0.1")).toBe(true);
    const missing = webhooks.filter(({ id }) => !local.seededSecrets.some((seeded) => seeded.id === id));
    expect(missing).toHaveLength(1);
    expect(missing[0]?.enabled).toBe(true);
  });

  test("has an event that went to two webhooks", () => {
    const twice = all.filter(({ id }, index) => all.findIndex((other) => other.id === id) !== index);
    expect(twice.length).toBeGreaterThan(10);
    expect(new Set(ids(all)).size).toBe(500);
  });

  test("is the same each time, but for its secrets", async () => {
    const other = await startLocalPacSpace({ seed: "demo", now: () => now });
    try {
      const { deliveries } = (await (await signIn(other.baseUrl)).call("GET", "/deliveries?limit=100")).json.data;
      expect(ids(deliveries)).toEqual(ids(all.slice(0, 100)));
      const secrets = new Set([...local.seededSecrets, ...other.seededSecrets].map(({ secret }) => secret));
      expect(secrets.size).toBe(14);
    } finally {
      await other.close();
    }
  });
});

describe("filters", () => {
  test.each(["pending", "delivered", "failed"])("by status %s", async (status) => {
    const rows = await everything(`status=${status}`);
    expect(ids(rows)).toEqual(ids(all.filter((row) => row.status === status)));
    expect(rows.length).toBeGreaterThan(0);
  });

  test.each([
    ["2026-03-20", "2026-03-22"],
    ["2026-03-20", "2026-03-20"],
    ["2026-04-10", undefined],
    [undefined, "2026-03-15"],
    ["2026-03-22", "2026-03-20"],
    ["2024-02-29", "2026-03-12"],
  ])("by UTC days from %s to %s, both included", async (startDate, endDate) => {
    const query = new URLSearchParams({ ...(startDate && { startDate }), ...(endDate && { endDate }) });
    const rows = await everything(String(query));
    const wanted = all.filter(({ createdAt }) => {
      const day = createdAt.slice(0, 10);
      return (startDate === undefined || day >= startDate) && (endDate === undefined || day <= endDate);
    });
    expect(ids(rows)).toEqual(ids(wanted));
  });

  test.each([
    "status=lost",
    "status=",
    "startDate=2026-4-1",
    "startDate=2026-02-30",
    "endDate=yesterday",
    "sortBy=id",
    "sortOrder=up",
    "limit=0",
    "limit=-1",
    "limit=ten",
    "offset=-1",
    "offset=1.5",
  ])("%s answers 400 with one message that names it", async (query) => {
    const answer = await client.call("GET", `/deliveries?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.json).toEqual({ statusCode: 400, error: "Bad Request", message: [expect.any(String)] });
    expect(answer.json.message[0]).toContain(query.split("=")[0]);
  });

  test("several that are wrong answer 400 with a message each", async () => {
    const answer = await client.call("GET", "/deliveries?status=x&startDate=y&sortBy=z");
    expect(answer.json.message).toHaveLength(3);
  });
});

describe("order and pages", () => {
  test.each(["createdAt", "deliveredAt", "attempts"] as const)("by %s, up and down", async (sortBy) => {
    const value = (row: DeliveryRow) => {
      const field = row[sortBy];
      return typeof field === "string" ? Date.parse(field) : (field ?? 0);
    };
    const up = (await everything(`sortBy=${sortBy}&sortOrder=asc`)).map(value);
    expect(up).toEqual([...up].sort((left, right) => left - right));
    const down = (await everything(`sortBy=${sortBy}&sortOrder=desc`)).map(value);
    expect(down).toEqual([...up].reverse());
  });

  test("newest first unless asked otherwise", () => {
    const times = all.map(({ createdAt }) => Date.parse(createdAt));
    expect(times).toEqual([...times].sort((left, right) => right - left));
  });

  test.each([1, 7, 20, 99])("%i rows at a time give the same rows, none twice", async (limit) => {
    const rows = await everything("status=failed", limit);
    expect(ids(rows)).toEqual(ids(all.filter(({ status }) => status === "failed")));
  });

  test("a limit above 100 is capped and reported; an offset behind the end gives no rows", async () => {
    const capped = await page("?limit=1000");
    expect(capped.deliveries).toHaveLength(100);
    expect(capped.pagination).toEqual({ total: 500, limit: 100, offset: 0 });
    expect(await page("?offset=500")).toEqual({ deliveries: [], pagination: { total: 500, limit: 20, offset: 500 } });
  });
});

/** Reads comma-separated values as RFC 4180 has them. */
function readCsv(text: string): string[][] {
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  const rows: string[][] = [[]];
  for (let match = cell.exec(text); match !== null; match = cell.exec(text)) {
    rows.at(-1)?.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? "");
    if (match[3] === "\r\n") rows.push([]);
  }
  return rows.slice(0, -1);
}

test("the export holds what the list holds, in the same order, as CSV", async () => {
  const answer = await client.call("GET", "/deliveries/export?status=failed&startDate=2026-03-20&endDate=2026-04-05");
  expect(answer.status).toBe(200);
  expect(answer.headers["content-type"]).toBe("text/csv; charset=utf-8");
  expect(answer.headers["content-disposition"]).toBe('attachment; filename="webhook-deliveries.csv"');
  expect(answer.headers["transfer-encoding"]).toBe("chunked");
  const [head = [], ...lines] = readCsv(answer.text);
  expect(head.slice(0, 8)).toEqual([
    "id",
    "event",
    "webhookId",
    "endpoint",
    "status",
    "createdAt",
    "deliveredAt",
    "attempts",
  ]);
  const rows = await everything("status=failed&startDate=2026-03-20&endDate=2026-04-05");
  expect(rows.length).toBeGreaterThan(0);
  expect(lines).toEqual(
    rows.map((row) =>
      head.map((column) => String((row as unknown as Record<string, string | number | null>)[column] ?? "")),
    ),
  );
  expect((await client.call("GET", "/deliveries/export?status=lost")).status).toBe(400);
});

test("the export takes limit and offset too, and has no limit of its own", async () => {
  const lines = async (query: string) =>
    readCsv((await client.call("GET", `/deliveries/export${query}`)).text).slice(1);
  const all = await lines("");
  expect(all.length).toBeGreaterThan(400);
  expect(await lines("?limit=3&offset=2")).toEqual(all.slice(2, 5));
  expect((await client.call("GET", "/deliveries/export?limit=0")).status).toBe(400);
});
