import { describe, expect, test } from "vitest";
import { readRequest } from "../../../src/core/request/readRequest";
import { requestKindNames } from "../../../src/core/request/readRequestTypes";

const body = '{"event":"test","n":12345678901234567890,"t":"é \\u00e9 \\/"}';
const signature = ["X-PacSpace-Signature", "v1=ab"] as const;
const base64 = Buffer.from(body).toString("base64");

function expectRead(input: string | Uint8Array, kind: keyof typeof requestKindNames, wanted: string | undefined): void {
  const read = readRequest(input);
  expect(read.kind).toBe(kind);
  expect(read.headers).toContainEqual([...signature]);
  expect(read.body && Buffer.from(read.body).toString("utf8")).toBe(wanted);
}

function har(text: unknown): object {
  return {
    request: {
      method: "POST",
      headers: [
        { name: ":path", value: "/" },
        { name: signature[0], value: signature[1] },
      ],
      postData: text,
    },
  };
}

describe("what people have is recognised", () => {
  test.each<[string, string, keyof typeof requestKindNames]>([
    ["a HAR", JSON.stringify({ log: { entries: [{ request: { headers: [] } }, har({ text: body })] } }), "har"],
    ["a HAR entry", JSON.stringify(har({ text: body, mimeType: "application/json" })), "har"],
    ["a HAR entry in base64", JSON.stringify(har({ text: base64, encoding: "base64" })), "har"],
    [
      "a gateway's event",
      JSON.stringify({ version: "2.0", headers: { [signature[0]]: signature[1] }, body, isBase64Encoded: false }),
      "lambda",
    ],
    [
      "a gateway's event in base64",
      JSON.stringify({
        requestContext: {},
        multiValueHeaders: { [signature[0]]: [signature[1]] },
        headers: {},
        body: base64,
        isBase64Encoded: true,
      }),
      "lambda",
    ],
    [
      "an event within a log",
      JSON.stringify({ event: { httpMethod: "POST", headers: { [signature[0]]: signature[1] }, body } }),
      "lambda",
    ],
    ["headers and a body", JSON.stringify({ headers: Object.fromEntries([signature]), body }), "headersAndBody"],
    [
      "Node's console.log",
      `{\n  headers: { '${signature[0]}': '${signature[1]}', host: 'x' },\n  body: '${body.replaceAll("\\", "\\\\")}',\n  socket: <ref *1> Socket {}, x: [Function: y], z: [Object]\n}`.replace(
        "<ref *1> Socket {}",
        "<ref *1>",
      ),
      "headersAndBody",
    ],
    [
      "a Buffer as JSON",
      JSON.stringify({ headers: [...signature], rawBody: Buffer.from(body), body: { event: "test" } }),
      "headersAndBody",
    ],
    [
      "Python's repr",
      `{'headers': {'${signature[0]}': '${signature[1]}'}, 'body': b'${body.replaceAll("\\", "\\\\").replaceAll("é", "\\xc3\\xa9")}', 'ok': True, 'x': None}`,
      "headersAndBody",
    ],
    ["header lines and a body", `${signature.join(": ")}\n\n${body}`, "headersAndBody"],
  ])("%s", (_name, input, kind) => {
    expectRead(input, kind, body);
  });

  test.each<[string, string]>([
    ["Express", `{ host: 'localhost:3000', 'content-type': 'application/json', '${signature[0]}': '${signature[1]}' }`],
    ["Flask", `EnvironHeaders([('Host', 'localhost'), ('${signature[0]}', '${signature[1]}')])`],
    ["Lambda", `{"${signature[0]}": "${signature[1]}", "Host": "x"}`],
  ])("headers as %s logs them", (_name, input) => {
    expectRead(input, "headersJson", undefined);
  });
  test("headers of a WSGI environment", () => {
    const input =
      "{'REQUEST_METHOD': 'POST', 'wsgi.input': <_io.BytesIO object at 0x1>, 'wsgi.version': (1, 0), 'CONTENT_TYPE': 'application/json', 'HTTP_X_PACSPACE_SIGNATURE': 'v1=ab'}";
    expect(readRequest(input)).toMatchObject({
      kind: "headersJson",
      headers: [
        ["CONTENT-TYPE", "application/json"],
        ["X-PACSPACE-SIGNATURE", "v1=ab"],
      ],
    });
  });

  test("a body that was logged as an object stays as it is printed", () => {
    const printed = '{ "b": 12345678901234567890, "a": 1.0, "a": 2 }';
    const read = readRequest(`{"headers": {"host": "x"}, "body": ${printed}}`);
    expect(Buffer.from(read.body ?? []).toString()).toBe(printed);
    expect(read.notes.join()).toContain("as it is printed");
  });
  test("a body that a log does not show is none", () => {
    const read = readRequest("{ headers: { host: 'x' }, body: <Buffer 7b 22 ... 90 more bytes> }");
    expect(read.body).toBeUndefined();
    expect(read.notes.join()).toContain("does not show the body");
  });
  test("of several HAR entries the one with a signature is taken, and said", () => {
    const read = readRequest(
      JSON.stringify({
        log: { entries: [{ request: { headers: [], postData: { text: "x" } } }, har({ text: body })] },
      }),
    );
    expect(read.notes.join()).toContain("Number 2 of the HAR's 2");
  });
});

describe("a bare body", () => {
  test("stays as it is", () => {
    for (const input of [body, ' {"host":"x"}\n', "no header at all", '["a"]', "{", "42", "\ufeff{}"]) {
      expect(readRequest(input)).toEqual({
        kind: "body",
        headers: [],
        body: new TextEncoder().encode(input),
        notes: [],
      });
    }
    const bytes = Uint8Array.from([0xff, 0xfe, 0, 0x7b]);
    expect(readRequest(bytes)).toEqual({ kind: "body", headers: [], body: bytes, notes: [] });
  });
  test.each([base64, base64.replace(/.{40}/g, "$&\n"), Buffer.from(body).toString("base64url")])(
    "in base64: %j",
    (input) => {
      expect(readRequest(input)).toMatchObject({ kind: "base64", headers: [] });
      expect(Buffer.from(readRequest(input).body ?? []).toString()).toBe(body);
    },
  );
  test.each(["hex", "hex in pairs"])("in %s", (kind) => {
    const hex = Buffer.from(body).toString("hex");
    const read = readRequest(kind === "hex" ? hex : hex.toUpperCase().replaceAll(/../g, "$& "));
    expect(read.kind).toBe("hex");
    expect(Buffer.from(read.body ?? []).toString()).toBe(body);
  });
});

test("a raw request in base64, and a file in UTF-16, are read through", () => {
  const raw = `POST / HTTP/1.1\r\n${signature.join(": ")}\r\n\r\n${body}`;
  expectRead(Buffer.from(raw).toString("base64"), "http", body);
  expectRead(Buffer.from(`\ufeff${raw}`, "utf16le"), "http", body);
});

test.each([
  [JSON.stringify({ log: { entries: [] } }), "no request"],
  [JSON.stringify({ isBase64Encoded: true, headers: { a: "b" }, body: "{not base64}" }), "base64"],
])("what can't be right is refused: %s", (input, word) => {
  expect(() => readRequest(input)).toThrow(word);
});

test("every kind has a name", () => {
  expect(Object.values(requestKindNames).every((name) => /^(?:an? )?\w/.test(name))).toBe(true);
});
