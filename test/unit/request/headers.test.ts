import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isErrorOfKind } from "../../../src/core/errors";
import { readHeaders } from "../../../src/core/request/headers";

const expected = [
  ["Host", "example.com"],
  ["X-PacSpace-Signature", "v1=ab"],
];

describe("headers come in many shapes", () => {
  test.each<[string, unknown]>([
    ["an object", { Host: "example.com", "X-PacSpace-Signature": "v1=ab" }],
    ["an object of lists", { Host: ["example.com"], "X-PacSpace-Signature": ["v1=ab"] }],
    ["pairs", expected],
    ["Node's rawHeaders", ["Host", "example.com", "X-PacSpace-Signature", "v1=ab"]],
    ["a HAR's list", expected.map(([name, value]) => ({ name, value }))],
    ["lines", "Host: example.com\r\nX-PacSpace-Signature:v1=ab \r\n"],
    ["lines behind a request line", "POST / HTTP/1.1\nHost: example.com\nX-PacSpace-Signature: v1=ab\n\n"],
    ["JSON", '{"Host":"example.com","X-PacSpace-Signature":["v1=ab"]}'],
    ["Node's console.log", "{\n  Host: 'example.com',\n  'X-PacSpace-Signature': 'v1=ab'\n}"],
    ["Python's dict", "{'Host': 'example.com', 'X-PacSpace-Signature': 'v1=ab'}"],
    ["Flask's list", "EnvironHeaders([('Host', 'example.com'), ('X-PacSpace-Signature', 'v1=ab')])"],
    ["fetch's Headers", "Headers {\n  Host: 'example.com',\n  'X-PacSpace-Signature': 'v1=ab',\n}"],
  ])("%s", (_name, input) => {
    expect(readHeaders(input)).toEqual(expected);
  });

  test("CGI's names are given back their own", () => {
    expect(readHeaders('{"HTTP_X_PACSPACE_SIGNATURE"=>"v1=ab"}')).toEqual([["X-PACSPACE-SIGNATURE", "v1=ab"]]);
  });
  test("several values of one name are several headers, absent ones none", () => {
    expect(readHeaders({ a: ["1", "2"], b: undefined, c: null, d: 3 })).toEqual([
      ["a", "1"],
      ["a", "2"],
      ["d", "3"],
    ]);
  });
  test("an object's values stay as they are", () => {
    expect(readHeaders({ a: " \n1 " })).toEqual([["a", " \n1 "]]);
  });
  test("a folded line continues the one before", () => {
    expect(readHeaders("A: 1,\n  2\nB: 3")).toEqual([
      ["A", "1, 2"],
      ["B", "3"],
    ]);
  });
  test("pseudo-headers of HTTP/2 are left out", () => {
    expect(readHeaders(":method: POST\nA: 1")).toEqual([["A", "1"]]);
  });
});

test("what is no header is refused in words", () => {
  for (const [input, word] of [
    ["A: 1\nnonsense", "line 2"],
    [7, "not readable"],
    [null, "not readable"],
    [{ a: { b: 1 } }, "not readable"],
    [{ "a b": "1" }, "not readable"],
    [["a"], "not readable"],
  ] as const) {
    expect(() => readHeaders(input)).toThrow(word);
  }
});

test("anything at all is read or refused as invalid", () => {
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.string(), fc.json()), (input) => {
      try {
        for (const pair of readHeaders(input)) expect(pair.map((part) => typeof part)).toEqual(["string", "string"]);
      } catch (error) {
        expect(isErrorOfKind(error, "invalid")).toBe(true);
      }
    }),
  );
});
