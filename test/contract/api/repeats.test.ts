import { describe, expect, test } from "vitest";
import type { PacSpaceApi, RequestOptions } from "../../../src/api/pacspaceApi";
import { bench, failure, good, status, webhook } from "./bench";
import type { Handler } from "./server";

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

  test("after a redirect to the sign-in page, which means that there is no session, but where one signs in", async (context) => {
    const { server, api } = await bench(context, status(302, { location: "/login" }));
    const error = await failure(call(api));
    const isSignIn = name === "login" || name === "verifyMfa";
    expect(error).toMatchObject({ kind: isSignIn ? "malformedResponse" : "auth", uncertain: isSignIn });
    expect(error.message.includes("has expired")).toBe(!isSignIn);
    expect(server.seen).toHaveLength(1);
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
