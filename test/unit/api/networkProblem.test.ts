import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Call } from "../../../src/api/call";
import { networkProblem } from "../../../src/api/networkProblem";
import { PacSpaceError } from "../../../src/core/errors";

const limits = { firstByte: 30_000, stalled: 60_000 };
const place = { url: new URL("https://app.pacspace.io/dashboard/webhooks?status=failed"), proxy: undefined };
const post: Call = { method: "POST", path: "/dashboard/webhooks", purpose: "create the webhook" };

function coded(code: string, message = "boom"): Error {
  return Object.assign(new Error(message), { code });
}

describe("the words for a failed connection", () => {
  test.each([
    ["ECONNREFUSED", "network", "Nothing answers at app.pacspace.io"],
    ["ENOTFOUND", "network", "can't be looked up"],
    ["EAI_AGAIN", "network", "http.proxy"],
    ["EHOSTUNREACH", "network", "can't be reached"],
    ["ECONNRESET", "network", "broke off"],
    ["UND_ERR_SOCKET", "network", "broke off"],
    ["UND_ERR_RES_CONTENT_LENGTH_MISMATCH", "network", "cut short"],
    ["SELF_SIGNED_CERT_IN_CHAIN", "network", "NODE_EXTRA_CA_CERTS"],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "network", "http.systemCertificates"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "network", "http.proxyStrictSSL"],
    ["CERT_HAS_EXPIRED", "network", "clock"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "network", "another name"],
    ["EPROTO", "network", "secure connection"],
    ["ERR_SSL_WRONG_VERSION_NUMBER", "network", "secure connection"],
    ["HPE_INVALID_CONSTANT", "malformedResponse", "not HTTP"],
    ["UND_ERR_HEADERS_OVERFLOW", "malformedResponse", "not HTTP"],
    ["UND_ERR_CONNECT_TIMEOUT", "timeout", "30 s"],
    ["UND_ERR_BODY_TIMEOUT", "timeout", "60 s"],
    ["UND_ERR_DESTROYED", "cancelled", "Cancelled"],
    ["EWHATEVER", "network", "EWHATEVER"],
  ])("%s is %s", (code, kind, words) => {
    const error = networkProblem(coded(code), post, place, { sent: false, limits });
    expect(error).toMatchObject({ kind });
    expect(error.message).toContain(words);
    expect(error.message).not.toContain("status=failed");
    if (code !== "UND_ERR_BODY_TIMEOUT") expect(error.uncertain).toBe(false);
  });
});

test("an error for several addresses is read by the first of them that has a code", () => {
  const error = new AggregateError([new Error("odd"), coded("ECONNREFUSED"), coded("EHOSTUNREACH")]);
  expect(networkProblem(error, post, place, { sent: false, limits })).toMatchObject({ code: "ECONNREFUSED" });
});

test("a proxy's refusal names the proxy and what to set", () => {
  const refused = coded("UND_ERR_ABORTED", "Proxy response (407) !== 200 when HTTP Tunneling");
  const error = networkProblem(refused, post, { ...place, proxy: "proxy.corp:8080" }, { sent: false, limits });
  expect(error.message).toMatch(/proxy\.corp:8080.*407.*http\.proxyAuthorization/);
});

test("once an unsafe request was sent, its effect is open; a read's never is", () => {
  const reset = coded("ECONNRESET");
  expect(networkProblem(reset, post, place, { sent: true, limits }).uncertain).toBe(true);
  expect(networkProblem(reset, { ...post, method: "GET" }, place, { sent: true, limits }).uncertain).toBe(false);
});

test("the bytes that a parser could not read stay out of the error", () => {
  const parser = Object.assign(coded("HPE_INVALID_CONSTANT"), { data: Buffer.from("Set-Cookie: secret") });
  expect(networkProblem(parser, post, place, { sent: true, limits }).cause).toBeUndefined();
});

test("anything that was thrown becomes a PacSpaceError; one that is one stays", () => {
  const own = new PacSpaceError("cancelled", "stop");
  expect(networkProblem(own, post, place, { sent: true, limits })).toBe(own);
  fc.assert(
    fc.property(fc.anything(), fc.boolean(), (thrown, sent) => {
      const error = networkProblem(thrown, post, place, { sent, limits });
      expect(error.name).toBe("PacSpaceError");
      expect(error.uncertain).toBe(sent);
    }),
  );
});
