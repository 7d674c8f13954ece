import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createClient } from "../../../src/api/client";
import type { PacSpaceApi } from "../../../src/api/pacspaceApi";
import type { Delivery } from "../../../src/core/model/delivery";
import { demoAccount, mfaAccount } from "../../../src/local/demoAccount";
import { startLocalPacSpace, type LocalPacSpace } from "../../../src/local/server";
import { MisbehavingProxy, to } from "../../misbehave/proxy";
import { json, startServer, type TestServer } from "./server";

/** Every route against the whole of Local PacSpace, through a proxy that can lose an answer and counts requests. */

let local: LocalPacSpace;
let proxy: MisbehavingProxy;
let endpoint: TestServer;
let api: PacSpaceApi;

beforeAll(async () => {
  local = await startLocalPacSpace({ seed: "demo", retryDelaysMs: [0] });
  proxy = await MisbehavingProxy.start(local.baseUrl);
  endpoint = await startServer((_request, response) => json(response, {}));
  api = createClient({ baseUrl: proxy.baseUrl });
});

afterAll(async () => {
  await api.close();
  await proxy.close();
  await local.close();
  await endpoint.close();
});

beforeEach(async () => {
  proxy.reset();
  await api.auth.login(demoAccount.email, demoAccount.password);
  proxy.reset();
});

async function allDeliveries(request: Parameters<typeof api.webhooks.deliveries>[0]): Promise<readonly Delivery[]> {
  const rows: Delivery[] = [];
  for await (const page of api.webhooks.deliveries(request)) rows.push(...page.deliveries);
  return rows;
}

async function allIds(pageSize?: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { webhooks } of api.webhooks.list(pageSize === undefined ? {} : { pageSize })) {
    ids.push(...webhooks.map(({ id }) => id));
  }
  return ids;
}

describe("signing in", () => {
  test("by email and password, then the session is checked", async () => {
    const fresh = createClient({ baseUrl: local.baseUrl });
    await expect(fresh.auth.check()).rejects.toMatchObject({ kind: "auth" });
    await expect(fresh.auth.login(demoAccount.email, "wrong")).rejects.toMatchObject({ kind: "auth", status: 401 });
    expect(fresh.exportSession()).toBeUndefined();
    expect(await fresh.auth.login(demoAccount.email, demoAccount.password)).toEqual({});
    await fresh.auth.check();
    const next = createClient({ baseUrl: local.baseUrl, session: fresh.exportSession() });
    await next.auth.check();
    next.importSession(undefined);
    await expect(next.webhooks.get("x")).rejects.toMatchObject({ kind: "auth", status: 401 });
    await Promise.all([fresh.close(), next.close()]);
  });

  test("with MFA: a ticket first, the session with the code", async () => {
    const fresh = createClient({ baseUrl: local.baseUrl });
    const { mfaTicket = "" } = await fresh.auth.login(mfaAccount.email, mfaAccount.password);
    expect(fresh.exportSession()).toBeUndefined();
    await expect(fresh.auth.verifyMfa(mfaTicket, "000000")).rejects.toMatchObject({ kind: "auth" });
    const second = await fresh.auth.login(mfaAccount.email, mfaAccount.password);
    await fresh.auth.verifyMfa(second.mfaTicket ?? "", mfaAccount.code);
    await fresh.auth.check();
    await fresh.close();
  });

  test("by the cookie file that curl wrote", async () => {
    const folder = await mkdtemp(join(tmpdir(), "pacspace-cookies-"));
    const file = join(folder, "cookies.txt");
    const body = JSON.stringify({ email: demoAccount.email, password: demoAccount.password });
    const url = `${local.baseUrl}/dashboard/auth/login`;
    await promisify(execFile)("curl", [
      "-sS",
      "-f",
      "-c",
      file,
      "-H",
      "Content-Type: application/json",
      "-d",
      body,
      url,
    ]);
    const text = await readFile(file, "utf8");
    await rm(folder, { recursive: true });
    expect(text).toContain("#HttpOnly_127.0.0.1");
    const fresh = createClient({ baseUrl: local.baseUrl });
    fresh.auth.importCookieFile(text);
    await fresh.auth.check();
    const elsewhere = createClient({ baseUrl: "https://app.pacspace.io" });
    expect(() => {
      elsewhere.auth.importCookieFile(text);
    }).toThrow(/127\.0\.0\.1/);
    await fresh.close();
  });
});

test("a webhook's life: created, listed, read, tested, disabled, enabled, deleted", async () => {
  const url = `${endpoint.url}/hook`;
  const { webhook, secret } = await api.webhooks.create({ url, description: "Mine" });
  expect(secret).toMatch(/^whsec_/);
  expect(webhook).toMatchObject({ url, description: "Mine", enabled: true });
  expect(await allIds()).toContain(webhook.id);
  expect(await api.webhooks.get(webhook.id)).toMatchObject({ ...webhook });
  expect(await api.webhooks.test(webhook.id)).toMatchObject({ success: true, httpStatus: 200 });
  endpoint.handler = (_request, response) => json(response, {}, 503);
  expect(await api.webhooks.test(webhook.id)).toMatchObject({ success: false, httpStatus: 503 });
  expect(endpoint.seen.map(({ headers }) => headers["x-webhook-event"])).toEqual(["test", "test"]);
  expect(await api.webhooks.toggle(webhook.id)).toEqual({ id: webhook.id, enabled: false });
  expect((await api.webhooks.get(webhook.id)).enabled).toBe(false);
  expect(await api.webhooks.toggle(webhook.id)).toEqual({ id: webhook.id, enabled: true });
  await api.webhooks.delete(webhook.id);
  for (const gone of [
    () => api.webhooks.get(webhook.id),
    () => api.webhooks.toggle(webhook.id),
    () => api.webhooks.test(webhook.id),
    () => api.webhooks.delete(webhook.id),
  ]) {
    await expect(gone()).rejects.toMatchObject({ kind: "notFound", status: 404, uncertain: false });
  }
});

test("an endpoint that won't do is refused with the server's words", async () => {
  const refused = api.webhooks.create({ url: "ftp://example.com" });
  await expect(refused).rejects.toMatchObject({ kind: "invalid", status: 400, uncertain: false });
  await expect(refused).rejects.toThrow(/url/i);
});

test("ids that would walk the path stay ids", async () => {
  for (const id of ["../deliveries", "a/b", "x?y", "x#y", "%2e%2e", "ä ö"]) {
    await expect(api.webhooks.get(id)).rejects.toMatchObject({ kind: "notFound" });
  }
  expect(proxy.requests.every(({ path }) => /^\/dashboard\/webhooks\/[^/?#]+$/.test(path))).toBe(true);
});

test("lists come whole, whatever the page's size", async () => {
  const ids = await allIds();
  expect(new Set(ids).size).toBe(ids.length);
  expect(await allIds(2)).toEqual(ids);
  const rows = await allDeliveries({ limit: 30 });
  expect(rows.length).toBeGreaterThanOrEqual(500);
  expect(new Set(rows.map(({ raw }) => raw)).size).toBe(rows.length);
  expect(await allDeliveries({ limit: 100, offset: rows.length - 150 })).toEqual(rows.slice(-150));
  expect(rows.every(({ raw }) => (JSON.parse(raw) as { id?: string }).id !== undefined)).toBe(true);
});

test("a page of deliveries, filtered and sorted", async () => {
  const page = await api.webhooks.deliveryPage({ status: "failed", sortBy: "attempts", sortOrder: "asc", limit: 7 });
  expect(page.deliveries).toHaveLength(7);
  expect(page.deliveries.every(({ status }) => status === "failed")).toBe(true);
  expect(page.last).toBe(false);
  expect(page.total).toBe((await allDeliveries({ status: "failed", limit: 100 })).length);
  const [day] = page.deliveries.map(({ createdAt }) => createdAt?.slice(0, 10));
  const ofDay = await allDeliveries({ startDate: day ?? "", endDate: day ?? "", limit: 100 });
  expect(ofDay.length).toBeGreaterThan(0);
  expect(ofDay.every(({ createdAt }) => createdAt?.startsWith(day ?? "") === true)).toBe(true);
});

test("the export has a line for each delivery of the filter", async () => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of await api.webhooks.exportDeliveries({ status: "failed" })) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  const failed = await allDeliveries({ status: "failed", limit: 100 });
  for (const { id } of failed) expect(text).toContain(id);
});

test("only failed deliveries are retried", async () => {
  const rows = await allDeliveries({ limit: 100 });
  const webhooks = await allIds();
  const failed = rows.find(({ status, webhookId = "" }) => status === "failed" && webhooks.includes(webhookId));
  // One event may have gone to two webhooks, and failed at one of them.
  const ids = new Set(rows.filter(({ status }) => status !== "delivered").map(({ id }) => id));
  const delivered = rows.find(({ id }) => !ids.has(id));
  const conflict = api.webhooks.retryDelivery(delivered?.id ?? "");
  await expect(conflict).rejects.toMatchObject({ kind: "conflict", status: 409, uncertain: false });
  await expect(conflict).rejects.toThrow(/Only failed deliveries can be retried/);
  await expect(api.webhooks.retryDelivery("evt_unknown")).rejects.toMatchObject({ kind: "notFound" });
  await api.webhooks.retryDelivery(failed?.id ?? "");
  const count = async (): Promise<number> => {
    const same = (await allDeliveries({ limit: 100 })).filter(({ id }) => id === failed?.id);
    return Math.max(...same.map(({ attempts = 0 }) => attempts));
  };
  await expect.poll(count, { timeout: 20_000 }).toBeGreaterThan(failed?.attempts ?? Infinity);
});

describe("when the answer is lost after the effect", () => {
  test("a create has happened once, and says that it may have", async () => {
    const before = (await allIds()).length;
    proxy.reset();
    proxy.next(to("POST", "/dashboard/webhooks"), { kind: "resetAfter" });
    await expect(api.webhooks.create({ url: endpoint.url })).rejects.toMatchObject({
      kind: "network",
      uncertain: true,
    });
    expect(proxy.requests).toHaveLength(1);
    const ids = await allIds();
    expect(ids).toHaveLength(before + 1);
  });

  test("a toggle has happened once; a delete's second try finds nothing", async () => {
    const { webhook } = await api.webhooks.create({ url: endpoint.url });
    proxy.reset();
    proxy.next(to("POST", "/toggle"), { kind: "resetAfter" });
    await expect(api.webhooks.toggle(webhook.id)).rejects.toMatchObject({ uncertain: true });
    expect((await api.webhooks.get(webhook.id)).enabled).toBe(false);
    proxy.next(to("DELETE", webhook.id), { kind: "resetAfter" });
    await expect(api.webhooks.delete(webhook.id)).rejects.toMatchObject({ uncertain: true });
    await expect(api.webhooks.delete(webhook.id)).rejects.toMatchObject({ kind: "notFound", uncertain: false });
    expect(proxy.count(to("POST", "/toggle"))).toBe(1);
    expect(proxy.count(to("DELETE", webhook.id))).toBe(2);
  });

  test("a read is simply repeated, when its answer is cut too", async () => {
    const [id = ""] = await allIds();
    proxy.reset();
    proxy.next(to("GET", id), { kind: "resetAfter" });
    proxy.next(to("GET", id), { kind: "cut", bytes: 20 });
    expect((await api.webhooks.get(id)).id).toBe(id);
    expect(proxy.requests).toHaveLength(3);
  });

  test("an export that is cut is an error, and is not begun anew", async () => {
    proxy.next(to("GET", "/export"), { kind: "cut", bytes: 1000 });
    let bytes = 0;
    const reading = (async () => {
      for await (const chunk of await api.webhooks.exportDeliveries({})) bytes += chunk.length;
    })();
    await expect(reading).rejects.toMatchObject({ kind: "network", uncertain: false });
    expect(bytes).toBeLessThanOrEqual(1000);
    expect(proxy.requests).toHaveLength(1);
  });
});
