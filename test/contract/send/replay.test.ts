import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { afterEach, describe, expect, test } from "vitest";
import { PacSpaceError } from "../../../src/core/errors";
import { signatureOf } from "../../../src/core/signature/sign";
import { verifySignature } from "../../../src/core/signature/verify";
import { replay, type ReplayItem, type ReplayOptions, type ReplayOutcome } from "../../../src/send/replay";
import { sampleBody, signedEvent } from "../../../src/send/signedEvent";

const secret = "whsec_7788a15b1f0f6a2c9d4e";
let server: http.Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

interface Got {
  readonly id: string;
  readonly at: number;
  readonly raw: readonly string[];
  readonly body: Buffer;
}

/** A handler that keeps what it got, in the order in which it came. */
async function handler(answer: (got: readonly Got[], response: http.ServerResponse) => void) {
  const got: Got[] = [];
  server = http.createServer((request, response) => {
    void buffer(request).then((body) => {
      const id = String(request.headers["x-event-id"]);
      got.push({ id, at: performance.now(), raw: request.rawHeaders, body });
      answer(got, response);
    });
  });
  const listening = server;
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` };
}

function items(count: number, url: string): readonly ReplayItem[] {
  return Array.from({ length: count }, (_, at) => ({
    id: `evt_${at}`,
    request: () => ({ url, headers: [["X-Event-ID", `evt_${at}`]], body: Buffer.from(`{"n":${at}.0}`) }),
  }));
}

async function outcomes(sent: readonly ReplayItem[], options?: ReplayOptions): Promise<readonly ReplayOutcome[]> {
  const all: ReplayOutcome[] = [];
  for await (const outcome of replay(sent, options)) all.push(outcome);
  return all;
}

describe("a replay", () => {
  test("of 1,000 misses none and keeps the order, seen from the far end", async () => {
    const { got, url } = await handler((_, response) => response.end());
    const all = await outcomes(items(1_000, url));
    const ids = Array.from({ length: 1_000 }, (_, at) => `evt_${at}`);
    expect(got.map(({ id }) => id)).toEqual(ids);
    expect(got.map(({ body }) => body.toString())).toEqual(ids.map((_, at) => `{"n":${at}.0}`));
    expect(all.map(({ id, kind }) => `${id} ${kind}`)).toEqual(ids.map((id) => `${id} answered`));
  });

  test("goes on after failures, and tells each", async () => {
    const { url } = await handler((got, response) => {
      if (got.length === 2) response.destroy();
      else response.writeHead(got.length === 3 ? 500 : 200).end();
    });
    const cannot: ReplayItem = {
      id: "evt_none",
      request: () => {
        throw new PacSpaceError("invalid", "There is no payload.");
      },
    };
    const all = await outcomes([...items(4, url), cannot]);
    expect(all.map((outcome) => (outcome.kind === "answered" ? outcome.answer.status : outcome.error.kind))).toEqual([
      200,
      "network",
      500,
      200,
      "invalid",
    ]);
  });

  test("pauses between them, not before the first", async () => {
    const { got, url } = await handler((_, response) => response.end());
    const began = performance.now();
    await outcomes(items(3, url), { pauseMs: 200 });
    const times = got.map(({ at }) => at);
    expect(times.slice(1).every((at, index) => at - (times[index] ?? 0) >= 195)).toBe(true);
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  test("ends at once when it is cancelled: in the midst of a request, and in a pause", async () => {
    const controller = new AbortController();
    const { got, url } = await handler((received, response) => {
      if (received.length === 3) controller.abort();
      else response.end();
    });
    const all = await outcomes(items(10, url), { signal: controller.signal, timeoutMs: () => 0 });
    expect(all.map(({ kind }) => kind)).toEqual(["answered", "answered", "failed"]);
    expect(all[2]).toMatchObject({ error: { kind: "cancelled" } });
    expect(got).toHaveLength(3);

    const pausing = new AbortController();
    const began = performance.now();
    let sent = 0;
    for await (const { kind } of replay(items(3, (await handler((_, response) => response.end())).url), {
      pauseMs: 60_000,
      signal: pausing.signal,
    })) {
      expect(kind).toBe("answered");
      sent += 1;
      setTimeout(() => pausing.abort(), 20);
    }
    expect(sent).toBe(1);
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  test("has no limit of time where none is wanted", async () => {
    const { url } = await handler((_, response) => setTimeout(() => response.end(), 500));
    const [limited] = await outcomes(items(1, url), { timeoutMs: () => 50 });
    expect(limited).toMatchObject({ kind: "failed", error: { kind: "timeout" } });
    const [unlimited] = await outcomes(items(1, url), { timeoutMs: () => 0 });
    expect(unlimited).toMatchObject({ kind: "answered", answer: { status: 200 } });
  });
});

describe("a sample", () => {
  test("is delivered with fresh ids and times, signed over the very bytes", async () => {
    const { got, url } = await handler((_, response) => response.end());
    const payload = Buffer.concat([
      Buffer.from('{\r\n "event":"test", "at":"{{now}}", "id":"rec_{{hex:10}}", "two":"{{hex:10}}", "n":1.0, '),
      Buffer.from([0x22, 0xff, 0x22, 0x7d]),
    ]);
    const now = new Date();
    const send = () => ({ url, ...signedEvent("test", sampleBody(payload, now), secret, now) });
    await outcomes([
      { id: "1", request: send },
      { id: "2", request: send },
    ]);
    const text = got[0]?.body.toString("latin1") ?? "";
    expect(text).toMatch(
      /^\{\r\n "event":"test", "at":"[^"]+", "id":"rec_[0-9a-f]{10}", "two":"[0-9a-f]{10}", "n":1.0, "\u00ff"\}$/,
    );
    expect(text).toContain(now.toISOString());
    expect(got[1]?.body.toString("latin1")).not.toBe(text);
    expect(got[1]?.id).not.toBe(got[0]?.id);
    for (const { raw, body } of got) {
      const headers = raw.flatMap((name, at) => (at % 2 === 0 ? [[name, raw[at + 1] ?? ""] as const] : []));
      const keys = [{ id: "wh", secret }];
      const check = {
        headers,
        body,
        keys,
        addressed: "first",
        now: now.getTime() / 1_000,
        toleranceSeconds: 5,
      } as const;
      expect(verifySignature(check).verdict).toBe("valid");
      expect(headers).toContainEqual([
        "X-PacSpace-Signature",
        signatureOf(secret, String(Math.floor(check.now)), body),
      ]);
    }
  });
});
