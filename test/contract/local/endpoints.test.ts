import * as http from "node:http";
import * as net from "node:net";
import { networkInterfaces } from "node:os";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startLocalPacSpace, type LocalOptions, type LocalPacSpace } from "../../../src/local/server";
import { signIn, startReceiver, type Client, type Receiver } from "./support";

/** Endpoints that behave in odd ways: each must come to an end, and be told. */

let local: LocalPacSpace;
let client: Client;
let receiver: Receiver;
const servers = new Set<net.Server>();

async function start(options: LocalOptions = {}): Promise<void> {
  local = await startLocalPacSpace(options);
  client = await signIn(local.baseUrl);
}

beforeEach(async () => {
  receiver = await startReceiver();
});

afterEach(async () => {
  await local.close();
  await receiver.close();
  for (const server of servers) await new Promise((resolve) => server.close(resolve));
  servers.clear();
});

async function listen(server: net.Server, host = "127.0.0.1"): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  servers.add(server);
  return (server.address() as net.AddressInfo).port;
}

/** An endpoint that writes these bytes when a request begins, and nothing more. */
function raw(bytes: string): Promise<number> {
  return listen(
    net.createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => {
        socket.write(bytes);
        socket.resume();
      });
    }),
  );
}

const create = async (url: string) => (await client.call("POST", "", { body: { url } })).json.data.id as string;
const test1 = async (id: string) => (await client.call("POST", `/${id}/test`)).json.data;
const newest = async () => (await client.call("GET", "/deliveries?limit=1")).json.data.deliveries[0];

test.each([
  ["head", "HTTP/1.1 100 Continue\r\n\r\n"],
  ["body of a told length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab"],
  ["body in chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n"],
  ["body without an end", "HTTP/1.1 200 OK\r\n\r\nab"],
])("the limit holds while a %s is waited for, whatever memory is freed meanwhile", async (_name, bytes) => {
  await start({ deliveryTimeoutMs: 500 });
  const id = await create(`http://127.0.0.1:${await raw(bytes)}/`);
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const collecting = setInterval(collect, 25);
  try {
    expect(await test1(id)).toMatchObject({ success: false, message: expect.stringContaining("within 0.5 s") });
  } finally {
    clearInterval(collecting);
  }
  expect(await newest()).toMatchObject({ status: "failed", error: "No whole answer within 0.5 s" });
});

test("an endpoint that changes the protocol has failed, at once", async () => {
  await start({ deliveryTimeoutMs: 60_000 });
  const bytes = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n";
  const id = await create(`http://127.0.0.1:${await raw(bytes)}/`);
  expect(await test1(id)).toEqual({ success: false, httpStatus: 101, message: expect.stringContaining("101") });
  expect(await newest()).toMatchObject({ status: "failed", responseHeaders: { upgrade: "other" } });
});

test("localhost is tried at each of its addresses; when none answers, each is named", async () => {
  await start();
  const loopback = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const hosts = ["127.0.0.1", "::1"].filter((host) => loopback.some(({ address }) => address === host));
  for (const host of hosts) {
    const server = http.createServer((request, response) => void request.resume().on("end", () => response.end(host)));
    const id = await create(`http://localhost:${await listen(server, host)}/`);
    expect(await test1(id)).toMatchObject({ success: true });
    expect(await newest()).toMatchObject({ responseBody: host });
  }
  const gone = await startReceiver();
  await gone.close();
  const { port } = new URL(gone.url);
  const { message } = await test1(await create(`http://localhost:${port}/`));
  expect(message).toContain(`127.0.0.1:${port}`);
  expect(message).toContain(`::1:${port}`);
});

test("a mapped endpoint keeps its path and query, also where the path looks like another host", async () => {
  await start({ endpoints: { "https://your-app.com": receiver.url } });
  for (const path of ["//hooks.example.com/in?x=1", "/a%2Fb/?", "/"]) {
    expect(await test1(await create(`https://your-app.com${path}`))).toMatchObject({ success: true });
  }
  expect(receiver.received.map(({ path }) => path)).toEqual(["//hooks.example.com/in?x=1", "/a%2Fb/", "/"]);
});

test("a test that is under way is not sent again by disabling and enabling its webhook", async () => {
  await start({ retryDelaysMs: [0] });
  const waiting: http.ServerResponse[] = [];
  receiver.handle = (_request, response) => void waiting.push(response);
  const id = await create(receiver.url);
  const tested = test1(id);
  await expect.poll(() => waiting.length, { timeout: 20_000 }).toBe(1);
  for (let flips = 0; flips < 4; flips++) await client.call("POST", `/${id}/toggle`);
  await new Promise((resolve) => setTimeout(resolve, 300));
  for (const response of waiting) response.end();
  expect(await tested).toMatchObject({ success: true });
  expect(receiver.received).toHaveLength(1);
  expect(await newest()).toMatchObject({ status: "delivered", attempts: 1 });
});
