import { describe, expect, test } from "vitest";
import { readRequest } from "../../../src/core/request/readRequest";

const text = (body: Uint8Array | undefined): string | undefined =>
  body === undefined ? undefined : new TextDecoder("utf-8", { ignoreBOM: true }).decode(body);

describe("raw HTTP", () => {
  test.each(["\n", "\r\n"])("with line ends %j", (end) => {
    const read = readRequest(
      ["POST /hook HTTP/1.1", "Host: a", "X-PacSpace-Timestamp: 1", "", '{"a":\r\n1}\n'].join(end),
    );
    expect(read).toMatchObject({
      kind: "http",
      headers: [
        ["Host", "a"],
        ["X-PacSpace-Timestamp", "1"],
      ],
      notes: [],
    });
    expect(text(read.body)).toBe('{"a":\r\n1}\n');
  });
  test("a body of any bytes stays as it is", () => {
    const body = Uint8Array.from({ length: 256 }, (_, index) => index);
    const read = readRequest(Uint8Array.from([...new TextEncoder().encode("POST / HTTP/1.1\r\n\r\n"), ...body]));
    expect(read.body).toEqual(body);
  });
  test("white space behind the end that Content-Length tells is no part of the body", () => {
    const read = readRequest('POST / HTTP/1.1\nContent-Length: 7\n\n{"a":1}\n');
    expect(text(read.body)).toBe('{"a":1}');
    expect(read.notes.join()).toContain("Content-Length");
  });
  test("a length that differs otherwise is told, and the bytes stay", () => {
    const read = readRequest('POST / HTTP/1.1\nContent-Length: 9\n\n{"a":1}');
    expect(text(read.body)).toBe('{"a":1}');
    expect(read.notes).toEqual(["Content-Length says 9 bytes, but 7 are here."]);
  });
  test.each(["HTTP/1.1 200 OK\r\n\r\nok", "\n\n< HTTP/2 200\n"])(
    "an answer behind the end is left out: %j",
    (answer) => {
      const read = readRequest(`POST / HTTP/1.1\nContent-Length: 7\n\n{"a":1}${answer}`);
      expect(text(read.body)).toBe('{"a":1}');
      expect(read.notes.join()).toContain("answer behind the request");
    },
  );
  test("a chunked transfer's frames are taken off", () => {
    const read = readRequest(
      'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{"a"\r\n3;x=y\r\n:1}\r\n0\r\n\r\n',
    );
    expect(text(read.body)).toBe('{"a":1}');
  });
  test("a byte-order mark before the request line is no part of it", () => {
    expect(readRequest("\ufeffPOST / HTTP/1.1\nA: 1\n\nx")).toMatchObject({ kind: "http", headers: [["A", "1"]] });
  });
  test("without a blank line there is no body", () => {
    const read = readRequest("POST / HTTP/1.1\nA: 1");
    expect(read.body).toBeUndefined();
    expect(read.notes.join()).toContain("no body");
  });
  test("an empty body is a body", () => {
    expect(readRequest("POST / HTTP/1.1\nA: 1\n\n").body).toEqual(new Uint8Array());
  });
  test("an answer is refused", () => {
    expect(() => readRequest("HTTP/1.1 200 OK\nA: 1\n\n")).toThrow("HTTP answer");
  });
  test("a head with something else in it is refused", () => {
    expect(() => readRequest("POST / HTTP/1.1\nA: 1\n{}\n\n")).toThrow("Line 3");
  });
});

describe("header lines", () => {
  test("with a body", () => {
    const read = readRequest("A: 1\nB: 2\n\nbody\n\nmore");
    expect(read).toMatchObject({
      kind: "headersAndBody",
      headers: [
        ["A", "1"],
        ["B", "2"],
      ],
    });
    expect(text(read.body)).toBe("body\n\nmore");
  });
  test.each(["A: 1\nB: 2", "A: 1\nB: 2\n", "A: 1\nB: 2\n\n"])("alone: %j", (input) => {
    const read = readRequest(input);
    expect(read).toMatchObject({
      kind: "headers",
      headers: [
        ["A", "1"],
        ["B", "2"],
      ],
    });
    expect(read.body).toBeUndefined();
  });
});

test("nothing at all is refused", () => {
  expect(() => readRequest("")).toThrow("nothing to read");
});
