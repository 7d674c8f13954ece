import { afterEach, beforeEach, expect, test } from "vitest";
import { createClient } from "../../../src/api/client";
import type { PacSpaceApi } from "../../../src/api/pacspaceApi";
import { json, startServer, type TestServer } from "./server";

let server: TestServer;
let api: PacSpaceApi;

beforeEach(async () => {
  server = await startServer((_request, response) => json(response, {}, 500));
  api = createClient({ baseUrl: server.url });
  api.auth.importCookieHeader("session=abc123");
});

afterEach(async () => {
  await api.close();
  await server.close();
});

/** The requests so far, as method and URL. */
function lines(): readonly string[] {
  return server.seen.map(({ method, url }) => `${method} ${url}`);
}

test("create sends the CSRF header and gives webhook and secret", async () => {
  server.handler = (_request, response) =>
    json(
      response,
      {
        success: true,
        data: {
          id: "webhook_1",
          url: "https://example.com/hook",
          secret: "whsec_s3cret",
          enabled: true,
          createdAt: "2026-04-10T12:00:00.000Z",
        },
        message: "Webhook created successfully.",
      },
      201,
    );
  const created = await api.webhooks.create({ url: "https://example.com/hook", description: "Mine" });
  expect(created).toEqual({
    webhook: {
      id: "webhook_1",
      url: "https://example.com/hook",
      description: "Mine",
      enabled: true,
      createdAt: "2026-04-10T12:00:00.000Z",
    },
    secret: "whsec_s3cret",
  });
  const [request] = server.seen;
  expect(lines()).toEqual(["POST /dashboard/webhooks"]);
  expect(JSON.parse(request?.body ?? "")).toEqual({ url: "https://example.com/hook", description: "Mine" });
  expect(request?.headers).toMatchObject({
    "x-pacspace-csrf": "1",
    "content-type": "application/json",
    cookie: "session=abc123",
    "accept-encoding": "identity",
  });
});

test("get, toggle, test, delete and retry: paths, methods, answers", async () => {
  const row = { id: "wh/1", url: "https://example.com/", active: false, successCount: 3, failureCount: 1 };
  server.handler = ({ method, url }, response) => {
    if (method === "GET") return json(response, { statusCode: 200, data: row });
    if (method === "DELETE") return json(response, { success: true, message: "Webhook deleted successfully." });
    if (url.endsWith("/toggle")) return json(response, { success: true, data: { id: "wh/1", enabled: true } });
    if (url.endsWith("/test")) {
      return json(response, { success: true, data: { success: false, httpStatus: 500, message: "Endpoint failed." } });
    }
    response.writeHead(202).end();
    return undefined;
  };
  expect(await api.webhooks.get("wh/1")).toEqual({
    id: "wh/1",
    url: "https://example.com/",
    enabled: false,
    successCount: 3,
    failureCount: 1,
  });
  expect(await api.webhooks.toggle("wh/1")).toEqual({ id: "wh/1", enabled: true });
  expect(await api.webhooks.test("wh/1")).toEqual({ success: false, httpStatus: 500, message: "Endpoint failed." });
  await api.webhooks.delete("../x");
  await api.webhooks.retryDelivery("evt_1?a#b");
  expect(lines()).toEqual([
    "GET /dashboard/webhooks/wh%2F1",
    "POST /dashboard/webhooks/wh%2F1/toggle",
    "POST /dashboard/webhooks/wh%2F1/test",
    "DELETE /dashboard/webhooks/..%2Fx",
    "POST /dashboard/webhooks/deliveries/evt_1%3Fa%23b/retry",
  ]);
  expect(server.seen.map(({ headers }) => headers["x-pacspace-csrf"])).toEqual([undefined, "1", "1", "1", "1"]);
});

test("ids that would leave the path are refused before anything is sent", async () => {
  for (const id of ["", ".", "..", "deliveries", "\ud800"]) {
    await expect(api.webhooks.get(id)).rejects.toMatchObject({ kind: "invalid" });
    await expect(api.webhooks.delete(id)).rejects.toMatchObject({ kind: "invalid" });
  }
  await expect(api.webhooks.retryDelivery("..")).rejects.toMatchObject({ kind: "invalid" });
  expect(lines()).toEqual([]);
});

test("list pages through by page and limit", async () => {
  const all = Array.from({ length: 25 }, (_, index) => ({
    id: `webhook_${index}`,
    url: "https://e.com",
    enabled: true,
  }));
  server.handler = ({ url }, response) => {
    const query = new URL(url, server.url).searchParams;
    const page = Number(query.get("page"));
    const limit = Math.min(10, Number(query.get("limit")));
    json(response, {
      success: true,
      data: {
        webhooks: all.slice((page - 1) * limit, page * limit),
        pagination: { page, limit, total: all.length, totalPages: Math.ceil(all.length / limit) },
      },
    });
  };
  const pages = [];
  for await (const page of api.webhooks.list()) pages.push(page);
  expect(pages.map(({ webhooks, total }) => [webhooks.length, total])).toEqual([
    [10, 25],
    [10, 25],
    [5, 25],
  ]);
  expect(pages.flatMap(({ webhooks }) => webhooks.map(({ id }) => id))).toEqual(all.map(({ id }) => id));
  expect(lines()).toEqual([1, 2, 3].map((page) => `GET /dashboard/webhooks?page=${page}&limit=100`));
});

test("deliveries: only what is given is sent, and each row keeps its exact text", async () => {
  const row = '{ "eventId":"evt_1","type" : "delta.verified","big":12345678901234567890, "a":1,"a":2,"attempts":3 }';
  server.handler = (_request, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(`{"success":true,"data":{"items":[${row}],"pagination":{"total":1,"limit":50,"offset":0}}}`);
  };
  expect(await api.webhooks.deliveryPage({})).toEqual({
    deliveries: [{ id: "evt_1", status: "unknown", event: "delta.verified", attempts: 3, raw: row }],
    total: 1,
    last: true,
  });
  await api.webhooks.deliveryPage({
    status: "failed",
    startDate: "2026-04-01",
    endDate: "2026-04-10",
    sortBy: "createdAt",
    sortOrder: "desc",
    limit: 20,
    offset: 40,
  });
  expect(lines()).toEqual([
    "GET /dashboard/webhooks/deliveries",
    "GET /dashboard/webhooks/deliveries?status=failed&startDate=2026-04-01&endDate=2026-04-10&sortBy=createdAt&sortOrder=desc&limit=20&offset=40",
  ]);
});

test("the export hands on the bytes as they come", async () => {
  const parts = [Buffer.from("id,status\r\n"), Buffer.from([0xef, 0xbb, 0xbf, 0xff, 0x00]), Buffer.from("\r\nend")];
  server.handler = async (_request, response) => {
    response.writeHead(200, { "content-type": "text/csv" });
    for (const part of parts) {
      response.write(part);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    response.end();
  };
  const chunks: Uint8Array[] = [];
  for await (const chunk of await api.webhooks.exportDeliveries({ status: "failed" })) chunks.push(chunk);
  expect(Buffer.concat(chunks)).toEqual(Buffer.concat(parts));
  expect(lines()).toEqual(["GET /dashboard/webhooks/deliveries/export?status=failed"]);
});

test("login, MFA and check", async () => {
  api.importSession(undefined);
  server.handler = ({ url, headers, body }, response) => {
    if (url === "/dashboard/auth/login") {
      const { password } = JSON.parse(body) as { password: string };
      if (password !== "right") return json(response, { statusCode: 401, message: `wrong password ${password}` }, 401);
      return json(response, {
        success: true,
        data: { requiresMfa: true, mfaTicket: "ticket_1" },
        message: "MFA required",
      });
    }
    if (url === "/dashboard/auth/login/mfa-verify") {
      expect(JSON.parse(body)).toEqual({ mfaTicket: "ticket_1", code: "123456" });
      return json(response, { success: true, data: {} }, 200, { "set-cookie": "sid=1; HttpOnly; Path=/; Max-Age=600" });
    }
    if (headers.cookie === undefined) return json(response, { statusCode: 401, message: "Unauthorized" }, 401);
    return json(response, { success: true, data: { webhooks: [] } });
  };
  await expect(api.auth.check()).rejects.toMatchObject({ kind: "auth" });
  expect(lines()).toEqual([]);
  const refused = api.auth.login("a@example.com", "hunter2hunter2");
  await expect(refused).rejects.toMatchObject({ kind: "auth", status: 401 });
  await expect(refused).rejects.not.toThrow(/hunter2/);
  expect(await api.auth.login("a@example.com", "right")).toEqual({ mfaTicket: "ticket_1" });
  expect(api.exportSession()).toBeUndefined();
  await api.auth.verifyMfa("ticket_1", "123 456");
  expect(api.exportSession()).toContain("sid");
  await api.auth.check();
  expect(lines().at(-1)).toBe("GET /dashboard/webhooks?limit=1");
});
