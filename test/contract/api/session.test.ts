import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createClient } from "../../../src/api/client";
import type { PacSpaceApi } from "../../../src/api/pacspaceApi";
import { json, startServer, type TestServer } from "./server";

let server: TestServer;
let api: PacSpaceApi;
const changed = vi.fn();

beforeEach(async () => {
  changed.mockClear();
  server = await startServer((_request, response) => json(response, {}, 500));
  api = createClient({ baseUrl: server.url, onSessionChanged: changed });
});

afterEach(async () => {
  await api.close();
  await server.close();
});

const webhook = { success: true, data: { id: "webhook_1", url: "https://example.com", enabled: true } };
const cookies = (): readonly (string | undefined)[] => server.seen.map(({ headers }) => headers.cookie);

test("any answer's cookies are taken over, an error's too, and sent from then on", async () => {
  api.auth.importCookieHeader("session=1");
  let next = 2;
  let status = 200;
  server.handler = (_request, response) =>
    json(response, webhook, status, { "set-cookie": `session=${next++}; Path=/; HttpOnly; Secure` });
  await api.webhooks.get("webhook_1");
  status = 404;
  await expect(api.webhooks.get("webhook_1")).rejects.toMatchObject({ kind: "notFound" });
  status = 302;
  await expect(api.webhooks.get("webhook_1")).rejects.toMatchObject({ kind: "malformedResponse" });
  status = 200;
  const chunks = api.webhooks.exportDeliveries({});
  await expect(chunks).rejects.toMatchObject({ kind: "malformedResponse" });
  await api.webhooks.get("webhook_1");
  expect(cookies()).toEqual(["session=1", "session=2", "session=3", "session=4", "session=5"]);
  expect(changed).toHaveBeenCalledTimes(6);
  expect(api.exportSession()).toContain('"6"');
});

describe.each(["127.0.0.1", "::1", "localhost"])("on %s", (host) => {
  test("a session is set, used, stored and used again", async () => {
    const local = await startServer(
      ({ url }, response) =>
        json(response, url.endsWith("/login") ? { success: true, data: {} } : webhook, 200, {
          ...(url.endsWith("/login") && { "set-cookie": "session=abc; Path=/; HttpOnly; Secure; SameSite=Lax" }),
        }),
      host,
    );
    const first = createClient({ baseUrl: local.url });
    await first.auth.login("a@example.com", "password");
    await first.webhooks.get("webhook_1");
    const session = first.exportSession();
    await first.close();
    const second = createClient({ baseUrl: local.url, session });
    await second.webhooks.get("webhook_1");
    expect(second.exportSession()).toBe(session);
    expect(local.seen.map(({ headers }) => headers.cookie)).toEqual([undefined, "session=abc", "session=abc"]);
    await second.close();
    await local.close();
  });
});

test("a 401 for cookies replaced meanwhile is tried once more with the new ones, whatever the method", async () => {
  api.importSession(undefined);
  server.handler = ({ headers }, response) => {
    if (headers.cookie === "session=new") return json(response, webhook);
    // Another window signs in while this request is under way; its answer ends the old session.
    api.auth.importCookieHeader("session=new");
    return json(response, { message: "expired" }, 401, { "set-cookie": "session=; Path=/; Max-Age=0" });
  };
  api.auth.importCookieHeader("session=old");
  expect(await api.webhooks.toggle("webhook_1")).toEqual({ id: "webhook_1", enabled: true });
  expect(cookies()).toEqual(["session=old", "session=new"]);
  expect(server.seen.map(({ method }) => method)).toEqual(["POST", "POST"]);
  expect(api.exportSession()).toContain('"new"');
});

test("but only once, and not for a sign-in, and not when the cookies are the same", async () => {
  let count = 0;
  server.handler = (_request, response) => {
    api.auth.importCookieHeader(`session=${++count}`);
    json(response, {}, 401);
  };
  api.auth.importCookieHeader("session=0");
  await expect(api.webhooks.get("webhook_1")).rejects.toMatchObject({ kind: "auth", status: 401 });
  expect(server.seen).toHaveLength(2);
  await expect(api.auth.login("a@example.com", "password")).rejects.toMatchObject({ kind: "auth" });
  expect(server.seen).toHaveLength(3);
  server.handler = (_request, response) => json(response, {}, 401);
  await expect(api.webhooks.get("webhook_1")).rejects.toMatchObject({ kind: "auth" });
  expect(server.seen).toHaveLength(4);
});

test("a 401 that ends the session empties the jar", async () => {
  api.auth.importCookieHeader("session=1");
  server.handler = (_request, response) =>
    json(response, {}, 401, { "set-cookie": "session=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT" });
  await expect(api.webhooks.get("webhook_1")).rejects.toMatchObject({ kind: "auth" });
  expect(api.exportSession()).toBeUndefined();
  expect(changed).toHaveBeenCalledTimes(2);
});

test("an answer that comes after signing out revives nothing", async () => {
  api.auth.importCookieHeader("session=1");
  server.handler = (_request, response) => {
    api.importSession(undefined);
    json(response, webhook, 200, { "set-cookie": "session=2; Path=/" });
  };
  await api.webhooks.get("webhook_1");
  expect(api.exportSession()).toBeUndefined();
});

test("a sign-in that brings no cookie is an error", async () => {
  server.handler = (_request, response) => json(response, { success: true, data: {} });
  await expect(api.auth.login("a@example.com", "password")).rejects.toMatchObject({ kind: "malformedResponse" });
  await expect(api.auth.verifyMfa("ticket", "123456")).rejects.toMatchObject({ kind: "malformedResponse" });
  server.handler = (_request, response) => json(response, { success: true, data: { requiresMfa: true } });
  await expect(api.auth.login("a@example.com", "password")).rejects.toMatchObject({ kind: "malformedResponse" });
  await expect(api.auth.login(" ", "password")).rejects.toMatchObject({ kind: "invalid" });
  await expect(api.auth.login("a@example.com", "")).rejects.toMatchObject({ kind: "invalid" });
  await expect(api.auth.verifyMfa("ticket", " ")).rejects.toMatchObject({ kind: "invalid" });
  expect(server.seen).toHaveLength(3);
});

test("a stored session that can't be read is none, and the log says so without showing it", () => {
  const lines: string[] = [];
  const client = createClient({ baseUrl: server.url, session: "{secret", log: (line) => lines.push(line) });
  expect(client.exportSession()).toBeUndefined();
  expect(lines).toEqual(["the stored session can't be read and is left out"]);
});

test.each(["http://app.pacspace.io", "ftp://127.0.0.1", "https://u:p@app.pacspace.io", "pacspace"])(
  "%s is no base URL",
  (baseUrl) => {
    expect(() => createClient({ baseUrl })).toThrow(expect.objectContaining({ kind: "invalid" }));
  },
);

test("a base URL's path is kept in front of the routes", async () => {
  server.handler = (_request, response) => json(response, webhook);
  const below = createClient({ baseUrl: `${server.url}/tenant/a/` });
  await below.webhooks.get("webhook_1");
  expect(server.seen[0]?.url).toBe("/tenant/a/dashboard/webhooks/webhook_1");
  await below.close();
});
