import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { isErrorOfKind } from "../../../src/core/errors";
import { signatureOf } from "../../../src/core/signature/sign";
import type { CaptureStore } from "../../../src/receiver/captureStore";
import { Receiver } from "../../../src/receiver/receiver";
import { startLocalPacSpace } from "../../../src/local/server";
import { signIn } from "../local/support";
import {
  atEnd,
  closeAll,
  connectRaw,
  deliveryHeaders,
  eventually,
  exchangeRaw,
  ownKey,
  secret,
  send,
  startHandler,
  startLab,
} from "./support";

afterEach(closeAll);

describe("byte for byte", () => {
  test("headers keep order, case and duplicates; the body keeps its bytes", async () => {
    const { receiver, store } = await startLab();
    const body = Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x0d, 0x0a, 0xff, 0xfe, 0x00, 0x7d, 0x0a]);
    const head = [
      "POST /hooks/a%2Fb/../c?x=1&x=%20 HTTP/1.1",
      "hOST: 127.0.0.1",
      "X-Twice: one",
      "x-event-ID: evt_7",
      "x-TWICE: two ",
      "X-Latin: caf\xe9",
      "X-Webhook-Event: delta.verified",
      `Content-Length: ${body.length}`,
      "Connection: close",
    ];
    const answer = await exchangeRaw(receiver.port, `${head.join("\r\n")}\r\n\r\n`, body);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).toMatch(/\r\nContent-Length: 0\r\n/);
    expect(store.captures).toMatchObject([
      {
        source: "request",
        method: "POST",
        target: "/hooks/a%2Fb/../c?x=1&x=%20",
        headers: [
          ["hOST", "127.0.0.1"],
          ["X-Twice", "one"],
          ["x-event-ID", "evt_7"],
          ["x-TWICE", "two"],
          ["X-Latin", "caf\xe9"],
          ["X-Webhook-Event", "delta.verified"],
          ["Content-Length", String(body.length)],
          ["Connection", "close"],
        ],
        eventId: "evt_7",
        event: "delta.verified",
      },
    ]);
    expect(Buffer.from(store.captures[0]!.body)).toEqual(body);
    expect(store.captures[0]?.receivedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  test.each(["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PROPFIND"])(
    "%s is captured as well, on any path",
    async (method) => {
      const { receiver, store } = await startLab();
      const answer = await send(`${receiver.url}/any/path?q`, { method });
      expect([answer.status, answer.body.length]).toEqual([200, 0]);
      expect(store.captures).toMatchObject([{ method, target: "/any/path?q" }]);
      expect(store.captures[0]?.body).toHaveLength(0);
    },
  );

  test("a chunked body comes whole, and several requests over one connection come one by one", async () => {
    const { receiver, store } = await startLab();
    const chunked =
      "POST /a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nX-Trailer: 1\r\n\r\n";
    const next = "PUT /b HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nhi";
    const last = "GET /c HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    const answer = await exchangeRaw(receiver.port, chunked + next + last);
    expect(answer.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(3);
    const seen = store.captures.map(({ method, target, body }) => [method, target, Buffer.from(body).toString()]);
    expect(seen).toEqual([
      ["GET", "/c", ""],
      ["PUT", "/b", "hi"],
      ["POST", "/a", "abcdefg"],
    ]);
  });

  test("ten megabytes come whole, after 100 Continue where it is asked for", async () => {
    const { receiver, until } = await startLab();
    const body = Buffer.alloc(10 * 1024 * 1024, "0123456789abcde");
    const { socket, received, closed } = await connectRaw(receiver.port);
    socket.write(
      `POST / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`,
    );
    await eventually(() => received().startsWith("HTTP/1.1 100 Continue"));
    socket.write(body);
    expect(await closed).toContain("HTTP/1.1 200 OK");
    expect(Buffer.compare((await until(() => true)).body, body)).toBe(0);
  });

  test("what breaks off in the middle is no capture", async () => {
    const { receiver, store } = await startLab();
    const { socket, closed } = await connectRaw(receiver.port);
    socket.write("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc");
    await sleep(50);
    socket.destroy();
    await closed;
    expect((await send(receiver.url)).status).toBe(200);
    expect(store.captures).toHaveLength(1);
  });
});

describe("the check", () => {
  const body = '{"event":"delta.verified","data":{"delta":1.0}}';

  async function checked(headers: Record<string, string>, keys = [ownKey]) {
    const { receiver, until } = await startLab({ keys: () => Promise.resolve(keys) });
    await send(receiver.url, { headers }, body);
    return (await until(({ check }) => check.state !== "pending")).check;
  }

  test("says whose secret matched", async () => {
    const keys = [{ id: "webhook_other", secret: "whsec_other" }, ownKey];
    expect(await checked(deliveryHeaders(body), keys)).toEqual({ state: "verified", webhookId: "webhook_own" });
  });

  test("tells expired, wrong, unsigned and unchecked apart", async () => {
    const old = String(Math.floor(Date.now() / 1_000) - 600);
    const expired = {
      "X-PacSpace-Signature": signatureOf(secret, old, Buffer.from(body)),
      "X-PacSpace-Timestamp": old,
    };
    expect(await checked(expired)).toEqual({ state: "expired", webhookId: "webhook_own" });
    expect(await checked(deliveryHeaders(`${body} `))).toEqual({ state: "wrong" });
    expect(await checked({ "X-PacSpace-Timestamp": old })).toEqual({ state: "unsigned" });
    expect(await checked({ ...expired, "X-PacSpace-Timestamp": "soon" })).toEqual({ state: "unsigned" });
    expect(await checked(deliveryHeaders(body), [])).toEqual({ state: "unchecked" });
  });

  test("asks for the keys once, and again when they changed; captures that none matched are checked again", async () => {
    let keys = [{ id: "webhook_other", secret: "whsec_other" }];
    let asked = 0;
    const { receiver, store, until } = await startLab({ keys: () => (asked++, Promise.resolve(keys)) });
    for (const id of ["evt_1", "evt_2", "evt_3"])
      await send(receiver.url, { headers: deliveryHeaders(body, id) }, body);
    await eventually(() => store.captures.every(({ check }) => check.state === "wrong"));
    expect(asked).toBe(1);
    keys = [ownKey];
    receiver.keysChanged();
    await eventually(() => store.captures.every(({ check }) => check.state === "verified"));
    expect(asked).toBe(2);
    await send(receiver.url, { headers: deliveryHeaders(body, "evt_4") }, body);
    await until(({ eventId, check }) => eventId === "evt_4" && check.state === "verified");
    expect(asked).toBe(2);
  });

  test("keys that can't be told leave a capture unchecked, and the next one asks again", async () => {
    const answers = [() => Promise.reject(new Error("the keychain is locked")), () => Promise.resolve([ownKey])];
    const { receiver, until, log } = await startLab({ keys: () => answers.shift()!() });
    await send(receiver.url, { headers: deliveryHeaders(body, "evt_1") }, body);
    await until(({ check }) => check.state === "unchecked");
    expect(log).toEqual(["Captures could not be checked: the keychain is locked"]);
    await send(receiver.url, { headers: deliveryHeaders(body, "evt_2") }, body);
    await until(({ check }) => check.state === "verified");
  });

  test("is made when the receiver starts again, where there was no key before", async () => {
    const { receiver, store, until } = await startLab({ keys: () => Promise.resolve([]) });
    await send(receiver.url, { headers: deliveryHeaders(body) }, body);
    await until(({ check }) => check.state === "unchecked");
    await receiver.close();
    await startLab({ store });
    await until(({ check }) => check.state === "verified");
  });

  test("of ten megabytes with ten keys leaves the event loop to others", async () => {
    const large = Buffer.alloc(10 * 1024 * 1024, "x");
    const keys = [...Array.from({ length: 9 }, (_, at) => ({ id: `webhook_${at}`, secret: `whsec_${at}` })), ownKey];
    const { receiver, store, until } = await startLab({ keys: () => Promise.resolve(keys) });
    // Processor time: what else the machine does at the time makes no difference.
    const nowMs = (): number => (process.cpuUsage().user + process.cpuUsage().system) / 1_000;
    let [longest, all, before] = [0, 0, nowMs()];
    let wasPending = false;
    let done = false;
    const watch = (): void => {
      const turn = nowMs() - before;
      before += turn;
      if (wasPending) [longest, all] = [Math.max(longest, turn), all + turn];
      wasPending = store.captures[0]?.check.state === "pending";
      if (!done) setImmediate(watch);
    };
    watch();
    await send(receiver.url, { headers: deliveryHeaders(large) }, large);
    await until(({ check }) => check.state === "verified");
    done = true;
    expect(longest).toBeGreaterThan(0);
    // A check that held the loop up would do so for all of its time.
    expect(longest).toBeLessThan(all / 2);
    expect(longest).toBeLessThan(100);
  });
});

test("a repeated event id is marked by the oldest capture that is kept", async () => {
  const { receiver, store } = await startLab();
  for (const id of ["evt_1", "evt_2", "evt_1", "evt_1"]) await send(receiver.url, { headers: { "X-Event-ID": id } });
  const [fourth, third, second, first] = store.captures;
  expect([first?.duplicateOf, second?.duplicateOf]).toEqual([undefined, undefined]);
  expect([third?.duplicateOf, fourth?.duplicateOf]).toEqual([first?.id, first?.id]);
  store.remove([first!.id]);
  await send(receiver.url, { headers: { "X-Event-ID": "evt_1" } });
  expect(store.captures[0]?.duplicateOf).toBe(third?.id);
});

describe("starting and stopping", () => {
  const remedy = "choose another port by the setting pacspace.receiver.port; 0 is any free one.";

  async function startAt(port: number, store: CaptureStore): Promise<string> {
    const second = Receiver.listen({
      port,
      store,
      allowedHosts: () => [],
      keys: () => Promise.resolve([]),
      toleranceSeconds: () => 300,
    });
    const error: unknown = await second.catch((thrown: unknown) => thrown);
    expect(isErrorOfKind(error, "conflict")).toBe(true);
    return (error as Error).message;
  }

  test("a port that another receiver has is a conflict that says so, and nothing is captured there", async () => {
    const { receiver, store } = await startLab();
    expect(await startAt(receiver.port, store)).toBe(
      `Port ${receiver.port} is taken by the receiver of another window. Stop it there, or ${remedy}`,
    );
    expect(store.captures).toEqual([]);
  });

  test("a port that anything else has is a conflict that names the setting, though it never answers", async () => {
    const { store } = await startLab();
    const answering = await startHandler();
    const silent = await startHandler(() => undefined);
    for (const { port } of [answering, silent]) {
      expect(await startAt(port, store)).toBe(`Port ${port} is taken by another program. Stop it, or ${remedy}`);
    }
  });

  test("after it was closed nothing listens, and closing again does nothing", async () => {
    const { receiver } = await startLab();
    const idle = await connectRaw(receiver.port);
    await receiver.close();
    await receiver.close();
    await idle.closed;
    await expect(send(receiver.url)).rejects.toThrow("ECONNREFUSED");
  });
});

test("Local PacSpace, the receiver and a stored secret make the whole loop, offline", async () => {
  const local = await startLocalPacSpace();
  atEnd(() => local.close());
  const client = await signIn(local.baseUrl);
  const keys: { id: string; secret: string }[] = [];
  const { receiver, until } = await startLab({ keys: () => Promise.resolve(keys) });
  const url = `${receiver.url}/webhooks/pacspace`;
  const { id, secret: own } = (await client.call("POST", "", { body: { url } })).json.data;
  keys.push({ id, secret: own });
  receiver.keysChanged();
  const tested = await client.call("POST", `/${id}/test`);
  expect(tested.json.data).toMatchObject({ success: true, httpStatus: 200 });
  const capture = await until(({ check }) => check.state !== "pending");
  expect(capture).toMatchObject({
    method: "POST",
    target: "/webhooks/pacspace",
    event: "test",
    check: { state: "verified", webhookId: id },
  });
  expect(capture.headers.map(([name]) => name)).toEqual(
    expect.arrayContaining(["X-PacSpace-Signature", "X-PacSpace-Timestamp", "X-Webhook-Event", "X-Event-ID"]),
  );
});
