import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Call } from "../../../src/api/call";
import { answerProblem, malformed, pageProblem, redirectProblem } from "../../../src/api/problem";
import { serverText } from "../../../src/api/serverText";
import { isPacSpaceError } from "../../../src/core/errors";

const read: Call = { method: "GET", path: "/dashboard/webhooks", purpose: "list the webhooks" };
const create: Call = { method: "POST", path: "/dashboard/webhooks", purpose: "create the webhook" };

function problem(status: number, body: unknown, call = create, headers: Record<string, string> = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return answerProblem(call, { status, headers }, text, ["secret-cookie-value"]);
}

describe("statuses become kinds", () => {
  test.each([
    [400, "invalid", false],
    [401, "auth", false],
    [402, "forbidden", false],
    [403, "forbidden", false],
    [404, "notFound", false],
    [405, "invalid", false],
    [408, "timeout", false],
    [409, "conflict", false],
    [410, "notFound", false],
    [413, "invalid", false],
    [422, "invalid", false],
    [429, "rateLimited", false],
    [500, "server", true],
    [502, "server", true],
    [503, "server", true],
    [504, "server", true],
    [599, "server", true],
  ])("%i is %s", (status, kind, uncertain) => {
    expect(problem(status, "")).toMatchObject({ kind, status, uncertain });
    expect(problem(status, "", read)).toMatchObject({ kind, status, uncertain: false });
    expect(problem(status, "").message.includes("may have taken effect")).toBe(uncertain);
  });
});

describe("each shape of an error's body is read", () => {
  test.each<[string, unknown, object]>([
    ["status and text", { statusCode: 400, error: "Bad Request", message: "url must be a URL" }, {}],
    ["several messages", { statusCode: 400, error: "Bad Request", message: ["url must be a URL", "x is wrong"] }, {}],
    ["code in an object", { error: { code: "BAD_URL", message: "url must be a URL" } }, { code: "BAD_URL" }],
    ["code at the top", { code: "BAD_URL", message: "url must be a URL" }, { code: "BAD_URL" }],
    ["success false", { success: false, message: "url must be a URL." }, {}],
    ["objects in errors", { errors: [{ field: "url", message: "url must be a URL" }] }, {}],
    [
      "an array in an object",
      { error: { message: ["url must be a URL"], requestId: "req_1" } },
      { requestId: "req_1" },
    ],
  ])("%s", (_name, body, details) => {
    const error = problem(400, body);
    expect(error).toMatchObject({ kind: "invalid", status: 400, ...details });
    expect(error.message).toContain(": url must be a URL");
    expect(error.message).not.toContain("..");
  });

  test("several messages are joined by semicolons", () => {
    expect(problem(422, { message: ["a is wrong", "b is wrong"] }).message).toContain("a is wrong; b is wrong.");
  });

  test("a bare name of the status, an empty body and a page say no more than the status", () => {
    expect(problem(400, { statusCode: 400, error: "Bad Request" }).message).toContain("Bad Request");
    expect(problem(400, "").message).toContain("HTTP 400");
    expect(problem(502, "<html><body>nginx says hello</body></html>").message).not.toContain("nginx");
  });

  test("the request id comes from a header too", () => {
    expect(problem(500, "", create, { "x-request-id": "req-7" }).requestId).toBe("req-7");
    expect(problem(500, "", create, { "x-request-id": "two words" }).requestId).toBeUndefined();
  });
});

describe("the time to wait", () => {
  test.each<[string, Record<string, string>, unknown, number | undefined]>([
    ["header in seconds", { "retry-after": "120" }, "", 120_000],
    ["body", {}, { error: { code: "RATE", message: "slow down", retryAfterSeconds: 120 } }, 120_000],
    ["header before body", { "retry-after": "7" }, { retryAfterSeconds: 120 }, 7_000],
    ["body when the header can't be read", { "retry-after": "soon" }, { retryAfterSeconds: 120 }, 120_000],
    ["none", {}, "", undefined],
  ])("%s", (_name, headers, body, wait) => {
    expect(problem(429, body, create, headers).retryAfterMs).toBe(wait);
  });

  test("a date", () => {
    const date = new Date(Date.now() + 60_000).toUTCString();
    const wait = problem(503, "", read, { "retry-after": date }).retryAfterMs;
    expect(wait).toBeGreaterThan(55_000);
    expect(wait).toBeLessThanOrEqual(60_000);
  });

  test("is named in seconds", () => {
    expect(problem(429, "", create, { "retry-after": "90" }).message).toContain("in 90 s");
    expect(problem(429, "", create, { "retry-after": "3600" }).message).toContain("in 3600 s (about 60 minutes)");
    expect(problem(503, "", create, { "retry-after": "90" }).message).toContain("in 90 s");
  });
});

test("the words tell what to do", () => {
  expect(problem(401, "").message).toContain("sign in again");
  expect(problem(401, "", { ...create, signIn: true }).message).toContain("Check what you typed");
  expect(problem(403, { message: "Missing permission" }).message).toMatch(/Missing permission.*permission, or sign in/);
  expect(problem(404, "").message).toContain("Refresh");
  expect(problem(409, { message: "Only failed deliveries can be retried" }).message).toContain(
    "Only failed deliveries",
  );
});

describe("redirects", () => {
  const base = new URL("https://app.pacspace.io/dashboard/webhooks");
  test.each([
    ["/login?next=%2Fdashboard", "auth"],
    ["https://app.pacspace.io/auth/sign-in", "auth"],
    ["https://login.example.com/", "auth"],
    ["https://idp.example.com/oauth2/authorize?client_id=1", "auth"],
    ["https://evil.example/path?token=secret-cookie-value", "malformedResponse"],
    ["/dashboard/webhooks/", "malformedResponse"],
    ["/blog/author", "malformedResponse"],
    ["http://[", "malformedResponse"],
    ["", "malformedResponse"],
  ])("to %j is %s", (location, kind) => {
    const error = redirectProblem(create, { status: 302, headers: { location } }, base);
    expect(error).toMatchObject({ kind, status: 302, uncertain: kind !== "auth" });
    expect(error.message).not.toContain("secret-cookie-value");
    if (location.includes("evil")) expect(error.message).toContain("https://evil.example (HTTP 302)");
  });
});

test("a page is a sign-in page when it asks for a password or says so", () => {
  const head = { status: 200, headers: {} };
  expect(pageProblem(read, head, '<form><input name=p type="password"></form>').kind).toBe("auth");
  expect(pageProblem(read, head, "<title>Log in - PacSpace</title>").kind).toBe("auth");
  expect(pageProblem(read, head, "<title>Captive portal</title>").kind).toBe("malformedResponse");
});

test("a page of tags that never end is looked through at once", () => {
  const head = { status: 200, headers: {} };
  const began = performance.now();
  for (const piece of ["<input ", "<title ", "<title>", "<input type", "<title>log "])
    expect(pageProblem(read, head, `<html>${piece.repeat(50_000)}`).kind).toBe("malformedResponse");
  expect(performance.now() - began).toBeLessThan(10_000);
});

test("a malformed answer leaves open what an unsafe request did", () => {
  expect(malformed(create, { status: 200, headers: {} }, "is empty").uncertain).toBe(true);
  expect(malformed(read, { status: 200, headers: {} }, "is empty").uncertain).toBe(false);
});

describe("text of the server's", () => {
  const secrets = ["secret-cookie-value", "s%3Aabc.def", ""];

  test("loses control characters, secrets and what is too long", () => {
    expect(serverText("a\u0000b\r\n\tc\u202Ed\u2028e", [])).toBe("a b c d e");
    expect(serverText("cookie secret-cookie-value; secret whsec_abc-123_x.", secrets)).toBe("cookie …; secret whsec_…");
    expect(serverText("x".repeat(1000), [])).toHaveLength(300);
    expect(serverText(" \u0000 ", [])).toBeUndefined();
    expect(serverText("<!DOCTYPE html><p>hello", [])).toBeUndefined();
  });

  test("is one short printable line, whatever came", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary", maxLength: 1000 }), fc.string()), fc.nat(3), (text, index) => {
        const secret = secrets[index] ?? "";
        const clean = serverText(text.slice(0, 5) + secret + text.slice(5), secrets);
        if (clean === undefined) return;
        expect(clean.length).toBeLessThanOrEqual(300);
        expect(clean).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029\u202A-\u202E]/u);
        expect(clean).not.toContain("secret-cookie-value");
      }),
    );
  });
});

test("any body of any status gives an error with a sentence, and never the secrets", () => {
  const names = [
    "error",
    "message",
    "code",
    "statusCode",
    "retryAfterSeconds",
    "errors",
    "requestId",
    "success",
    "detail",
  ];
  const value = fc.oneof(fc.jsonValue(), fc.constant("secret-cookie-value"), fc.constant(["secret-cookie-value", 1]));
  const body = fc.oneof(
    fc.jsonValue(),
    fc.dictionary(fc.constantFrom(...names), fc.oneof(value, fc.dictionary(fc.constantFrom(...names), value))),
  );
  fc.assert(
    fc.property(body, fc.integer({ min: 400, max: 599 }), fc.string(), (content, status, retryAfter) => {
      const error = problem(status, content, create, { "retry-after": retryAfter });
      expect(isPacSpaceError(error)).toBe(true);
      expect(error.message).toMatch(/[.)]$/);
      expect(error.message.length).toBeLessThan(700);
      expect(JSON.stringify([error.message, error.code, error.requestId])).not.toContain("secret-cookie-value");
      expect(error.retryAfterMs === undefined || error.retryAfterMs >= 0).toBe(true);
    }),
  );
});
