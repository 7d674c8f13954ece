import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { isErrorOfKind } from "../../../src/core/errors";
import { closeAll, deliveryHeaders, eventually, exchangeRaw, send, startHandler, startLab } from "./support";

afterEach(closeAll);

const awkward = Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x0d, 0x0a, 0xff, 0xfe, 0xc3, 0x28, 0x00, 0x7d, 0x0a]);

describe("what the handler gets", () => {
  test("is the body's own bytes and the sender's headers; those of a connection are made anew", async () => {
    const handler = await startHandler();
    const { receiver } = await startLab();
    receiver.forwardTo = handler.url;
    const headers = { ...deliveryHeaders(awkward), "content-TYPE": "application/json; charset=utf-8" };
    const head = [
      "POST /hook?a=1 HTTP/1.1",
      "Host: localhost",
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      "X-Twice: one",
      "x-twice: caf\xe9",
      "Transfer-Encoding: chunked",
      "Connection: close, X-Mine",
      "X-Mine: for this connection",
      "Keep-Alive: timeout=5",
      "Proxy-Authorization: Basic xyz",
      "TE: trailers",
    ];
    const chunk = `${awkward.length.toString(16)}\r\n`;
    const answer = await exchangeRaw(receiver.port, `${head.join("\r\n")}\r\n\r\n`, chunk, awkward, "\r\n0\r\n\r\n");
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n.*\r\n\r\ndone$/s);
    const [got] = handler.got;
    expect(got?.body).toEqual(awkward);
    expect([got?.method, got?.url]).toEqual(["POST", "/hook?a=1"]);
    expect(got?.raw).toEqual([
      ...["Host", `127.0.0.1:${handler.port}`],
      ...Object.entries(headers).flat(),
      ...["X-Twice", "one", "x-twice", "caf\xe9"],
      ...["Content-Length", String(awkward.length)],
      ...["Connection", "keep-alive"],
    ]);
  });

  test.each(["GET", "HEAD", "PUT"])("is %s when that was captured", async (method) => {
    const handler = await startHandler((_request, response) => response.writeHead(202, { "X-Own": "1" }).end("body"));
    const { receiver } = await startLab();
    receiver.forwardTo = handler.url;
    const answer = await send(`${receiver.url}/x?y`, { method });
    expect([answer.status, answer.headers["x-own"], answer.headers["content-length"]]).toEqual([
      202,
      "1",
      method === "HEAD" ? undefined : "4",
    ]);
    expect(answer.body.toString()).toBe(method === "HEAD" ? "" : "body");
    expect(handler.got).toMatchObject([{ method, url: "/x?y" }]);
  });

  test.each([
    ["", "/sent/here?q=1", "/sent/here?q=1"],
    ["/", "//sent?q=1", "//sent?q=1"],
    ["/hook", "/sent/here?q=1", "/hook?q=1"],
    ["/hook?own=1", "/sent/here?q=1", "/hook?own=1"],
    ["/?own=1", "/sent/here?q=1", "/sent/here?own=1"],
    ["/hook/", "/", "/hook/"],
  ])("comes to the address %s, for a request to %s, as %s", async (address, target, url) => {
    const handler = await startHandler();
    const { receiver, store } = await startLab();
    receiver.forwardTo = handler.url + address;
    await send(receiver.url, { path: target });
    expect(handler.got).toMatchObject([{ url }]);
    expect(store.captures[0]?.forward).toMatchObject({ url: handler.url + url });
  });
});

describe("what the sender gets", () => {
  test("is the handler's status, headers and body; consent to web pages is left out", async () => {
    const handler = await startHandler((_request, response) => {
      response.writeHead(418, [
        ...["X-Own", "one", "x-own", "two", "Set-Cookie", "a=1", "Set-Cookie", "b=2"],
        ...["Access-Control-Allow-Origin", "*", "Content-Type", "text/plain", "Transfer-Encoding", "chunked"],
      ]);
      response.write("I am ");
      response.end("a teapot");
    });
    const { receiver, store, until } = await startLab();
    receiver.forwardTo = handler.url;
    const answer = await send(receiver.url, { headers: deliveryHeaders("{}") }, "{}");
    expect([answer.status, answer.body.toString()]).toEqual([418, "I am a teapot"]);
    const fields = answer.raw.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${answer.raw[at + 1]}`] : []));
    expect(fields.filter((field) => !/^(date|connection|keep-alive):/i.test(field))).toEqual([
      "X-Own: one",
      "x-own: two",
      "Set-Cookie: a=1",
      "Set-Cookie: b=2",
      "Content-Type: text/plain",
      "Content-Length: 13",
    ]);
    const { forward, check } = await until(({ check }) => check.state !== "pending");
    expect(check.state).toBe("verified");
    expect(forward).toMatchObject({ state: "answered", status: 418, truncated: false, url: `${handler.url}/` });
    expect(forward?.state === "answered" && forward.headers).toContainEqual(["Access-Control-Allow-Origin", "*"]);
    expect(forward?.state === "answered" && Buffer.from(forward.body).toString()).toBe("I am a teapot");
    expect(store.captures).toHaveLength(1);
  });

  test("is a redirect, not what it leads to", async () => {
    const handler = await startHandler((_request, response) => response.writeHead(302, { Location: "/other" }).end());
    const { receiver } = await startLab();
    receiver.forwardTo = handler.url;
    const answer = await send(receiver.url);
    expect([answer.status, answer.headers.location, handler.got.length]).toEqual([302, "/other", 1]);
  });

  test("is the whole of a long answer, of which the beginning is kept", async () => {
    const long = Buffer.alloc(3_000_000, "0123456789abcde");
    const handler = await startHandler((_request, response) => response.end(long));
    const { receiver, until } = await startLab();
    receiver.forwardTo = handler.url;
    expect(Buffer.compare((await send(receiver.url)).body, long)).toBe(0);
    const { forward } = await until(({ forward }) => forward?.state === "answered");
    expect(forward).toMatchObject({ truncated: true });
    expect(forward?.state === "answered" && Buffer.compare(forward.body, long.subarray(0, 64 * 1024))).toBe(0);
  });
});

describe("a handler that changes the protocol", () => {
  test("is a 502 to the sender, and its answer is kept", async () => {
    const upgrade = { Connection: "Upgrade", Upgrade: "websocket" };
    const handler = await startHandler((_request, response) => response.writeHead(101, upgrade).end());
    const { receiver, store } = await startLab();
    receiver.forwardTo = handler.url;
    const answer = await send(receiver.url);
    expect([answer.status, answer.body.toString()]).toEqual([502, expect.stringContaining("status 101")]);
    expect(store.captures[0]?.forward).toMatchObject({ state: "answered", status: 101 });
  });
});

describe("a handler that is down", () => {
  test("is a 502 to the sender; the capture is kept, marked, and can be sent when the handler is up", async () => {
    const gone = await startHandler();
    await gone.close();
    const { receiver, store } = await startLab();
    receiver.forwardTo = `${gone.url}/hook`;
    const answer = await send(receiver.url, { headers: deliveryHeaders(awkward) }, awkward);
    expect(answer.status).toBe(502);
    expect(JSON.parse(answer.body.toString())).toEqual({
      error: `Nothing listens at ${gone.url}. Start your handler, or correct the URL's host and port.`,
    });
    const [capture] = store.captures;
    expect(capture?.forward).toMatchObject({
      state: "failed",
      url: `${gone.url}/hook`,
      message: expect.stringMatching(/^Nothing listens/),
    });

    const handler = await startHandler(undefined, gone.port);
    const forward = await receiver.forward(capture!.id);
    expect(forward).toMatchObject({ state: "answered", status: 200 });
    expect(store.get(capture!.id)?.forward).toEqual(forward);
    expect(handler.got[0]?.body).toEqual(awkward);
    expect(handler.got[0]?.raw).toEqual(expect.arrayContaining(["X-PacSpace-Signature", "X-Event-ID", "evt_1"]));
  });

  test("or hangs up is a 502, or says nothing is a failure after the time limit", async () => {
    const handler = await startHandler((request, response) => {
      if (request.url === "/crash") response.socket?.destroy();
    });
    let timeoutMs = 30_000;
    const { receiver, store } = await startLab({ forwardTo: handler.url, forwardTimeoutMs: () => timeoutMs });
    expect((await send(`${receiver.url}/crash`)).status).toBe(502);
    expect(store.captures[0]?.forward).toMatchObject({ state: "failed" });
    const { id } = await receiver.take({ method: "POST", target: "/crash", headers: [], body: awkward }, "polled");
    receiver.forwardTo = `${handler.url}/silent`;
    timeoutMs = 200;
    const forward = await receiver.forward(id);
    expect(forward).toMatchObject({ state: "failed", message: expect.stringContaining("no answer within 0.2 s") });
    expect(forward.state === "failed" && forward.durationMs).toBeGreaterThan(150);
    timeoutMs = 0;
    const controller = new AbortController();
    const cancelled = receiver.forward(id, controller.signal);
    controller.abort();
    expect(await cancelled).toMatchObject({ state: "failed", message: expect.stringContaining("was cancelled") });
  });

  test("is waited for by no one when the receiver is closed", async () => {
    const handler = await startHandler(() => undefined);
    const { receiver, store } = await startLab();
    receiver.forwardTo = handler.url;
    const senders = Array.from({ length: 120 }, () => send(receiver.url).catch((error: unknown) => error));
    await eventually(() => handler.got.length >= 100 && store.captures.length === 120);
    await sleep(50);
    // The others wait for their turn.
    expect(handler.got).toHaveLength(100);
    await receiver.close();
    await Promise.all(senders);
    expect(store.captures).toHaveLength(120);
    expect(store.captures.every(({ forward }) => forward?.state === "failed")).toBe(true);
  });

  test("gets the time that is asked for with each capture, however it came", async () => {
    const handler = await startHandler(() => undefined);
    let asked = 0;
    const forwardTimeoutMs = (): number => 100 + asked++;
    const { receiver } = await startLab({ forwardTo: handler.url, forwardTimeoutMs });
    const sent = await send(receiver.url);
    expect([sent.status, sent.body.toString()]).toEqual([504, expect.stringContaining("no answer within 0.1 s")]);
    const { id, forward } = await receiver.take({ method: "POST", target: "/", headers: [], body: awkward }, "polled");
    expect(forward).toMatchObject({ state: "failed", message: expect.stringContaining("no answer within") });
    expect(await receiver.forward(id)).toMatchObject({ message: expect.stringContaining("no answer within") });
    expect(asked).toBe(3);
  });

  test("is no reason to wait for a turn any longer when that is cancelled; the others keep theirs", async () => {
    const responses: (() => void)[] = [];
    const handler = await startHandler((_request, response) => void responses.push(() => response.end()));
    const { receiver } = await startLab({ forwardTo: handler.url });
    const take = (signal?: AbortSignal) =>
      receiver.take({ method: "POST", target: "/", headers: [], body: awkward }, "polled", signal);
    const first = Array.from({ length: 100 }, () => take());
    await eventually(() => handler.got.length === 100);
    const ending = new AbortController();
    const waiting = take(ending.signal);
    const last = take();
    ending.abort();
    expect(await waiting).toMatchObject({
      forward: { state: "failed", message: expect.stringContaining("cancelled") },
    });
    expect(handler.got).toHaveLength(100);
    responses.shift()?.();
    await eventually(() => handler.got.length === 101);
    for (const respond of responses) respond();
    for (const taken of [...first, last]) expect(await taken).toMatchObject({ forward: { state: "answered" } });
    expect(handler.got).toHaveLength(101);
  });

  test("may answer when the sender has left", async () => {
    let answer: (() => void) | undefined;
    const handler = await startHandler((_request, response) => (answer = () => response.end("late")));
    const { receiver, until } = await startLab();
    receiver.forwardTo = handler.url;
    const leaving = new AbortController();
    const sent = send(receiver.url, { signal: leaving.signal }).catch(() => "left");
    await eventually(() => answer);
    leaving.abort();
    expect(await sent).toBe("left");
    await sleep(50);
    answer?.();
    await until(({ forward }) => forward?.state === "answered");
    receiver.forwardTo = undefined;
    expect((await send(receiver.url)).status).toBe(200);
  });
});

test("a polled delivery is kept, checked and handed on as one that came", async () => {
  const handler = await startHandler();
  const { receiver, until } = await startLab();
  const headers = Object.entries(deliveryHeaders("{}", "evt_9"));
  const request = { method: "POST", target: "/", headers, body: Buffer.from("{}") };
  const kept = await receiver.take(request, "polled");
  expect(kept).toMatchObject({ source: "polled", eventId: "evt_9" });
  expect(kept.forward).toBeUndefined();
  receiver.forwardTo = handler.url;
  const handed = await receiver.take(request, "polled");
  expect(handed).toMatchObject({ duplicateOf: kept.id, forward: { state: "answered", status: 200 } });
  await until(({ id, check }) => id === handed.id && check.state === "verified");
  expect(handler.got.map(({ body }) => body.toString())).toEqual(["{}"]);
});

test("handing a polled delivery on can be broken off; it stays kept", async () => {
  const handler = await startHandler(() => undefined);
  const { receiver, store } = await startLab({ forwardTo: handler.url });
  const ending = new AbortController();
  const request = { method: "POST", target: "/", headers: [], body: Buffer.from("{}") };
  const taken = receiver.take(request, "polled", ending.signal);
  await eventually(() => handler.got.length === 1);
  ending.abort();
  const began = performance.now();
  expect(await taken).toMatchObject({ forward: { state: "failed", message: expect.stringContaining("cancelled") } });
  expect(performance.now() - began).toBeLessThan(10_000);
  expect(store.captures).toHaveLength(1);
});

describe("the handler's address", () => {
  test.each([
    ["https://example.com/hook", /this machine only, and example\.com is not on it/],
    ["http://192.168.1.1:3000", /this machine only/],
    ["http://localhost.example.com", /this machine only/],
    ["http://user:password@localhost:3000", /must not hold a user name/],
    ["localhost:3000", /no full URL/],
    ["ftp://localhost", /no full URL/],
  ])("%s is refused", async (address, message) => {
    const { receiver } = await startLab();
    const set = (): void => void (receiver.forwardTo = address);
    expect(set).toThrow(message);
    expect(receiver.forwardTo).toBeUndefined();
  });

  test("that can't be forwarded to keeps the receiver from starting: nothing listens", async () => {
    const { receiver } = await startLab();
    const { port } = receiver;
    await receiver.close();
    for (const forwardTo of [`http://localhost:${port}/`, "http://user:password@localhost:3000"]) {
      await expect(startLab({ port, forwardTo })).rejects.toMatchObject({ kind: "invalid" });
      await expect(send(`http://127.0.0.1:${port}`)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    }
  });

  test("is not the receiver's own, and is needed to forward what is kept", async () => {
    const { receiver, store } = await startLab();
    expect(() => (receiver.forwardTo = `http://localhost:${receiver.port}/x`)).toThrow(/is the receiver itself/);
    await send(receiver.url);
    const none: unknown = await receiver.forward(store.captures[0]!.id).catch((error: unknown) => error);
    expect(isErrorOfKind(none, "invalid")).toBe(true);
    const unknown: unknown = await receiver.forward("cap_unknown").catch((error: unknown) => error);
    expect(isErrorOfKind(unknown, "notFound")).toBe(true);
    receiver.forwardTo = "http://[::1]:3000/hook";
    expect(receiver.forwardTo).toBe("http://[::1]:3000/hook");
  });
});
