import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createClient } from "../../../src/api/client";
import type { PacSpaceApi } from "../../../src/api/pacspaceApi";
import { json, startServer, type TestServer } from "./server";

/** How long a cancel may take until the call has ended, in milliseconds; it is a few in fact. */
const atOnce = 1_000;

let server: TestServer;
let api: PacSpaceApi;

beforeEach(async () => {
  server = await startServer(() => undefined);
  api = createClient({ baseUrl: server.url });
  api.auth.importCookieHeader("session=1");
});

afterEach(async () => {
  await api.close();
  await server.close();
});

/** Cancels a call as soon as `when` holds, and checks that it ends at once, as cancelled. */
async function cancelled(
  start: (signal: AbortSignal) => Promise<unknown>,
  when: () => boolean,
  cancel?: () => Promise<void>,
): Promise<{ readonly uncertain: boolean }> {
  const controller = new AbortController();
  const call = start(controller.signal).then(
    () => expect.unreachable("The call succeeded"),
    (error: unknown) => error,
  );
  await expect.poll(when, { interval: 5, timeout: 20_000 }).toBe(true);
  const at = performance.now();
  const closing = cancel?.();
  if (cancel === undefined) controller.abort(new Error("a reason of the caller's"));
  const error = await call;
  expect(performance.now() - at).toBeLessThan(atOnce);
  await closing;
  expect(error).toMatchObject({ kind: "cancelled" });
  return error as { readonly uncertain: boolean };
}

const sent = (): boolean => server.seen.length === 1;

describe("a cancel takes effect at once", () => {
  test("before the call", async () => {
    const signal = AbortSignal.abort();
    await expect(api.webhooks.get("webhook_1", { signal })).rejects.toMatchObject({ kind: "cancelled" });
    await expect(api.webhooks.delete("webhook_1", { signal })).rejects.toMatchObject({ uncertain: false });
    expect(server.seen).toHaveLength(0);
  });

  test("while the answer is awaited; an unsafe request's effect is open then", async () => {
    expect((await cancelled((signal) => api.webhooks.get("webhook_1", { signal }), sent)).uncertain).toBe(false);
    server.seen.length = 0;
    expect((await cancelled((signal) => api.webhooks.toggle("webhook_1", { signal }), sent)).uncertain).toBe(true);
    expect(server.seen).toHaveLength(1);
  });

  test("in the middle of a body", async () => {
    server.handler = (_request, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.write('{"success":');
    };
    await cancelled((signal) => api.webhooks.get("webhook_1", { signal }), sent);
    expect(server.seen).toHaveLength(1);
  });

  test("while waiting for a repeat", async () => {
    server.handler = (_request, response) => json(response, {}, 503, { "retry-after": "20" });
    let waiting = false;
    await cancelled(
      (signal) => api.webhooks.get("webhook_1", { signal, onWait: () => (waiting = true) }),
      () => waiting,
    );
    expect(server.seen).toHaveLength(1);
  });

  test("while connecting, and nothing is sent later", async () => {
    // A server that accepts, and never answers the TLS handshake.
    const mute = createServer((socket) => socket.on("error", () => undefined));
    let connections = 0;
    mute.on("connection", () => connections++);
    mute.listen(0, "127.0.0.1");
    await once(mute, "listening");
    const slow = createClient({ baseUrl: `https://127.0.0.1:${(mute.address() as AddressInfo).port}` });
    const { uncertain } = await cancelled(
      (signal) => slow.webhooks.delete("webhook_1", { signal }),
      () => connections === 1,
    );
    expect(uncertain).toBe(false);
    await slow.close();
    mute.close();
  });

  test("between the pages of a list", async () => {
    server.handler = ({ url }, response) => {
      const id = new URL(url, server.url).searchParams.get("page");
      if (id === "1") json(response, { data: { webhooks: [{ id }], pagination: { totalPages: 100 } } });
    };
    const controller = new AbortController();
    const list = api.webhooks.list({ signal: controller.signal });
    await list.next();
    controller.abort();
    await expect(list.next()).rejects.toMatchObject({ kind: "cancelled" });
    const { length } = server.seen;
    expect(length).toBeLessThanOrEqual(2);
    await expect(api.webhooks.deliveries({}, { signal: controller.signal }).next()).rejects.toMatchObject({
      kind: "cancelled",
    });
    expect(server.seen).toHaveLength(length);
  });

  test("by leaving a list: the pages that were asked for ahead are let go", async () => {
    let left = 0;
    server.handler = ({ url }, response) => {
      const id = new URL(url, server.url).searchParams.get("page");
      if (id === "1") json(response, { data: { webhooks: [{ id }], pagination: { totalPages: 100 } } });
      else response.on("close", () => left++);
    };
    for await (const { webhooks } of api.webhooks.list({ ahead: 2 })) {
      expect(webhooks).toHaveLength(1);
      await expect.poll(() => server.seen.length, { timeout: 20_000 }).toBe(3);
      break;
    }
    await expect.poll(() => left, { timeout: 20_000 }).toBe(2);
  });

  test("in the middle of an export, and the connection closes", async () => {
    let closed = false;
    server.handler = (_request, response, socket) => {
      socket.on("close", () => (closed = true));
      response.writeHead(200, { "content-type": "text/csv" });
      response.write("id,status\n");
    };
    let chunks = 0;
    await cancelled(
      async (signal) => {
        for await (const chunk of await api.webhooks.exportDeliveries({}, { signal }))
          chunks += chunk.length > 0 ? 1 : 0;
      },
      () => chunks === 1,
    );
    await expect.poll(() => closed, { timeout: 20_000 }).toBe(true);
  });

  test("by closing the client, which takes no calls any more", async () => {
    const close = (): Promise<void> => api.close();
    expect((await cancelled(() => api.webhooks.test("webhook_1"), sent, close)).uncertain).toBe(true);
    await expect(api.webhooks.get("webhook_1")).rejects.toMatchObject({ kind: "cancelled" });
    await api.close();
    expect(server.seen).toHaveLength(1);
  });
});

test("leaving an export early closes its connection, before the first chunk too", async () => {
  let closed = 0;
  server.handler = (_request, response, socket) => {
    socket.on("close", () => closed++);
    response.writeHead(200, { "content-type": "text/csv" });
    response.write("id,status\n");
  };
  for await (const chunk of await api.webhooks.exportDeliveries({})) {
    expect(Buffer.from(chunk).toString()).toBe("id,status\n");
    break;
  }
  await expect.poll(() => closed, { timeout: 20_000 }).toBe(1);
  const untouched = (await api.webhooks.exportDeliveries({}))[Symbol.asyncIterator]();
  await untouched.return?.();
  await expect.poll(() => closed, { timeout: 20_000 }).toBe(2);
});

test("no listener stays on the caller's signal", async () => {
  server.handler = ({ url }, response) => {
    if (url.includes("export")) return void response.writeHead(200, { "content-type": "text/csv" }).end("a,b\n");
    return json(response, { data: { id: "webhook_1", enabled: true } });
  };
  const { signal } = new AbortController();
  let listeners = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    listeners++;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    listeners--;
    remove(...args);
  };
  await api.webhooks.get("webhook_1", { signal });
  await api.webhooks.toggle("webhook_1", { signal });
  for await (const chunk of await api.webhooks.exportDeliveries({}, { signal })) expect(chunk).toHaveLength(4);
  for await (const chunk of await api.webhooks.exportDeliveries({}, { signal })) {
    expect(chunk).toHaveLength(4);
    break;
  }
  expect(listeners).toBe(0);
});
