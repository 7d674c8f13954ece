import { once } from "node:events";
import * as net from "node:net";
import { networkInterfaces } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { atEnd, closeAll, connectRaw, eventually, send, startLab, type RawConnection } from "./support";

afterEach(closeAll);

const megabyte = Buffer.alloc(1024 * 1024, "x");

/** Writes a megabyte at a time until the other side has had enough; gives how much went out. */
async function writeOn(
  { socket }: RawConnection,
  most: number,
  frame: (part: Buffer) => readonly (string | Buffer)[],
): Promise<number> {
  let written = 0;
  while (written < most && !socket.destroyed && socket.writable) {
    for (const part of frame(megabyte)) socket.write(part);
    written += megabyte.length;
    // Nobody reads on: the connection is full, or cut.
    const full = socket.writableNeedDrain;
    if (
      full &&
      !(await Promise.race([
        once(socket, "drain").then(
          () => true,
          () => false,
        ),
        sleep(300, false),
      ]))
    )
      break;
  }
  return written;
}

describe("who may come in", () => {
  const allowedHosts = () => ["", "Tunnel.example.com", "other.example.com:8443", "https://pasted.example.com/hook"];

  test.each([
    ["127.0.0.1:PORT", 200],
    ["LOCALHOST:PORT", 200],
    ["[::1]:PORT", 200],
    ["localhost", 200],
    ["localhost:9999", 200],
    ["tunnel.EXAMPLE.com", 200],
    ["tunnel.example.com:443", 200],
    ["other.example.com:8443", 200],
    ["pasted.example.com", 200],
    ["other.example.com", 403],
    ["other.example.com:443", 403],
    ["evil.example.com", 403],
    ["tunnel.example.com.evil.example.com", 403],
    ["127.0.0.1.evil.example.com", 403],
    ["localhost.", 403],
    ["localhost:x", 403],
  ])("Host %s: %i", async (host, status) => {
    const { receiver, store, log } = await startLab({ allowedHosts });
    const answer = await send(receiver.url, { headers: { Host: host.replace("PORT", String(receiver.port)) } });
    expect(answer.status).toBe(status);
    expect(store.captures).toHaveLength(status === 200 ? 1 : 0);
    if (status === 200) return;
    expect(answer.body.toString()).toContain("pacspace.receiver.allowedHosts");
    expect(answer.headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(log.join("\n")).not.toContain("example");
    expect(log).toHaveLength(1);
  });

  test("the machine's other addresses don't answer", async () => {
    const { receiver, store } = await startLab({ allowedHosts });
    const others = Object.values(networkInterfaces())
      .flat()
      .flatMap((address) => (address?.family === "IPv4" && !address.internal ? [address.address] : []));
    for (const host of [...others, "127.0.0.2"]) {
      const outcome = new Promise<string>((resolve) => {
        const socket = net.connect({ host, port: receiver.port, timeout: 5_000 });
        const end = (how: string) => (): void => {
          socket.destroy();
          resolve(how);
        };
        socket.on("connect", end("connected")).on("timeout", end("refused")).on("error", end("refused"));
      });
      expect(await outcome, host).toBe("refused");
    }
    expect((await send(receiver.url)).status).toBe(200);
    expect(store.captures).toHaveLength(1);
  });

  test.each([
    ["no Host at all", "GET / HTTP/1.0\r\n\r\n", 403],
    ["an empty Host", "GET / HTTP/1.1\r\nHost: \r\n\r\n", 403],
    ["two hosts", "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example.com\r\n\r\n", 400],
    ["an absolute target", "GET http://evil.example.com/ HTTP/1.1\r\nHost: localhost\r\n\r\n", 400],
    ["CONNECT", "CONNECT evil.example.com:443 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400],
    ["an upgrade", "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", 400],
    ["something else than HTTP", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400],
    ["a chunk that is none", "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400],
    ["two lengths", "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400],
    [
      "a length beside chunks",
      "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      400,
    ],
    ["a very long header", `GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ${"x".repeat(40_000)}\r\n\r\n`, 431],
    ["very many headers", `GET / HTTP/1.1\r\nHost: localhost\r\n${"X: y\r\n".repeat(300)}\r\n`, 431],
  ])("%s is refused", async (_what, request, status) => {
    const { receiver, store } = await startLab({ allowedHosts: () => [""] });
    const { socket, received } = await connectRaw(receiver.port);
    socket.write(Buffer.from(request, "latin1"));
    const answer = await eventually(() => received().endsWith("}") && received());
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toMatch(/\r\n\r\n\{"error":"[^"]+\."\}$/);
    expect(store.captures).toHaveLength(0);
    expect((await send(receiver.url)).status).toBe(200);
  });

  test.each([
    ["Origin", "https://evil.example.com"],
    ["Origin", "null"],
    ["Origin", "http://localhost:3000"],
    ["Sec-Fetch-Site", "cross-site"],
    ["Sec-Fetch-Dest", "image"],
  ])("a web page is refused by its %s header: %s", async (name, value) => {
    const { receiver, store } = await startLab();
    const answer = await send(receiver.url, { headers: { [name]: value } }, "{}");
    expect(answer.status).toBe(403);
    expect(answer.raw.filter((field) => /^access-control-/i.test(field))).toEqual([]);
    const asked = { method: "OPTIONS", headers: { [name]: value, "Access-Control-Request-Method": "POST" } };
    expect((await send(receiver.url, asked)).status).toBe(403);
    expect(store.captures).toHaveLength(0);
  });

  test("who hangs up in the middle of a refusal does no harm", async () => {
    const { receiver, log } = await startLab();
    const uncaught: unknown[] = [];
    const keep = (error: unknown): void => void uncaught.push(error);
    process.on("uncaughtException", keep);
    atEnd(() => process.off("uncaughtException", keep));
    const upgrade = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
    const tunnel = "CONNECT localhost:443 HTTP/1.1\r\nHost: localhost\r\n\r\n";
    for (let count = 0; count < 40; count++) {
      const { socket } = await connectRaw(receiver.port);
      socket.write(count % 2 === 0 ? upgrade : tunnel);
      socket.resetAndDestroy();
    }
    await eventually(() => log.length === 40);
    for (let count = 0; count < 5; count++) expect((await send(receiver.url)).status).toBe(200);
    expect(uncaught).toEqual([]);
  });

  test("a server that sends by Node's fetch is none", async () => {
    const { receiver, store } = await startLab();
    expect((await fetch(receiver.url, { method: "POST", body: "{}" })).status).toBe(200);
    expect(store.captures[0]?.headers).toContainEqual(["sec-fetch-mode", "cors"]);
  });
});

describe("how much may come in", () => {
  test("a length of more than ten megabytes is refused before the body comes, and it is not read", async () => {
    const { receiver, store } = await startLab();
    const connection = await connectRaw(receiver.port);
    const length = 200 * megabyte.length;
    connection.socket.write(
      `POST / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: ${length}\r\n\r\n`,
    );
    await eventually(() => connection.received().startsWith("HTTP/1.1 413 ") && connection.received().endsWith("}"));
    const written = await writeOn(connection, length, (part) => [part]);
    expect(written).toBeLessThan(length / 2);
    expect(await connection.closed).toContain('{"error":"The body is larger than 10 MB."}');
    expect(store.captures).toHaveLength(0);
  });

  test("a chunked body without an end is cut after ten megabytes", async () => {
    const { receiver, store } = await startLab();
    const connection = await connectRaw(receiver.port);
    connection.socket.write("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
    const written = await writeOn(connection, 200 * megabyte.length, (part) => [
      `${part.length.toString(16)}\r\n`,
      part,
      "\r\n",
    ]);
    expect(written).toBeLessThan(100 * megabyte.length);
    expect(await connection.closed).toMatch(/^HTTP\/1\.1 413 /);
    expect(store.captures).toHaveLength(0);
    expect((await send(receiver.url)).status).toBe(200);
  });

  test("large bodies that many send at once are bounded together, and forgotten when their senders leave", async () => {
    const { receiver, store } = await startLab();
    const connections = await Promise.all(Array.from({ length: 12 }, () => connectRaw(receiver.port)));
    for (const { socket } of connections) {
      socket.write(`POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${10 * megabyte.length}\r\n\r\n`);
      for (let part = 0; part < 9; part++) socket.write(megabyte);
    }
    await eventually(() => connections.some(({ received }) => received().startsWith("HTTP/1.1 503 ")));
    for (const { socket } of connections) socket.destroy();
    await Promise.all(connections.map(({ closed }) => closed));
    expect(store.captures).toHaveLength(0);
    const whole = Buffer.alloc(10 * megabyte.length);
    // The server has yet to learn that they left.
    for (let tries = 0; (await send(receiver.url, {}, whole)).status !== 200; tries++) expect(tries).toBeLessThan(100);
    for (let at = 0; at < 10; at++) expect((await send(receiver.url, {}, whole)).status).toBe(200);
  });
});

describe("how long it may take", () => {
  const limits = { headMs: 300, requestMs: 600 };

  test.each([
    ["nothing at all", ""],
    ["a slow head", "POST / HTTP/1.1\r\nHost: loc"],
    ["a slow body", "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nx"],
    ["a slow chunked body", "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n"],
  ])("%s is cut", async (_what, start) => {
    const { receiver, store } = await startLab({ limits });
    const { socket, closed } = await connectRaw(receiver.port);
    if (start !== "") socket.write(start);
    const drip =
      start === "" ? undefined : setInterval(() => socket.write(start.includes("chunked") ? "1\r\nx\r\n" : "x"), 50);
    try {
      expect(await closed).toMatch(/^HTTP\/1\.1 408 .*\{"error":"The request took too long to arrive\."\}$/s);
    } finally {
      clearInterval(drip);
    }
    expect(store.captures).toHaveLength(0);
  });

  test("a thousand open connections, idle or slow, keep nobody else out", async () => {
    const { receiver, store } = await startLab();
    const connections = await Promise.all(Array.from({ length: 1_000 }, () => connectRaw(receiver.port)));
    for (const [at, { socket }] of connections.entries()) if (at % 2 === 0) socket.write("POST / HTTP/1.1\r\nHost: ");
    const began = performance.now();
    for (let at = 0; at < 50; at++) expect((await send(receiver.url, {}, "x")).status).toBe(200);
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(store.captures).toHaveLength(50);
    expect(connections.filter(({ socket }) => socket.destroyed)).toHaveLength(0);
    await receiver.close();
    await Promise.all(connections.map(({ closed }) => closed));
  });
});
