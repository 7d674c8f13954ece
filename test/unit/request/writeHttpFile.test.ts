import { describe, expect, test } from "vitest";
import { readRequest } from "../../../src/core/request/readRequest";
import { httpText, writeHttpFile } from "../../../src/core/request/writeHttpFile";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const url = "http://127.0.0.1:3000/webhooks?a=1";
const headers = [
  ["Content-Type", "application/json"],
  ["X-Event-ID", "evt_1"],
] as const;

describe("a request as an HTTP file", () => {
  test("is read again as it was", () => {
    const body = '{\n  "a": "\\u0041 < b", "big": 12345678901234567890,\n  "c": "é"\n}';
    const text = writeHttpFile({ url, headers: [["Host", "x"], ...headers], body: bytes(body) });
    expect(text.split("\n")[0]).toBe("POST http://127.0.0.1:3000/webhooks?a=1 HTTP/1.1");
    const read = readRequest(text);
    expect([read.kind, read.headers]).toEqual(["http", headers]);
    expect(Buffer.from(read.body ?? []).toString()).toBe(body);
  });

  test("comments stand above it, one a line", () => {
    const text = writeHttpFile({ url, headers: [], body: bytes("{}") }, ["two\nlines", "GET http://other"]);
    expect(text).toBe(`# two lines\n# GET http://other\nPOST ${url} HTTP/1.1\n\n{}`);
  });

  test.each([
    ['{"a":"{{$processEnv HOME}}"}', "names a variable"],
    ["< /etc/passwd", "name of a file"],
    ["a\n<@ ./other", "name of a file"],
    ["<@utf8 /etc/passwd", "name of a file"],
    ["a\n <@latin1\t./other", "name of a file"],
    ["a\n> {% script %}", "name of a file"],
    ["a\n```\nb", "end of a block"],
    ["a\n### next\nGET http://other", "comment"],
    ["# a", "comment"],
    ["a\r\nb", "line ends"],
    ["\na", "line ends"],
    ["a\n", "line ends"],
  ])("what it would not send as it is, is refused: %j", (body, why) => {
    expect(() => writeHttpFile({ url, headers, body: bytes(body) })).toThrow(why);
  });

  test("so are bytes that are no text, other addresses, and a header or a URL with a variable", () => {
    expect(() => writeHttpFile({ url, headers, body: Uint8Array.of(0xff) })).toThrow("is no text");
    expect(() => writeHttpFile({ url: "file:///x", headers, body: bytes("") })).toThrow("no http or https address");
    expect(() => writeHttpFile({ url, headers: [["X-A", "{{b}}"]], body: bytes("") })).toThrow("X-A holds {{");
    const named = "https://example.com/hook?key={{token}}";
    expect(() => writeHttpFile({ url: named, headers, body: bytes("") })).toThrow("URL holds {{");
    const braces = "https://example.com/{{a}}?b={c}";
    expect(writeHttpFile({ url: braces, headers: [], body: bytes("") })).toMatch(/^POST \S+%7B%7Ba%7D%7D\?b=\{c\} /);
  });
});

test("a body that isn't known is not an empty one", () => {
  expect(httpText("HTTP 500", [["A", "b"]], undefined)).toBe("HTTP 500\nA: b\n");
  expect(httpText("HTTP 500", [], "")).toBe("HTTP 500\n\n");
});
