import { describe, expect, test, type TestContext } from "vitest";
import { createClient } from "../../../src/api/client";
import type { PacSpaceApi, RequestOptions } from "../../../src/api/pacspaceApi";
import { isPacSpaceError, type PacSpaceError } from "../../../src/core/errors";
import { json, startServer, type Handler, type TestServer } from "./server";

interface Bench {
  readonly server: TestServer;
  readonly api: PacSpaceApi;
  readonly log: readonly string[];
  /** Answers the first requests by the given handlers, and all later ones well. */
  first(...handlers: readonly Handler[]): void;
}

/** A server, and a client signed in to it, for one test alone, so that tests can wait side by side. */
async function bench(
  { onTestFinished }: Pick<TestContext, "onTestFinished">,
  handler: Handler,
  timeoutMs = 20_000,
): Promise<Bench> {
  const log: string[] = [];
  const server = await startServer(handler);
  const api = createClient({ baseUrl: server.url, timeoutMs, log: (line) => log.push(line) });
  api.auth.importCookieHeader("session=very-secret-value");
  onTestFinished(async () => {
    await api.close();
    await server.close();
  });
  const first = (...handlers: readonly Handler[]): void => {
    const left = [...handlers];
    server.handler = (request, response, socket) => (left.shift() ?? good)(request, response, socket);
  };
  return { server, api, log, first };
}

const webhook = { id: "webhook_1", url: "https://example.com", enabled: true };
const good: Handler = (_request, response) =>
  json(response, { success: true, data: { ...webhook, success: true, deliveries: [] } });

type UnsafeCall = readonly [string, (api: PacSpaceApi, options?: RequestOptions) => Promise<unknown>];
const unsafe: readonly UnsafeCall[] = [
  ["create", (api, options) => api.webhooks.create({ url: "https://example.com" }, options)],
  ["toggle", (api, options) => api.webhooks.toggle("webhook_1", options)],
  ["test", (api, options) => api.webhooks.test("webhook_1", options)],
  ["delete", (api, options) => api.webhooks.delete("webhook_1", options)],
  ["retryDelivery", (api, options) => api.webhooks.retryDelivery("evt_1", options)],
  ["login", (api, options) => api.auth.login("a@example.com", "password-1", options)],
  ["verifyMfa", (api, options) => api.auth.verifyMfa("ticket", "123456", options)],
];

/** The error that a call ends with. */
async function failure(call: Promise<unknown>): Promise<PacSpaceError> {
  const error: unknown = await call.then(
    () => new Error("The call succeeded"),
    (thrown: unknown) => thrown,
  );
  if (isPacSpaceError(error)) return error;
  throw error;
}

const status =
  (code: number, headers: Record<string, string> = {}): Handler =>
  (_request, response) =>
    json(response, { statusCode: code, message: "No." }, code, headers);
const reset: Handler = (_request, _response, socket) => void socket.resetAndDestroy();
const silent: Handler = () => undefined;
const cut: Handler = (_request, response, socket) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
  response.write('{"success":true,"data":{"id"', () => socket.destroy());
};
const stalled: Handler = (_request, response) => {
  response.writeHead(200, { "content-type": "application/json" });
  response.write('{"success":true,"data":{"id"');
};
const html: Handler = (_request, response) => {
  response.writeHead(200, { "content-type": "text/html" });
  response.end("<!doctype html><title>Portal</title>");
};
const cutJson: Handler = (_request, response) => {
  response.writeHead(200, { "content-type": "application/json" });
  response.end('{"success":true,"data":{"id"');
};
const notHttp: Handler = (_request, _response, socket) => {
  socket.end("SSH-2.0-OpenSSH_9.6\r\n");
};

describe.concurrent("reading is repeated twice at most", () => {
  test.for<[string, Handler, string]>([
    ["408", status(408), "timeout"],
    ["429", status(429), "rateLimited"],
    ["500", status(500), "server"],
    ["502", status(502), "server"],
    ["503", status(503), "server"],
    ["504", status(504), "server"],
    ["a reset", reset, "network"],
    ["a cut body", cut, "network"],
  ])("after %s", async ([, handler, kind], context) => {
    const { server, api, first } = await bench(context, good);
    first(handler, handler);
    expect(await api.webhooks.get("webhook_1")).toEqual(webhook);
    expect(server.seen).toHaveLength(3);
    const [one = 0, two = 0, three = 0] = server.seen.map(({ at }) => at);
    expect(two - one).toBeGreaterThan(490);
    expect(three - two).toBeGreaterThan(990);
    server.seen.length = 0;
    first(handler, handler, handler);
    const error = await failure(api.webhooks.get("webhook_1"));
    expect(error).toMatchObject({ kind, uncertain: false });
    expect(server.seen).toHaveLength(3);
  });

  test("after silence, and after a body that stops coming; the limit is named", async (context) => {
    const { server, api, first } = await bench(context, good, 1_500);
    first(silent, stalled);
    expect(await api.webhooks.get("webhook_1")).toEqual(webhook);
    expect(server.seen).toHaveLength(3);
    first(silent, silent, silent);
    const error = await failure(api.webhooks.get("webhook_1"));
    expect(error).toMatchObject({ kind: "timeout", uncertain: false });
    expect(error.message).toContain("1.5 s");
  });

  test("while nobody listens", async (context) => {
    const { server, api, log } = await bench(context, good);
    await server.close();
    const error = await failure(api.webhooks.get("webhook_1"));
    expect(error).toMatchObject({ kind: "network", code: "ECONNREFUSED", uncertain: false });
    expect(log.filter((line) => line.includes("ECONNREFUSED"))).toHaveLength(3);
    expect(error.message).toContain(`127.0.0.1:${server.port}`);
  });

  test.for<[string, Handler, string]>([
    ["400", status(400), "invalid"],
    ["403", status(403), "forbidden"],
    ["404", status(404), "notFound"],
    ["409", status(409), "conflict"],
    ["501", status(501), "server"],
    ["a page", html, "malformedResponse"],
    ["JSON cut short by the server", cutJson, "malformedResponse"],
    ["what is not HTTP", notHttp, "malformedResponse"],
    ["a redirect", status(302, { location: "https://evil.example/" }), "malformedResponse"],
    ["a redirect to the sign-in page", status(303, { location: "/login" }), "auth"],
  ])("but not after %s", async ([, handler, kind], context) => {
    const { server, api } = await bench(context, handler);
    expect(await failure(api.webhooks.get("webhook_1"))).toMatchObject({ kind });
    expect(server.seen).toHaveLength(1);
  });

  test("every route that reads is repeated, the beginning of an export too", async (context) => {
    const { server, api } = await bench(context, status(503, { "retry-after": "0" }));
    const reads = [
      () => api.webhooks.list().next(),
      () => api.webhooks.get("webhook_1"),
      () => api.webhooks.deliveryPage({}),
      () => api.webhooks.deliveries({}).next(),
      () => api.webhooks.exportDeliveries({}),
      () => api.auth.check(),
    ];
    for (const read of reads) {
      server.seen.length = 0;
      await failure(read());
      expect(server.seen).toHaveLength(3);
    }
  });
});

describe.concurrent.each(unsafe)("%s is never repeated by itself", (name, call) => {
  test.for<[string, Handler, string, boolean]>([
    ["408", status(408), "timeout", false],
    ["500", status(500, { "retry-after": "0" }), "server", true],
    ["502", status(502), "server", true],
    ["503", status(503, { "retry-after": "0" }), "server", true],
    ["504", status(504), "server", true],
    ["a reset", reset, "network", true],
    ["a cut body", cut, "network", true],
    ["silence", silent, "timeout", true],
    ["a body that stops coming", stalled, "timeout", true],
    ["a page", html, "malformedResponse", true],
    ["JSON cut short by the server", cutJson, "malformedResponse", true],
    ["what is not HTTP", notHttp, "malformedResponse", true],
    ["a redirect elsewhere", status(302, { location: "https://evil.example/" }), "malformedResponse", true],
    ["a redirect to the sign-in page", status(302, { location: "/login" }), "auth", false],
    ["400", status(400), "invalid", false],
    ["401", status(401), "auth", false],
    ["404", status(404), "notFound", false],
    ["409", status(409), "conflict", false],
  ])("after %s", async ([, handler, kind, uncertain], context) => {
    const { server, api } = await bench(context, handler, handler === silent || handler === stalled ? 1_500 : 20_000);
    const error = await failure(call(api));
    expect(error).toMatchObject({ kind, uncertain });
    expect(server.seen).toHaveLength(1);
    expect(error.message).not.toContain("very-secret-value");
    expect(error.message.includes("may have taken effect")).toBe(uncertain);
  });

  test("but after 429 twice, as told", async (context) => {
    const { server, api, first } = await bench(context, good);
    first(status(429, { "retry-after": "0" }), status(429, { "retry-after": "0" }));
    const waits: number[] = [];
    const last = await call(api, { onWait: (ms) => waits.push(ms) }).catch((error: unknown) => error);
    // The answer is a webhook, which doesn't sign anybody in.
    if (name !== "login" && name !== "verifyMfa" && name !== "create") expect(last).not.toBeInstanceOf(Error);
    expect(server.seen).toHaveLength(3);
    expect(waits).toEqual([0, 0]);
    server.seen.length = 0;
    server.handler = status(429, { "retry-after": "0" });
    expect(await failure(call(api))).toMatchObject({ kind: "rateLimited", uncertain: false });
    expect(server.seen).toHaveLength(3);
  });

  test("and when nobody listens, its effect is not in doubt", async (context) => {
    const { server, api, log } = await bench(context, good);
    await server.close();
    expect(await failure(call(api))).toMatchObject({ kind: "network", code: "ECONNREFUSED", uncertain: false });
    expect(log).toHaveLength(1);
  });
});

describe.concurrent("the time that the server asks for", () => {
  test("is waited, by header in seconds or as a date, or by the body", async (context) => {
    const { server, api, first } = await bench(context, good);
    const waits: number[] = [];
    const onWait = (ms: number): void => void waits.push(ms);
    first(
      status(503, { "retry-after": "1" }),
      status(429, { "retry-after": new Date(Date.now() + 3000).toUTCString() }),
    );
    await api.webhooks.get("webhook_1", { onWait });
    first((_request, response) => json(response, { error: { code: "RATE", retryAfterSeconds: 1 } }, 429));
    await api.webhooks.get("webhook_1", { onWait });
    expect(waits[0]).toBe(1000);
    expect(waits[1]).toBeGreaterThanOrEqual(0);
    expect(waits[1]).toBeLessThanOrEqual(3000);
    expect(waits[2]).toBe(1000);
    const [one = 0, two = 0] = server.seen.map(({ at }) => at);
    expect(two - one).toBeGreaterThan(990);
  });

  test.for([429, 503])("above 30 s fails an interactive call at once and names it (%i)", async (code, context) => {
    const { server, api } = await bench(context, status(code, { "retry-after": "31" }));
    const started = performance.now();
    const error = await failure(api.webhooks.get("webhook_1"));
    expect(error).toMatchObject({ kind: "rateLimited", status: code, retryAfterMs: 31_000 });
    expect(error.message).toContain("31 s");
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(server.seen).toHaveLength(1);
  });

  test("above 30 s is waited out by bulk work, until that is cancelled", async (context) => {
    const { server, api } = await bench(context, status(429, { "retry-after": "3600" }));
    const controller = new AbortController();
    const waits: number[] = [];
    const call = api.webhooks.retryDelivery("evt_1", {
      pace: "bulk",
      signal: controller.signal,
      onWait: (ms) => {
        waits.push(ms);
        setTimeout(() => controller.abort(), 50);
      },
    });
    const started = performance.now();
    expect(await failure(call)).toMatchObject({ kind: "cancelled", uncertain: false });
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(waits).toEqual([3_600_000]);
    expect(server.seen).toHaveLength(1);
  });
});

test("the log has a line for each request and each wait, and no secret", async (context) => {
  const { api, log, first } = await bench(context, good);
  first(status(500));
  await api.webhooks.deliveryPage({ status: "failed" });
  expect(log).toEqual([
    expect.stringMatching(/^GET \/dashboard\/webhooks\/deliveries\?status=failed: 500, \d+ ms$/),
    expect.stringMatching(/^waits \d+ ms before repeat 1 of GET /),
    expect.stringMatching(/^GET \/dashboard\/webhooks\/deliveries\?status=failed: 200, \d+ ms$/),
  ]);
  expect(log.join("\n")).not.toContain("very-secret-value");
});
