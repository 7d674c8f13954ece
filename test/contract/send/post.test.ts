import * as http from "node:http";
import * as net from "node:net";
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { post, type PostOptions } from "../../../src/send/post";
import { takesConnections } from "../../../src/send/reach";

/** Those that this machine has: IPv6 is off in many a container. */
const loopbackAddresses = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .filter(({ address }) => address === "127.0.0.1" || address === "::1")
  .map(({ address }) => address);

const open = new Set<() => void>();

afterEach(() => {
  for (const close of open) close();
  open.clear();
});

async function listen<T extends net.Server>(server: T, host = "127.0.0.1"): Promise<{ server: T; port: number }> {
  const sockets = new Set<net.Socket>();
  server.on("connection", (socket) => sockets.add(socket));
  open.add(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

/** An endpoint that keeps what it got; its connections are counted. */
async function endpoint(status = 200, headers: http.OutgoingHttpHeaders = {}, host?: string) {
  const got: { method: string | undefined; raw: readonly string[]; body: Buffer }[] = [];
  let connections = 0;
  const listener: http.RequestListener = (request, response) => {
    void buffer(request).then((body) => {
      got.push({ method: request.method, raw: request.rawHeaders, body });
      response.writeHead(status, headers).end(`answer ${got.length}`);
    });
  };
  const { server, port } = await listen(http.createServer(listener), host);
  server.on("connection", () => (connections += 1));
  return { got, url: `http://127.0.0.1:${port}/hook?a=1`, port, server, connections: () => connections };
}

/** A server whose connections are handled by hand. */
async function raw(onConnection: (socket: net.Socket) => void): Promise<string> {
  const { port } = await listen(
    net.createServer((socket) => {
      socket.on("error", () => undefined);
      onConnection(socket);
    }),
  );
  return `http://127.0.0.1:${port}/hook`;
}

function send(url: string, options?: PostOptions) {
  return post({ url, headers: [["Content-Type", "application/json"]], body: Buffer.from("{}") }, options);
}

const answerOf = (body: string): string => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

describe("a request", () => {
  test("goes out as it is: order, case and duplicates of headers, bytes of the body", async () => {
    const { got, url, port } = await endpoint();
    const body = Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x0d, 0x0a, 0x00, 0xff, 0x7d]);
    await post({
      url,
      headers: [
        ["x-second", "b"],
        ["X-First", "\u00e9"],
        ["x-second", "a"],
      ],
      body,
    });
    expect(got).toEqual([
      {
        method: "POST",
        raw: [
          ...["Host", `127.0.0.1:${port}`, "x-second", "b", "X-First", "\u00e9", "x-second", "a"],
          ...["Content-Length", "9", "Connection", "keep-alive"],
        ],
        body,
      },
    ]);
  });

  test("leaves out what belonged to the connection that it came by", async () => {
    const { got, url, port } = await endpoint();
    const headers = [
      ["host", "old.example.com"],
      ["Transfer-Encoding", "chunked"],
      ["content-length", "999"],
      ["CONNECTION", "close"],
      ["Expect", "100-continue"],
      ["X-Kept", "1"],
    ] as const;
    await post({ url, headers, body: Buffer.from("abc") });
    expect(got[0]?.raw).toEqual([
      ...["Host", `127.0.0.1:${port}`, "X-Kept", "1", "Content-Length", "3", "Connection", "keep-alive"],
    ]);
    expect(got[0]?.body.toString()).toBe("abc");
  });

  test("has another method if wished, and no length where there is no body to have one", async () => {
    const { got, url } = await endpoint();
    await post({ url, method: "GET", headers: [], body: new Uint8Array() });
    await post({ url, method: "PUT", headers: [], body: new Uint8Array() });
    expect(got.map(({ method, raw }) => [method, raw.includes("Content-Length")])).toEqual([
      ["GET", false],
      ["PUT", true],
    ]);
  });

  test.each(["", "localhost:3000", "ftp://localhost/", "http://user:word@localhost/", "http://"])(
    "is not sent to “%s”",
    async (url) => {
      await expect(send(url)).rejects.toMatchObject({ kind: "invalid" });
    },
  );

  test("is not sent with a header that HTTP can't carry", async () => {
    const { got, url } = await endpoint();
    for (const header of [
      ["X-A", "a\r\nX-B: b"],
      ["X A", "a"],
    ] as const) {
      await expect(post({ url, headers: [header], body: Buffer.from("") })).rejects.toMatchObject({ kind: "invalid" });
    }
    expect(got).toEqual([]);
  });
});

describe("an answer", () => {
  test("comes as it is, whatever its status; a redirect is not followed", async () => {
    const { url, got } = await endpoint(302, { Location: "/elsewhere", "x-Odd": ["1", "2"] });
    const { status, headers, body, truncated, durationMs } = await send(url);
    expect(status).toBe(302);
    expect(headers).toEqual(
      expect.arrayContaining([
        ["Location", "/elsewhere"],
        ["x-Odd", "1"],
        ["x-Odd", "2"],
      ]),
    );
    expect(Buffer.from(body).toString()).toBe("answer 1");
    expect(truncated).toBe(false);
    expect(durationMs).toBeGreaterThan(0);
    expect(got).toHaveLength(1);
  });

  test("is read as far as it is kept, even when it has no end", async () => {
    const url = await raw((socket) => {
      socket.on("data", () => {
        socket.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n");
        const pour = setInterval(() => socket.write("x".repeat(50_000)), 1);
        socket.on("close", () => clearInterval(pour));
      });
    });
    const { body, truncated } = await send(url);
    expect([body.length, truncated]).toEqual([64 * 1024, true]);
  });

  test.each(["Connection: Upgrade\r\nUpgrade: websocket\r\n", ""])(
    "that changes the protocol ends with its head (%j)",
    async (fields) => {
      const words = `HTTP/1.1 101 Switching Protocols\r\nX-Own: 1\r\n${fields}\r\n`;
      const url = await raw((socket) => socket.on("data", () => socket.write(words)));
      const answer = await send(url, { timeoutMs: 10_000 });
      expect(answer).toMatchObject({ status: 101, body: Buffer.from(""), truncated: false });
      expect(answer.headers).toContainEqual(["X-Own", "1"]);
    },
  );

  test("of exactly as much as is kept is whole", async () => {
    const url = await raw((socket) => socket.on("data", () => socket.write(answerOf("12345"))));
    expect(await send(url, { keepBytes: 5 })).toMatchObject({ truncated: false });
    expect(await send(url, { keepBytes: 4 })).toMatchObject({ truncated: true, body: Buffer.from("1234") });
  });
});

describe("what goes wrong is told:", () => {
  test("nothing listens", async () => {
    const { server, url } = await endpoint();
    await new Promise((resolve) => server.close(resolve));
    await expect(send(url)).rejects.toMatchObject({
      kind: "network",
      code: "ECONNREFUSED",
      message: expect.stringMatching(/^Nothing listens at http:\/\/127\.0\.0\.1:\d+\. Start your handler/),
    });
    expect(await takesConnections(new URL(url))).toBe(false);
  });

  test("there is no such host", async () => {
    await expect(send("http://nowhere.invalid/")).rejects.toMatchObject({
      kind: "network",
      message: expect.stringContaining("There is no host named nowhere.invalid"),
    });
  });

  test("the connection is closed without an answer, or in the midst of one", async () => {
    for (const words of ["", "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf"]) {
      const url = await raw((socket) => socket.on("data", () => socket.end(words)));
      await expect(send(url)).rejects.toMatchObject({
        kind: "network",
        message: expect.stringContaining("closed the connection before its answer was complete"),
      });
    }
  });

  test("what answers speaks no HTTP", async () => {
    const url = await raw((socket) => socket.on("data", () => socket.end("SSH-2.0-x\r\n")));
    await expect(send(url)).rejects.toMatchObject({
      kind: "network",
      message: expect.stringContaining("not HTTP"),
    });
  });

  test("https is spoken to a port of http", async () => {
    const { port } = await endpoint();
    await expect(send(`https://127.0.0.1:${port}/`)).rejects.toMatchObject({
      kind: "network",
      message: expect.stringContaining("No secure connection"),
    });
  });

  test("the answer, or its end, takes too long", async () => {
    for (const words of ["", "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf"]) {
      const url = await raw((socket) => socket.on("data", () => socket.write(words)));
      await expect(send(url, { timeoutMs: 100 })).rejects.toMatchObject({
        kind: "timeout",
        message: expect.stringContaining("within 0.1 s"),
      });
    }
  });

  test("there is no limit where none is wanted, as for a handler in a debugger", async () => {
    const url = await raw((socket) => socket.on("data", () => setTimeout(() => socket.end(answerOf("late")), 2_500)));
    expect(await send(url, { timeoutMs: 0 })).toMatchObject({ status: 200, body: Buffer.from("late") });
  });

  test("it was cancelled: at once, and before it began", async () => {
    const controller = new AbortController();
    let heard = 0;
    const url = await raw((socket) =>
      socket.on("data", () => {
        heard += 1;
        controller.abort();
      }),
    );
    const began = performance.now();
    await expect(send(url, { signal: controller.signal, timeoutMs: 0 })).rejects.toMatchObject({ kind: "cancelled" });
    expect(performance.now() - began).toBeLessThan(5_000);
    await expect(send(url, { signal: controller.signal })).rejects.toMatchObject({ kind: "cancelled" });
    expect(heard).toBe(1);
  });
});

describe("connections", () => {
  test("are kept: thousands of requests go through one", async () => {
    const { got, url, connections } = await endpoint();
    for (let count = 0; count < 3_000; count++) await send(url);
    expect(got).toHaveLength(3_000);
    expect(connections()).toBe(1);
  });

  test("are not shared where a request wants its own", async () => {
    const { got, url, connections } = await endpoint();
    for (let count = 0; count < 3; count++) await send(url, { ownConnection: true });
    expect(connections()).toBe(3);
    expect(got.every(({ raw }) => raw.at(-1) === "close")).toBe(true);
  });

  test("that the other side has closed meanwhile are replaced, and nothing is sent twice", async () => {
    let requests = 0;
    let connections = 0;
    const url = await raw((socket) => {
      connections += 1;
      socket.on("data", () => {
        requests += 1;
        // The answer says nothing of the end that comes with it.
        socket.end(answerOf("ok"));
      });
    });
    for (let count = 0; count < 200; count++) expect((await send(url)).status).toBe(200);
    expect([requests, connections]).toEqual([200, 200]);
  });

  test("that break after the request was written are an error: it may have been handled", async () => {
    let requests = 0;
    const url = await raw((socket) => {
      socket.on("data", () => {
        requests += 1;
        if (requests === 1) socket.write(answerOf("ok"));
        else socket.destroy();
      });
    });
    await send(url);
    await expect(send(url)).rejects.toMatchObject({ kind: "network" });
    expect(requests).toBe(2);
  });

  test("do not stay open for long when nothing is sent", async () => {
    const closed = new AbortController();
    const url = await raw((socket) => {
      socket.on("data", () => socket.write(answerOf("ok")));
      socket.on("close", () => closed.abort());
    });
    await send(url);
    await expect(sleep(10_000, "still open", { signal: closed.signal })).rejects.toMatchObject({ name: "AbortError" });
  });

  test.each(loopbackAddresses)("to localhost find a handler that listens at %s only", async (host) => {
    const { got, port } = await endpoint(200, {}, host);
    await send(`http://localhost:${port}/`);
    expect(got[0]?.raw.slice(0, 2)).toEqual(["Host", `localhost:${port}`]);
    expect(await takesConnections(new URL(`http://localhost:${port}/`))).toBe(true);
  });
});
