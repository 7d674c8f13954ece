import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startLocalPacSpace, type LocalPacSpace } from "../../../src/local/server";
import { send, signIn, type Client } from "./support";

let local: LocalPacSpace;
let client: Client;

beforeEach(async () => {
  local = await startLocalPacSpace();
  client = await signIn(local.baseUrl);
});

afterEach(() => local.close());

const create = async (url: string, description?: string) =>
  (await client.call("POST", "", { body: { url, description } })).json.data as { id: string; secret: string };

describe("create", () => {
  test("answers 201 with the secret, which no other answer holds", async () => {
    const answer = await client.call("POST", "", {
      body: { url: "https://your-app.com/hooks?a=b", description: "Prüfung ✓" },
    });
    expect(answer.status).toBe(201);
    expect(answer.json.data).toEqual({
      id: expect.stringMatching(/^webhook_[0-9a-z]{20,}$/),
      url: "https://your-app.com/hooks?a=b",
      description: "Prüfung ✓",
      secret: expect.stringMatching(/^whsec_[0-9a-zA-Z]{20,}$/),
      enabled: true,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
    const { id, secret } = answer.json.data;
    const later = [
      await client.call("POST", `/${id}/test`),
      await client.call("POST", `/${id}/toggle`),
      await client.call("GET", ""),
      await client.call("GET", `/${id}`),
      await client.call("GET", "/deliveries"),
      await client.call("GET", "/deliveries/export"),
      await client.call("DELETE", `/${id}`),
    ];
    for (const { status, text, headers } of later) {
      expect(status).toBe(200);
      expect(text + JSON.stringify(headers)).not.toContain(secret);
    }
  });

  test.each([
    [{}, ["url must be a URL address"]],
    [{ url: "no url" }, ["url must be a URL address"]],
    [{ url: 7, description: 8 }, ["url must be a URL address", "description must be a string"]],
    [{ url: "ftp://example.com/" }, ["url must be a URL address"]],
    [{ url: "http://example.com/" }, ["url must use HTTPS"]],
    [{ url: "http://127.0.0.1.example.com/" }, ["url must use HTTPS"]],
    [{ url: "http://localhost.example.com/" }, ["url must use HTTPS"]],
    [{ url: `https://example.com/${"x".repeat(2_100)}` }, ["url must be shorter than or equal to 2048 characters"]],
    [
      { url: "https://example.com/", description: "x".repeat(501) },
      ["description must be shorter than or equal to 500 characters"],
    ],
    [{ url: "javascript:alert(1)" }, ["url must be a URL address"]],
  ])("of %j answers 400 with %j", async (body, message) => {
    const answer = await client.call("POST", "", { body });
    expect(answer.status).toBe(400);
    expect(answer.json).toEqual({ statusCode: 400, error: "Bad Request", message });
    expect((await client.call("GET", "")).json.data.pagination.total).toBe(0);
  });

  test.each([
    "http://127.0.0.1:3000/",
    "http://127.9.9.9/",
    "http://localhost/x",
    "http://[::1]:8080/",
    "https://10.0.0.1/",
  ])("takes %s", async (url) => {
    expect((await client.call("POST", "", { body: { url } })).status).toBe(201);
  });

  test.each(["{", '"text', "[1,]", Buffer.from([0x7b, 0xff, 0x7d])])(
    "of the broken body %j answers 400",
    async (raw) => {
      const answer = await client.call("POST", "", { raw, headers: { "content-type": "application/json" } });
      expect(answer.status).toBe(400);
      expect(answer.json).toMatchObject({ statusCode: 400, error: "Bad Request" });
    },
  );
});

describe("list", () => {
  test("pages, newest first, and caps and reports its limit", async () => {
    const ids: string[] = [];
    for (let index = 0; index < 23; index++) ids.unshift((await create(`https://example.com/${index}`)).id);
    const page = async (query: string) => (await client.call("GET", query)).json.data;
    const first = await page("");
    expect(first.pagination).toEqual({ page: 1, limit: 10, total: 23, totalPages: 3 });
    const third = await page("?page=3&limit=10");
    expect(third.webhooks.map(({ id }: { id: string }) => id)).toEqual(ids.slice(20));
    expect(await page("?page=4")).toEqual({
      webhooks: [],
      pagination: { page: 4, limit: 10, total: 23, totalPages: 3 },
    });
    const all = await page("?limit=500");
    expect(all.pagination).toEqual({ page: 1, limit: 100, total: 23, totalPages: 1 });
    expect(all.webhooks.map(({ id }: { id: string }) => id)).toEqual(ids);
  });

  test.each(["?page=0", "?limit=0", "?page=-1", "?limit=x", "?page=1.5"])("%s answers 400", async (query) => {
    const answer = await client.call("GET", query);
    expect(answer.status).toBe(400);
    expect(answer.json.message).toHaveLength(1);
  });

  test("an account without webhooks has no pages", async () => {
    const { webhooks, pagination } = (await client.call("GET", "")).json.data;
    expect(webhooks).toEqual([]);
    expect(pagination).toEqual({ page: 1, limit: 10, total: 0, totalPages: 0 });
  });
});

test("toggle flips each time, and get says the same", async () => {
  const { id } = await create("https://example.com/");
  for (const enabled of [false, true, false]) {
    expect((await client.call("POST", `/${id}/toggle`)).json).toEqual({ success: true, data: { id, enabled } });
    expect((await client.call("GET", `/${id}`)).json.data.enabled).toBe(enabled);
  }
});

test("delete takes it away for good", async () => {
  const { id } = await create("https://example.com/");
  expect((await client.call("DELETE", `/${id}`)).json).toEqual({
    success: true,
    message: "Webhook deleted successfully.",
  });
  expect((await client.call("DELETE", `/${id}`)).status).toBe(404);
  expect((await client.call("GET", "")).json.data.webhooks).toEqual([]);
});

test.each([
  ["GET", "/webhook_none"],
  ["DELETE", "/webhook_none"],
  ["POST", "/webhook_none/toggle"],
  ["POST", "/webhook_none/test"],
  ["POST", "/deliveries/evt_none/retry"],
  ["GET", "/__proto__"],
  ["GET", "/a%2Fb"],
  ["GET", "/webhook_none/more/segments"],
  ["GET", "/deliveries/evt_none"],
  ["GET", "/"],
])("%s %s answers 404 in the documented shape", async (method, path) => {
  const answer = await client.call(method, path);
  expect(answer.status).toBe(404);
  expect(answer.json).toEqual({ statusCode: 404, error: "Not Found", message: expect.any(String) });
});

test.each([
  ["PUT", "/webhook_none", "GET, HEAD, DELETE"],
  ["PATCH", "", "POST, GET, HEAD"],
  ["DELETE", "", "POST, GET, HEAD"],
  ["GET", "/webhook_none/toggle", "POST"],
  ["POST", "/deliveries/export", "GET, HEAD"],
  ["OPTIONS", "/deliveries/evt_none/retry", "POST"],
])("%s %s answers 405 and the methods that are there", async (method, path, allow) => {
  const answer = await client.call(method, path);
  expect(answer.status).toBe(405);
  expect(answer.headers.allow).toBe(allow);
  expect(answer.json).toEqual({ statusCode: 405, error: "Method Not Allowed", message: expect.any(String) });
});

test("HEAD answers as GET does, without the body, and needs a session too", async () => {
  for (const path of ["", "/deliveries/export"]) {
    const [head, get] = [
      await client.call("HEAD", path, { headers: { "x-pacspace-csrf": [] } }),
      await client.call("GET", path),
    ];
    expect([head.status, head.headers["content-type"], head.headers["content-length"]]).toEqual([
      200,
      get.headers["content-type"],
      get.headers["content-length"],
    ]);
    expect(head.text).toBe("");
  }
  expect((await send(local.baseUrl, "HEAD", "/dashboard/webhooks")).status).toBe(401);
});

test("an id that is encoded badly answers 400", async () => {
  expect((await client.call("GET", "/%E0%A4%A")).status).toBe(400);
});

test("every answer names the server", async () => {
  const answers = [
    await send(local.baseUrl, "GET", "/"),
    await send(local.baseUrl, "GET", "/dashboard/webhooks"),
    await client.call("GET", ""),
    await client.call("GET", "/deliveries/export"),
  ];
  for (const { headers } of answers) expect(headers.server).toBe("Local-PacSpace/1");
});
