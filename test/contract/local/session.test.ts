import { afterEach, beforeEach, expect, test } from "vitest";
import { demoAccount, mfaAccount } from "../../../src/local/demoAccount";
import { startLocalPacSpace, type LocalPacSpace } from "../../../src/local/server";
import { cookieOf, send, signIn } from "./support";

const day = 86_400_000;
let clock: number;
let local: LocalPacSpace;

beforeEach(async () => {
  clock = Date.parse("2026-04-10T12:00:00.000Z");
  local = await startLocalPacSpace({ now: () => new Date(clock) });
});

afterEach(() => local.close());

const login = (body: unknown, headers = {}) => send(local.baseUrl, "POST", "/dashboard/auth/login", { body, headers });
const verify = (body: unknown) => send(local.baseUrl, "POST", "/dashboard/auth/login/mfa-verify", { body });
const list = (cookie?: string) =>
  send(local.baseUrl, "GET", "/dashboard/webhooks", cookie === undefined ? {} : { headers: { cookie } });

test("a login answers 200 and sets a cookie that scripts can't read", async () => {
  const answer = await login(demoAccount);
  expect(answer.status).toBe(200);
  expect(answer.json.success).toBe(true);
  const [cookie = ""] = answer.headers["set-cookie"] ?? [];
  expect(cookie.split("; ").slice(1).sort()).toEqual(["HttpOnly", "Max-Age=604800", "Path=/", "SameSite=Lax"]);
  expect((await list(cookieOf(answer))).status).toBe(200);
});

test("a wrong email or password answers 401 in one voice, and sets nothing", async () => {
  for (const body of [
    { ...demoAccount, password: "wrong" },
    { ...demoAccount, email: "other@example.com" },
    { ...mfaAccount, password: "wrong" },
  ]) {
    const answer = await login(body);
    expect(answer.status).toBe(401);
    expect(answer.json).toEqual({ statusCode: 401, error: "Unauthorized", message: "Invalid email or password" });
    expect(answer.headers["set-cookie"]).toBeUndefined();
  }
});

test.each([undefined, {}, { email: demoAccount.email }, { email: 1, password: [] }, []])(
  "a login with the body %j answers 400 with a list of messages",
  async (body) => {
    const answer = await login(body);
    expect(answer.status).toBe(400);
    expect(answer.json.message).toBeInstanceOf(Array);
    expect(answer.json.message.length).toBeGreaterThan(0);
  },
);

test("MFA: login sets no session but gives a ticket, which the code completes, once", async () => {
  const first = await login({ email: mfaAccount.email, password: mfaAccount.password });
  expect(first.status).toBe(200);
  expect(first.headers["set-cookie"]).toBeUndefined();
  expect(first.json).toEqual({
    success: true,
    data: { requiresMfa: true, mfaTicket: expect.any(String) },
    message: expect.any(String),
  });
  const { mfaTicket } = first.json.data;
  const second = await verify({ mfaTicket, code: mfaAccount.code });
  expect(second.status).toBe(200);
  expect((await list(cookieOf(second))).status).toBe(200);
  expect((await verify({ mfaTicket, code: mfaAccount.code })).status).toBe(401);
});

test("MFA: a wrong code uses the ticket up; a ticket ends after five minutes; an unknown one never was", async () => {
  const ticket = async () =>
    (await login({ email: mfaAccount.email, password: mfaAccount.password })).json.data.mfaTicket as string;
  const mistyped = await ticket();
  expect((await verify({ mfaTicket: mistyped, code: "000000" })).status).toBe(401);
  expect((await verify({ mfaTicket: mistyped, code: mfaAccount.code })).status).toBe(401);
  const old = await ticket();
  clock += 300_000;
  expect((await verify({ mfaTicket: old, code: mfaAccount.code })).status).toBe(401);
  expect((await verify({ mfaTicket: "made-up", code: mfaAccount.code })).status).toBe(401);
  expect((await verify({ mfaTicket: await ticket() })).status).toBe(400);
});

test("without a session, with an unknown one or with an ended one every webhook route answers 401", async () => {
  const { cookie } = await signIn(local.baseUrl);
  const routes = [
    ["POST", ""],
    ["GET", ""],
    ["GET", "/deliveries"],
    ["GET", "/deliveries/export"],
    ["POST", "/deliveries/evt_1/retry"],
    ["GET", "/webhook_1"],
    ["POST", "/webhook_1/toggle"],
    ["POST", "/webhook_1/test"],
    ["DELETE", "/webhook_1"],
  ] as const;
  const ask = (method: string, path: string, headers: Record<string, string>) =>
    send(local.baseUrl, method, `/dashboard/webhooks${path}`, { headers: { "x-pacspace-csrf": "1", ...headers } });
  clock += 7 * day;
  for (const [method, path] of routes) {
    for (const headers of [{}, { cookie: "pacspace_session=made-up" }, { cookie: "other=1" }, { cookie }]) {
      const answer = await ask(method, path, headers);
      expect(answer.status, `${method} ${path}`).toBe(401);
      expect(answer.json).toEqual({ statusCode: 401, error: "Unauthorized", message: expect.any(String) });
    }
  }
});

test("a session past half its life is prolonged by the answer, and lives on", async () => {
  const { cookie } = await signIn(local.baseUrl);
  clock += 3.4 * day;
  expect((await list(cookie)).headers["set-cookie"]).toBeUndefined();
  clock += 0.2 * day;
  const renewed = await list(cookie);
  expect(renewed.headers["set-cookie"]?.[0]).toMatch(/^pacspace_session=.+; Max-Age=604800;/);
  clock += 6 * day;
  expect((await list(cookieOf(renewed))).status).toBe(200);
});

test("an unsafe method without the CSRF header answers 403 and does nothing", async () => {
  const client = await signIn(local.baseUrl);
  const { id } = (await client.call("POST", "", { body: { url: "https://example.com/" } })).json.data;
  const without = (method: string, path: string, csrf?: string) =>
    send(local.baseUrl, method, `/dashboard/webhooks${path}`, {
      headers: { cookie: client.cookie, ...(csrf !== undefined && { "x-pacspace-csrf": csrf }) },
      ...(method === "POST" && path === "" && { body: { url: "https://example.com/2" } }),
    });
  for (const csrf of [undefined, "", "0", "true"]) {
    for (const [method, path] of [
      ["POST", ""],
      ["POST", `/${id}/toggle`],
      ["POST", `/${id}/test`],
      ["DELETE", `/${id}`],
      ["POST", "/deliveries/evt_1/retry"],
    ] as const) {
      const answer = await without(method, path, csrf);
      expect(answer.status, `${method} ${path}`).toBe(403);
      expect(answer.json).toMatchObject({ statusCode: 403, error: "Forbidden" });
    }
  }
  const { webhooks } = (await client.call("GET", "")).json.data;
  expect(webhooks).toHaveLength(1);
  expect(webhooks[0]).toMatchObject({ id, enabled: true, successCount: 0, failureCount: 0 });
  expect((await without("GET", "")).status).toBe(200);
});

test("a login that carries a session needs the CSRF header too", async () => {
  const { cookie } = await signIn(local.baseUrl);
  expect((await login(demoAccount, { cookie })).status).toBe(403);
  expect((await login(demoAccount, { cookie, "x-pacspace-csrf": "1" })).status).toBe(200);
});
