import { createHmac } from "node:crypto";
import * as net from "node:net";
import { networkInterfaces } from "node:os";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startLocalPacSpace, type LocalOptions, type LocalPacSpace } from "../../../src/local/server";
import { signIn, startReceiver, type AttemptRow, type Client, type Received, type Receiver } from "./support";

let local: LocalPacSpace;
let client: Client;
let receiver: Receiver;

async function start(options: LocalOptions = {}): Promise<void> {
  local = await startLocalPacSpace({ retryDelaysMs: [0, 20, 40], ...options });
  client = await signIn(local.baseUrl);
}

beforeEach(async () => {
  receiver = await startReceiver();
});

afterEach(async () => {
  await local.close();
  await receiver.close();
});

const create = async (url: string) =>
  (await client.call("POST", "", { body: { url } })).json.data as { id: string; secret: string };
const test1 = async (id: string) => (await client.call("POST", `/${id}/test`)).json.data;
const newest = async () => (await client.call("GET", "/deliveries?limit=1")).json.data.deliveries[0];
const settled = () =>
  expect
    .poll(async () => (await newest()).status, { timeout: 20_000 })
    .not.toBe("pending")
    .then(newest);

/** The signature as the reference page tells to compute it. */
function expected(request: Received, secret: string): string {
  const hmac = createHmac("sha256", secret).update(`${String(request.headers["x-pacspace-timestamp"])}.`);
  return `v1=${hmac.update(request.body).digest("hex")}`;
}

describe("a test event", () => {
  test("is delivered with all four headers and a signature that holds", async () => {
    await start();
    const { id, secret } = await create(`${receiver.url}/hooks/in?tenant=1`);
    const before = Math.floor(Date.now() / 1_000);
    expect(await test1(id)).toEqual({ success: true, httpStatus: 200, message: "Test event sent successfully." });
    const [request] = receiver.received as [Received];
    expect(request).toMatchObject({ method: "POST", path: "/hooks/in?tenant=1" });
    expect(request.headers).toMatchObject({
      "content-type": "application/json",
      "content-length": String(request.body.length),
      "x-webhook-event": "test",
      "x-event-id": expect.stringMatching(/^evt_[0-9a-z]+$/),
      "x-pacspace-timestamp": expect.stringMatching(/^\d{10}$/),
      "user-agent": expect.stringContaining("PacSpace"),
      host: new URL(receiver.url).host,
    });
    expect(Number(request.headers["x-pacspace-timestamp"])).toBeGreaterThanOrEqual(before);
    expect(request.headers["x-pacspace-signature"]).toBe(expected(request, secret));
    expect(JSON.parse(request.body.toString())).toEqual({
      event: "test",
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      data: { message: "This is a test webhook event from PacSpace." },
    });
  });

  test("becomes a delivery whose row tells what was sent and answered, the payload to the byte", async () => {
    await start();
    receiver.handle = (_request, response) => {
      response.writeHead(202, { "Content-Type": "text/plain", "X-Handler": "mine" }).end("thank you ✓");
    };
    const { id } = await create(receiver.url);
    await test1(id);
    const answer = await client.call("GET", "/deliveries?limit=1");
    const [row] = answer.json.data.deliveries;
    const [request] = receiver.received as [Received];
    expect(row).toMatchObject({
      id: request.headers["x-event-id"],
      event: "test",
      webhookId: id,
      endpoint: receiver.url,
      status: "delivered",
      attempts: 1,
      httpStatus: 202,
      error: null,
      responseBody: "thank you ✓",
      responseHeaders: { "content-type": "text/plain", "x-handler": "mine" },
      requestHeaders: { "X-PacSpace-Signature": request.headers["x-pacspace-signature"], "X-Webhook-Event": "test" },
    });
    expect(answer.text).toContain(`"payload":${request.body.toString()},`);
    expect(Date.parse(row.deliveredAt)).toBeGreaterThanOrEqual(Date.parse(row.createdAt));
    expect(row.attemptLog).toEqual([
      {
        number: 1,
        startedAt: expect.any(String),
        durationMs: row.durationMs,
        httpStatus: 202,
        error: null,
        responseHeaders: row.responseHeaders,
        responseBody: row.responseBody,
      },
    ]);
    const { webhooks } = (await client.call("GET", "")).json.data;
    expect(webhooks[0]).toMatchObject({ successCount: 1, failureCount: 0, lastTriggered: row.attemptLog[0].startedAt });
  });

  test.each([301, 302, 307, 308, 400, 401, 404, 413, 429, 500, 503])(
    "that the endpoint answers with %i has failed; nothing is followed",
    async (status) => {
      await start();
      receiver.handle = (_request, response) => {
        response.writeHead(status, { Location: `${receiver.url}/elsewhere` }).end("no");
      };
      const { id } = await create(receiver.url);
      const outcome = await test1(id);
      expect(outcome).toEqual({ success: false, httpStatus: status, message: expect.any(String) });
      expect(receiver.received).toHaveLength(1);
      expect(await newest()).toMatchObject({ status: "failed", httpStatus: status, deliveredAt: null, attempts: 1 });
      const { webhooks } = (await client.call("GET", "")).json.data;
      expect(webhooks[0]).toMatchObject({ successCount: 0, failureCount: 1 });
    },
  );

  test("to a closed port has failed, with no status", async () => {
    await start();
    const gone = await startReceiver();
    await gone.close();
    const { id } = await create(gone.url);
    expect(await test1(id)).toEqual({ success: false, message: expect.stringContaining("ECONNREFUSED") });
    expect(await newest()).toMatchObject({ status: "failed", httpStatus: null, responseBody: null });
  });

  test("to an endpoint that hangs up, or speaks no HTTP, has failed", async () => {
    await start();
    receiver.handle = (_request, response) => void response.socket?.resetAndDestroy();
    const { id } = await create(receiver.url);
    expect(await test1(id)).toMatchObject({ success: false });
    const stranger = net.createServer((socket) => socket.end("220 smtp ready\r\n"));
    await new Promise<void>((resolve) => stranger.listen(0, "127.0.0.1", resolve));
    const { port } = stranger.address() as net.AddressInfo;
    const other = await create(`http://127.0.0.1:${port}/`);
    expect(await test1(other.id)).toMatchObject({ success: false });
    stranger.close();
  });

  test("to an endpoint that takes too long has failed when the limit is reached, at its head or in its body", async () => {
    await start({ deliveryTimeoutMs: 300 });
    receiver.handle = () => undefined;
    const { id } = await create(receiver.url);
    const begun = Date.now();
    expect(await test1(id)).toEqual({
      success: false,
      message: expect.stringContaining("No whole answer within 0.3 s"),
    });
    expect(Date.now() - begun).toBeLessThan(3_000);
    receiver.handle = (_request, response) => void response.writeHead(200).write("begin");
    expect(await test1(id)).toMatchObject({ success: false, httpStatus: 200 });
    expect(await newest()).toMatchObject({ status: "failed", httpStatus: 200, responseBody: "begin" });
  });

  test("keeps the first 64 KB of an answer, and doesn't wait for the rest", async () => {
    await start();
    const { id } = await create(receiver.url);
    receiver.handle = (_request, response) => void response.end("x".repeat(64 * 1024 - 1) + "é" + "y".repeat(500_000));
    expect(await test1(id)).toMatchObject({ success: true });
    expect((await newest()).responseBody).toBe("x".repeat(64 * 1024 - 1));
    let written = 0;
    receiver.handle = (_request, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write("z".repeat(65_536))) written++;
        if (!response.destroyed) response.once("drain", more);
      };
      more();
    };
    expect(await test1(id)).toMatchObject({ success: true });
    expect((await newest()).responseBody).toBe("z".repeat(64 * 1024));
    expect(written).toBeLessThan(10_000);
  });

  test("is sent to a disabled webhook too", async () => {
    await start();
    const { id } = await create(receiver.url);
    await client.call("POST", `/${id}/toggle`);
    expect(await test1(id)).toMatchObject({ success: true });
  });
});

describe("deliveries go to this machine only", () => {
  test("not to another address, not to another name, and not to an address of this machine that others reach", async () => {
    await start();
    const own = Object.values(networkInterfaces())
      .flat()
      .filter((address) => address?.family === "IPv4" && !address.internal)
      .map((address) => `https://${address?.address ?? ""}/`);
    for (const url of ["https://192.0.2.1/", "https://hooks.example.com/", "https://no-such-name.invalid/", ...own]) {
      const { id } = await create(url);
      expect(await test1(id)).toEqual({ success: false, message: expect.stringContaining("this machine only") });
      expect(await newest()).toMatchObject({ status: "failed", httpStatus: null });
    }
  });

  test("by name and by the other loopback addresses", async () => {
    await start();
    const { port } = new URL(receiver.url);
    for (const host of ["localhost", "127.0.0.1"]) {
      const { id } = await create(`http://${host}:${port}/`);
      expect(await test1(id)).toMatchObject({ success: true });
    }
    expect(receiver.received.map(({ headers }) => headers.host)).toEqual([`localhost:${port}`, `127.0.0.1:${port}`]);
  });

  test("a public origin can stand for a server here, under its own name; only for one here", async () => {
    await start({ endpoints: { "https://your-app.com": receiver.url, "https://example.com": "http://192.0.2.1" } });
    const { id, secret } = await create("https://your-app.com/webhooks/pacspace?x=1");
    expect(await test1(id)).toMatchObject({ success: true });
    const [request] = receiver.received as [Received];
    expect(request.path).toBe("/webhooks/pacspace?x=1");
    expect(request.headers.host).toBe("your-app.com");
    expect(request.headers["x-pacspace-signature"]).toBe(expected(request, secret));
    const other = await create("https://example.com/");
    expect(await test1(other.id)).toMatchObject({ success: false });
  });
});

describe("a retry", () => {
  const retry = (id: string) => client.call("POST", `/deliveries/${id}/retry`);

  test("sends the same body under the same id, signed anew, until one attempt succeeds", async () => {
    await start();
    const { id, secret } = await create(receiver.url);
    let failures = 3;
    receiver.handle = (_request, response) => void response.writeHead(failures-- > 0 ? 500 : 200).end();
    await test1(id);
    const failed = await newest();
    const answer = await retry(failed.id);
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ success: true, data: { id: failed.id, status: "pending" } });
    const row = await settled();
    expect(row).toMatchObject({
      id: failed.id,
      status: "delivered",
      attempts: 4,
      httpStatus: 200,
      payload: failed.payload,
    });
    expect(row.attemptLog.map(({ number, httpStatus }: AttemptRow) => [number, httpStatus])).toEqual([
      [1, 500],
      [2, 500],
      [3, 500],
      [4, 200],
    ]);
    expect(receiver.received).toHaveLength(4);
    for (const request of receiver.received) {
      expect(request.body.equals(receiver.received[0]!.body)).toBe(true);
      expect(request.headers["x-event-id"]).toBe(failed.id);
      expect(request.headers["x-pacspace-signature"]).toBe(expected(request, secret));
    }
  });

  test("gives up after the last attempt, and can be asked for again", async () => {
    await start();
    const { id } = await create(receiver.url);
    receiver.handle = (_request, response) => void response.writeHead(503).end();
    await test1(id);
    for (const attempts of [4, 7]) {
      await retry((await newest()).id);
      expect(await settled()).toMatchObject({ status: "failed", attempts });
    }
    expect(receiver.received).toHaveLength(7);
  });

  test("waits longer between attempts", async () => {
    await start({ retryDelaysMs: [0, 100, 400] });
    const { id } = await create(receiver.url);
    receiver.handle = (_request, response) => void response.writeHead(503).end();
    await test1(id);
    await retry((await newest()).id);
    const times = (await settled()).attemptLog.slice(1).map(({ startedAt }: AttemptRow) => Date.parse(startedAt));
    expect(times[1] - times[0]).toBeGreaterThanOrEqual(99);
    expect(times[2] - times[1]).toBeGreaterThanOrEqual(399);
  });

  test("of what is delivered, pending or unknown is refused, and nothing is sent", async () => {
    await start({ retryDelaysMs: [0, 60_000] });
    const { id } = await create(receiver.url);
    await test1(id);
    const delivered = (await newest()).id;
    const refused = await retry(delivered);
    expect(refused.status).toBe(409);
    expect(refused.json).toEqual({ statusCode: 409, error: "Conflict", message: expect.stringContaining("failed") });
    receiver.handle = (_request, response) => void response.writeHead(500).end();
    await test1(id);
    const failed = (await newest()).id;
    expect((await retry(failed)).status).toBe(200);
    expect((await retry(failed)).status).toBe(409);
    await expect.poll(() => receiver.received.length, { timeout: 20_000 }).toBe(3);
    expect((await newest()).status).toBe("pending");
    expect((await retry(failed)).status).toBe(409);
    expect((await retry("evt_unknown")).status).toBe(404);
    expect(receiver.received).toHaveLength(3);
  });

  test("of a deleted webhook's delivery is refused", async () => {
    await start();
    const { id } = await create(receiver.url);
    receiver.handle = (_request, response) => void response.writeHead(500).end();
    await test1(id);
    await client.call("DELETE", `/${id}`);
    expect((await retry((await newest()).id)).status).toBe(409);
  });

  test("to a disabled webhook waits until it is enabled, and is then sent once", async () => {
    await start();
    const { id } = await create(receiver.url);
    receiver.handle = (_request, response) => void response.writeHead(500).end();
    await test1(id);
    receiver.handle = (_request, response) => void response.end();
    await client.call("POST", `/${id}/toggle`);
    await retry((await newest()).id);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await newest()).status).toBe("pending");
    expect(receiver.received).toHaveLength(1);
    for (let flips = 0; flips < 3; flips++) await client.call("POST", `/${id}/toggle`);
    expect(await settled()).toMatchObject({ status: "delivered", attempts: 2 });
    expect(receiver.received).toHaveLength(2);
  });
});
