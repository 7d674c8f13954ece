import * as net from "node:net";
import { networkInterfaces } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { demoAccount } from "../../../src/local/demoAccount";
import { startLocalPacSpace, type LocalPacSpace } from "../../../src/local/server";
import { send, signIn, type Client } from "./support";

let local: LocalPacSpace;
let client: Client;

beforeAll(async () => {
  local = await startLocalPacSpace({ requestTimeoutMs: 1_000 });
  client = await signIn(local.baseUrl);
});

afterAll(() => local.close());

/** Writes bytes over a bare socket, and gives all that comes back until the server hangs up or a time has passed. */
function raw(parts: readonly (string | Buffer)[], waitMs = 20_000): Promise<string> {
  return new Promise((resolve) => {
    const socket = net.connect(local.port, "127.0.0.1");
    let text = "";
    const timer = setTimeout(() => socket.destroy(), waitMs);
    socket.on("data", (chunk) => (text += chunk.toString("latin1")));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearTimeout(timer);
      resolve(text);
    });
    for (const part of parts) socket.write(part);
  });
}

const head = (line: string, ...headers: string[]) =>
  [line, `Host: 127.0.0.1:${local.port}`, "Connection: close", ...headers, "", ""].join("\r\n");

describe("strangers", () => {
  test.each(["evil.example", "127.0.0.1", "localhost:1", "127.0.0.1.evil.example", "0.0.0.0"])(
    "the Host %s is refused, with a session and at login",
    async (name) => {
      const host = name.includes(":") ? name : `${name}:${name === "127.0.0.1" ? 1 : local.port}`;
      const listed = await client.call("GET", "", { headers: { host } });
      expect(listed.status).toBe(403);
      expect(listed.json).toMatchObject({ statusCode: 403, error: "Forbidden" });
      const answer = await send(local.baseUrl, "POST", "/dashboard/auth/login", {
        body: demoAccount,
        headers: { host },
      });
      expect(answer.status).toBe(403);
      expect(answer.headers["set-cookie"]).toBeUndefined();
    },
  );

  test("the names of this machine with its own port are taken, however they are spelt", async () => {
    for (const name of ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"]) {
      expect((await client.call("GET", "", { headers: { host: `${name}:${local.port}` } })).status).toBe(200);
    }
  });

  test.each(["https://evil.example", "null", "http://localhost:3000", "http://127.0.0.1"])(
    "the Origin %s is refused, and nothing happens",
    async (origin) => {
      const answer = await client.call("POST", "", { body: { url: "https://example.com/" }, headers: { origin } });
      expect(answer.status).toBe(403);
      expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
      expect((await client.call("GET", "")).json.data.pagination.total).toBe(0);
    },
  );

  test("its own origin is refused too: no page of it exists", async () => {
    expect((await client.call("GET", "", { headers: { origin: local.baseUrl } })).status).toBe(403);
  });

  test("the machine's other addresses don't answer", async () => {
    const others = Object.values(networkInterfaces())
      .flat()
      .flatMap((address) => (address?.family === "IPv4" && !address.internal ? [address.address] : []));
    for (const host of [...others, "127.0.0.2"]) {
      const refused = new Promise<string>((resolve) => {
        const socket = net.connect({ host, port: local.port, timeout: 5_000 });
        socket.on("connect", () => {
          socket.destroy();
          resolve("connected");
        });
        socket.on("timeout", () => {
          socket.destroy();
          resolve("refused");
        });
        socket.on("error", () => resolve("refused"));
      });
      expect(await refused, host).toBe("refused");
    }
  });

  test("no Host, or two, are refused", async () => {
    expect(await raw(["GET /dashboard/webhooks HTTP/1.1\r\n\r\n"])).toMatch(/^HTTP\/1\.1 400 /);
    const cookie = `Cookie: ${client.cookie}`;
    const twice = `GET /dashboard/webhooks HTTP/1.1\r\nHost: 127.0.0.1:${local.port}\r\nHost: evil.example\r\n${cookie}\r\n\r\n`;
    expect(await raw([twice], 2_000)).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(await raw([`GET /dashboard/webhooks HTTP/1.0\r\n${cookie}\r\n\r\n`])).toMatch(/^HTTP\/1\.1 403 /);
  });
});

describe("caps", () => {
  test.each(["/dashboard/auth/login", "/dashboard/webhooks", "/dashboard/webhooks/x/toggle", "/nowhere"])(
    "a body above 1 MB to %s answers 413, its length told or not",
    async (route) => {
      const headers = { cookie: client.cookie, "x-pacspace-csrf": "1", "content-type": "application/json" };
      const large = Buffer.alloc(1024 * 1024 + 1, 0x20);
      const told = await send(local.baseUrl, "POST", route, { raw: large, headers });
      expect(told.status).toBe(413);
      expect(told.json).toMatchObject({ statusCode: 413, error: "Payload Too Large" });
      const chunked = { ...headers, "transfer-encoding": "chunked" };
      expect((await send(local.baseUrl, "POST", route, { raw: large, headers: chunked })).status).toBe(413);
      const fits = await send(local.baseUrl, "POST", route, { raw: large.subarray(1), headers });
      expect(fits.status).not.toBe(413);
    },
  );

  test("a body that comes too slowly is cut off with 408", async () => {
    const begun = Date.now();
    const answer = await raw([head("POST /dashboard/auth/login HTTP/1.1", "Content-Length: 1000"), '{"email":']);
    expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\nServer: Local-PacSpace\/1\r\n/);
    expect(answer).toContain('"statusCode":408');
    expect(Date.now() - begun).toBeLessThan(15_000);
  });

  test("headers that come too slowly are cut off with 408", async () => {
    expect(await raw(["GET / HTTP/1.1\r\nHost: 127"])).toMatch(/^HTTP\/1\.1 408 /);
  });

  test("headers above 16 KB answer 431", async () => {
    const answer = await raw([head("GET /dashboard/webhooks HTTP/1.1", `X-Long: ${"x".repeat(20_000)}`)]);
    expect(answer).toMatch(/^HTTP\/1\.1 431 [^\r]+\r\nServer: Local-PacSpace\/1\r\n/);
  });

  test.each([
    ["no HTTP at all", "\u0016\u0003\u0001 hello\r\n\r\n"],
    ["two lengths", "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"],
    ["a length and chunks", "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"],
  ])("%s answers 400", async (_name, bytes) => {
    expect(await raw([bytes])).toMatch(/^HTTP\/1\.1 400 Bad Request\r\nServer: Local-PacSpace\/1\r\n/);
  });

  test("it is no proxy and upgrades to nothing", async () => {
    expect(await raw([head("GET http://127.0.0.1:1/dashboard/webhooks HTTP/1.1")])).toMatch(/^HTTP\/1\.1 400 /);
    expect(await raw([head("CONNECT 127.0.0.1:1 HTTP/1.1")])).toMatch(/^HTTP\/1\.1 400 /);
    const upgrade = [`GET / HTTP/1.1`, `Host: 127.0.0.1:${local.port}`, "Connection: Upgrade", "Upgrade: websocket"];
    expect(await raw([`${upgrade.join("\r\n")}\r\n\r\n`])).toMatch(/^HTTP\/1\.1 400 /);
  });

  test("who hangs up in the middle of such an answer does no harm", async () => {
    const uncaught: unknown[] = [];
    const keep = (error: unknown): void => void uncaught.push(error);
    process.on("uncaughtException", keep);
    const upgrade = head("GET / HTTP/1.1", "Upgrade: websocket").replace("close", "Upgrade");
    for (let count = 0; count < 40; count++) {
      const socket = net.connect(local.port, "127.0.0.1");
      socket.on("error", () => undefined);
      await new Promise((resolve) => socket.once("connect", resolve));
      socket.write(count % 2 === 0 ? upgrade : head("CONNECT 127.0.0.1:1 HTTP/1.1"));
      socket.resetAndDestroy();
    }
    for (let count = 0; count < 5; count++) expect((await client.call("GET", "")).status).toBe(200);
    process.off("uncaughtException", keep);
    expect(uncaught).toEqual([]);
  });

  test("after all of this it still answers", async () => {
    expect((await client.call("GET", "")).status).toBe(200);
  });
});

test("closing ends at once, connections that are kept open and requests under way included", async () => {
  const other = await startLocalPacSpace();
  const idle = net.connect(other.port, "127.0.0.1");
  const gone = new Promise((resolve) => idle.on("close", resolve));
  idle.on("error", () => undefined);
  await new Promise((resolve) => idle.once("connect", resolve));
  idle.write("POST /dashboard/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{");
  const begun = Date.now();
  await other.close();
  await gone;
  expect(Date.now() - begun).toBeLessThan(5_000);
  await other.close();
});

test("a port that is taken is told by number and code", async () => {
  await expect(startLocalPacSpace({ port: local.port })).rejects.toMatchObject({
    message: `Port ${local.port} is taken by another program. Stop it, or choose another port.`,
    code: "EADDRINUSE",
  });
});
