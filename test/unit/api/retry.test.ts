import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Call } from "../../../src/api/call";
import { mayRepeat, pause, waitBefore } from "../../../src/api/retry";
import { longestWaitMs, parseRetryAfter } from "../../../src/api/retryAfter";
import { PacSpaceError } from "../../../src/core/errors";

describe("Retry-After", () => {
  const now = Date.UTC(2026, 3, 10, 12, 0, 0);

  test.each<[string | undefined, number | undefined]>([
    ["0", 0],
    ["120", 120_000],
    [" 7 ", 7_000],
    ["1.5", 1_500],
    ["Fri, 10 Apr 2026 12:00:30 GMT", 30_000],
    ["Friday, 10-Apr-26 12:00:30 GMT", 30_000],
    ["Fri, 10 Apr 2026 11:00:00 GMT", 0],
    ["99999999999999999999", longestWaitMs],
    ["Thu, 31 Dec 9998 23:59:59 GMT", longestWaitMs],
    [undefined, undefined],
    ["", undefined],
    ["-1", undefined],
    ["1e3", undefined],
    ["soon", undefined],
    ["2026", 2_026_000],
    ["Fri, 99 Foo 2026 12:00:30 GMT", undefined],
  ])("%j", (value, wait) => {
    expect(parseRetryAfter(value, now)).toBe(wait);
  });

  test("any date of HTTP is the time until then", () => {
    fc.assert(
      fc.property(fc.integer({ min: -86_400, max: 86_400 }), (seconds) => {
        const date = new Date(now + seconds * 1000).toUTCString();
        expect(parseRetryAfter(date, now)).toBe(Math.max(0, seconds * 1000));
      }),
    );
  });

  test("any text is a wait that a timer takes, or nothing", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.integer().map(String), fc.double().map(String)), (text) => {
        const wait = parseRetryAfter(text, now) ?? 0;
        expect(Number.isInteger(wait) && wait >= 0 && wait <= longestWaitMs).toBe(true);
      }),
    );
  });
});

describe("what may be repeated", () => {
  const get: Call = { method: "GET", path: "/", purpose: "read" };
  const post: Call = { method: "POST", path: "/", purpose: "create" };
  const remove: Call = { method: "DELETE", path: "/", purpose: "delete" };

  test.each([
    [408, true],
    [429, true],
    [500, true],
    [502, true],
    [503, true],
    [504, true],
    [400, false],
    [401, false],
    [403, false],
    [404, false],
    [409, false],
    [422, false],
    [501, false],
    [505, false],
  ])("status %i: reading %s, all else only after 429", (status, repeat) => {
    const error = new PacSpaceError(status === 408 ? "timeout" : "server", "", { status });
    expect(mayRepeat(get, error)).toBe(repeat);
    for (const call of [post, remove]) expect(mayRepeat(call, error)).toBe(status === 429);
  });

  test("a lost connection is repeated for reading alone, a certificate or a cancel never", () => {
    expect(mayRepeat(get, new PacSpaceError("network", "", { code: "ECONNRESET" }))).toBe(true);
    expect(mayRepeat(get, new PacSpaceError("network", "", { code: "ECONNREFUSED" }))).toBe(true);
    expect(mayRepeat(get, new PacSpaceError("timeout", ""))).toBe(true);
    for (const code of ["SELF_SIGNED_CERT_IN_CHAIN", "CERT_HAS_EXPIRED", "ERR_TLS_CERT_ALTNAME_INVALID", "EPROTO"]) {
      expect(mayRepeat(get, new PacSpaceError("network", "", { code }))).toBe(false);
    }
    for (const kind of ["cancelled", "malformedResponse", "invalid"] as const) {
      expect(mayRepeat(get, new PacSpaceError(kind, ""))).toBe(false);
    }
    for (const call of [post, remove]) {
      expect(mayRepeat(call, new PacSpaceError("network", "", { code: "ECONNREFUSED" }))).toBe(false);
      expect(mayRepeat(call, new PacSpaceError("timeout", ""))).toBe(false);
    }
  });
});

test("waits double from half a second, with up to a quarter more; the server's word replaces them", () => {
  const plain = new PacSpaceError("server", "", { status: 500 });
  expect([1, 2].map((repeat) => waitBefore(repeat, plain, 0))).toEqual([500, 1000]);
  expect([1, 2].map((repeat) => waitBefore(repeat, plain, 0.999999))).toEqual([625, 1250]);
  const told = new PacSpaceError("rateLimited", "", { status: 429, retryAfterMs: 7000 });
  expect(waitBefore(2, told, 0.9)).toBe(7000);
});

test("a pause ends at once when it is aborted, and leaves no listener", async () => {
  const controller = new AbortController();
  let listeners = 0;
  const { signal } = controller;
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
  expect(await pause(5, signal)).toBe(true);
  expect(listeners).toBe(0);
  const started = performance.now();
  const long = pause(60_000, signal);
  setTimeout(() => controller.abort(), 20);
  expect(await long).toBe(false);
  expect(performance.now() - started).toBeLessThan(5_000);
  expect(listeners).toBe(0);
  expect(await pause(60_000, signal)).toBe(false);
});
