import { describe, expect, test } from "vitest";
import { readRequest } from "../../../src/core/request/readRequest";

const body = '{"event":"test","note":"it\'s 100% \\"ok\\" & <b>é</b>!","n":12345678901234567890}';
const signature = `v1=${"3f".repeat(32)}`;
const timestamp = "1775826927";
const base64 = Buffer.from(body).toString("base64");

/** What a text became where the paste can't hold the quotes and signs of the other. */
const simple = '{"event":"test","data":{"n":1}}';

function hexDump(bytes: Buffer, line: (offset: string, pairs: readonly string[], text: string) => string): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = bytes.subarray(at, at + 16);
    const text = row.toString("latin1").replace(/[^ -~]/g, ".");
    lines.push(line(at.toString(16).padStart(8, "0"), row.toString("hex").match(/../g) ?? [], text));
  }
  return lines.join("\n");
}

const bash = `curl 'https://hooks.example.com/webhooks/pacspace' \\
  -H 'accept: */*' \\
  -H 'content-type: application/json' \\
  -b 'a=1; b=2' \\
  -H 'x-pacspace-signature: ${signature}' \\
  -H 'x-pacspace-timestamp: ${timestamp}' \\
  --data-raw $'${body.replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll("!", "\\u0021")}' \\
  --compressed`;

const cmdEscaped = body
  .replaceAll("\\", "\\\\")
  .replaceAll('"', '\\"')
  .replaceAll(/[^a-zA-Z0-9\s_\-:=+~'/.,?;()*`]/g, "^$&");
const cmd = `curl ^"https://hooks.example.com/webhooks/pacspace^" ^
  -H ^"content-type: application/json^" ^
  -H ^"x-pacspace-signature: ${signature}^" ^
  -H ^"x-pacspace-timestamp: ${timestamp}^" ^
  --data-raw ^"${cmdEscaped}^"`;

const firefoxOnWindows = `curl "https://hooks.example.com/webhooks/pacspace" -X POST -H "Content-Type: application/json" -H "X-PacSpace-Signature: ${signature}" -H "X-PacSpace-Timestamp: ${timestamp}" --data-raw "${simple.replaceAll('"', '""')}"`;

const raw = `POST /webhooks/pacspace HTTP/1.1\r\nHost: x\r\nX-PacSpace-Signature: ${signature}\r\nX-PacSpace-Timestamp: ${timestamp}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

const named = { "X-PacSpace-Signature": signature, "X-PacSpace-Timestamp": timestamp, Host: "x" };
const python = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
const harHeaders = Object.entries(named).map(([name, value]) => ({ name, value }));

const gatewayV1 = {
  resource: "/{proxy+}",
  path: "/webhooks/pacspace",
  httpMethod: "POST",
  headers: named,
  multiValueHeaders: Object.fromEntries(Object.entries(named).map(([name, value]) => [name, [value]])),
  queryStringParameters: null,
  requestContext: { accountId: "1", identity: { sourceIp: "203.0.113.7" } },
  body,
  isBase64Encoded: false,
};
const gatewayV2 = {
  version: "2.0",
  routeKey: "$default",
  rawPath: "/webhooks/pacspace",
  headers: { "x-pacspace-signature": signature, "x-pacspace-timestamp": timestamp },
  requestContext: { http: { method: "POST" } },
  body: base64,
  isBase64Encoded: true,
};

describe("whole requests as tools give them", () => {
  test.each<[string, string, string, string?]>([
    ["Chrome, copy as cURL (bash)", bash, "curl"],
    ["Chrome, copy as cURL (cmd)", cmd, "curl"],
    ["Chrome, copy as cURL (cmd), Windows' line ends", cmd.replaceAll("\n", "\r\n"), "curl"],
    ["Chrome, copy as cURL (cmd), a body of two lines", cmd.replace("^{", "^{^\n\n"), "curl", body.replace("{", "{\n")],
    ["Firefox, copy as cURL (Windows)", firefoxOnWindows, "curl", simple],
    [
      "Postman",
      `curl --location 'https://x.example/hook' \\\n--header 'Content-Type: application/json' \\\n--header 'X-PacSpace-Signature: ${signature}' \\\n--header 'X-PacSpace-Timestamp: ${timestamp}' \\\n--data '${body.replaceAll("'", "'\\''")}'`,
      "curl",
    ],
    [
      "Insomnia",
      `curl --request POST \\\n  --url https://x.example/hook \\\n  --header 'X-PacSpace-Signature: ${signature}' --header 'X-PacSpace-Timestamp: ${timestamp}' \\\n  --data '${simple}'`,
      "curl",
      simple,
    ],
    [
      "options with an equals sign are none of curl's, a joined short one is",
      `curl -XPOST -H"X-PacSpace-Signature: ${signature}" -H "X-PacSpace-Timestamp: ${timestamp}" https://x.example -d'${simple}'`,
      "curl",
      simple,
    ],
    [
      "PowerShell, curl.exe",
      `curl.exe -X POST https://x.example \`\n  -H "X-PacSpace-Signature: ${signature}" \`\n  -H "X-PacSpace-Timestamp: ${timestamp}" \`\n  --data-raw '${simple}'`,
      "curl",
      simple,
    ],
    [
      "Chrome, copy as fetch",
      `fetch("https://x.example/hook", ${JSON.stringify({ headers: named, body, method: "POST" }, null, 2)});`,
      "headersAndBody",
    ],
    ["raw HTTP", raw, "http"],
    ["raw HTTP, LF", raw.replaceAll("\r\n", "\n"), "http"],
    ["raw HTTP, with an editor's final newline", `${raw}\n`, "http"],
    ["raw HTTP/2", raw.replace("HTTP/1.1", "HTTP/2"), "http"],
    [
      "curl -v",
      `> POST / HTTP/1.1\n> Host: x\n> X-PacSpace-Signature: ${signature}\n> X-PacSpace-Timestamp: ${timestamp}\n>\n${simple}`,
      "http",
      simple,
    ],
    [
      "chunked",
      `POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nX-PacSpace-Signature: ${signature}\r\nX-PacSpace-Timestamp: ${timestamp}\r\n\r\n5\r\n${simple.slice(0, 5)}\r\n${(simple.length - 5).toString(16)}\r\n${simple.slice(5)}\r\n0\r\n\r\n`,
      "http",
      simple,
    ],
    [
      "a HAR of Chrome",
      JSON.stringify({
        log: {
          version: "1.2",
          creator: { name: "WebInspector" },
          entries: [
            {
              startedDateTime: "2026-04-10T13:15:22.000Z",
              request: {
                method: "POST",
                headers: harHeaders,
                bodySize: Buffer.byteLength(body),
                postData: { mimeType: "application/json", text: body },
              },
              response: { status: 400, headers: [], content: { size: 0 } },
            },
          ],
        },
      }),
      "har",
    ],
    [
      "a HAR entry of Firefox",
      JSON.stringify(
        {
          startedDateTime: "2026-04-10T13:15:22.000Z",
          request: {
            method: "POST",
            headers: harHeaders,
            bodySize: -1,
            postData: { mimeType: "application/json", params: [], text: body },
          },
        },
        null,
        2,
      ),
      "har",
    ],
    ["API Gateway 1.0", JSON.stringify(gatewayV1), "lambda"],
    ["API Gateway 1.0, as CloudWatch indents it", JSON.stringify(gatewayV1, null, 2), "lambda"],
    ["API Gateway 2.0, base64", JSON.stringify(gatewayV2), "lambda"],
    [
      "a Lambda's event as Python prints it",
      `{'version': '2.0', 'rawPath': '/', 'headers': {'x-pacspace-signature': '${signature}', 'x-pacspace-timestamp': '${timestamp}'}, 'body': ${python(body)}, 'isBase64Encoded': False}`,
      "lambda",
    ],
    [
      "a request as Python prints it, bytes",
      `{'headers': {'X-PacSpace-Signature': '${signature}', 'X-PacSpace-Timestamp': '${timestamp}'}, 'body': b${python(body).replace("é", "\\xc3\\xa9")}}`,
      "headersAndBody",
    ],
    [
      "a request as Node prints it",
      `{ headers: { host: 'x', 'x-pacspace-signature': '${signature}', 'x-pacspace-timestamp': '${timestamp}' }, body: ${python(body)} }`,
      "headersAndBody",
    ],
    [
      "header lines, a blank line, a body",
      `X-PacSpace-Signature: ${signature}\nX-PacSpace-Timestamp: ${timestamp}\n\n${body}`,
      "headersAndBody",
    ],
    [
      "header lines of Windows",
      `X-PacSpace-Signature: ${signature}\r\nX-PacSpace-Timestamp: ${timestamp}\r\n\r\n${body}`,
      "headersAndBody",
    ],
  ])("%s", (_name, input, kind, wanted = body) => {
    const read = readRequest(input);
    expect(read.kind).toBe(kind);
    const headers = new Map(read.headers.map(([name, value]) => [name.toLowerCase(), value]));
    expect(headers.get("x-pacspace-signature")).toBe(signature);
    expect(headers.get("x-pacspace-timestamp")).toBe(timestamp);
    expect(read.body && Buffer.from(read.body).toString()).toBe(wanted);
  });
});

describe("headers as programs log them", () => {
  test.each<[string, string]>([
    [
      "Express",
      `{\n  host: 'localhost:3000',\n  'user-agent': 'PacSpace-Webhooks/1.0',\n  'x-pacspace-signature': '${signature}',\n  'x-pacspace-timestamp': '${timestamp}'\n}`,
    ],
    [
      "Node's Headers",
      `Headers {\n  host: 'x',\n  'x-pacspace-signature': '${signature}',\n  'x-pacspace-timestamp': '${timestamp}'\n}`,
    ],
    [
      "Next.js' HeadersList",
      `Headers { cookies: null, 'x-pacspace-signature': '${signature}', 'x-pacspace-timestamp': '${timestamp}' }`,
    ],
    [
      "Flask, as text",
      `Host: localhost:5000\r\nX-Pacspace-Signature: ${signature}\r\nX-Pacspace-Timestamp: ${timestamp}\r\n\r\n`,
    ],
    [
      "Flask, as repr",
      `EnvironHeaders([('Host', 'x'), ('X-Pacspace-Signature', '${signature}'), ('X-Pacspace-Timestamp', '${timestamp}')])`,
    ],
    [
      "FastAPI",
      `Headers({'host': 'x', 'x-pacspace-signature': '${signature}', 'x-pacspace-timestamp': '${timestamp}'})`,
    ],
    [
      "ASGI's raw headers",
      `[(b'host', b'x'), (b'x-pacspace-signature', b'${signature}'), (b'x-pacspace-timestamp', b'${timestamp}')]`,
    ],
    [
      "Django's META",
      `{'REQUEST_METHOD': 'POST', 'wsgi.errors': <_io.TextIOWrapper name='<stderr>'>, 'HTTP_X_PACSPACE_SIGNATURE': '${signature}', 'HTTP_X_PACSPACE_TIMESTAMP': '${timestamp}'}`,
    ],
    [
      "Rails",
      `{"HTTP_HOST"=>"x", "HTTP_X_PACSPACE_SIGNATURE"=>"${signature}", "HTTP_X_PACSPACE_TIMESTAMP"=>"${timestamp}"}`,
    ],
    [
      "Laravel",
      JSON.stringify({ host: ["x"], "x-pacspace-signature": [signature], "x-pacspace-timestamp": [timestamp] }),
    ],
    [
      "Go",
      `map[Accept:[*/*] Content-Type:[application/json] X-Pacspace-Signature:[${signature}] X-Pacspace-Timestamp:[${timestamp}]]`,
    ],
    [
      "Go, with the time of its log",
      `2026/04/10 13:15:22 map[Content-Type:[application/json] X-Pacspace-Signature:[${signature}] X-Pacspace-Timestamp:[${timestamp}]]`,
    ],
    ["Spring", `[host:"x", x-pacspace-signature:"${signature}", x-pacspace-timestamp:"${timestamp}"]`],
    ["a Java map of lists", `{host=[x], x-pacspace-signature=[${signature}], x-pacspace-timestamp=[${timestamp}]}`],
    ["Lambda", JSON.stringify(gatewayV2.headers, null, 2)],
  ])("%s", (_name, input) => {
    const headers = new Map(readRequest(input).headers.map(([name, value]) => [name.toLowerCase(), value]));
    expect(headers.get("x-pacspace-signature")).toBe(signature);
    expect(headers.get("x-pacspace-timestamp")).toBe(timestamp);
  });
});

describe("bodies in hex and base64", () => {
  const bytes = Buffer.from(`${body}\n`);
  test.each<[string, string, string]>([
    ["base64 in lines", bytes.toString("base64").replace(/.{76}/g, "$&\n"), "base64"],
    ["a data URL", `data:application/json;base64,${bytes.toString("base64")}`, "base64"],
    ["hex", bytes.toString("hex"), "hex"],
    ["hex with 0x", `0x${bytes.toString("hex")}`, "hex"],
    ["hex in pairs", bytes.toString("hex").replace(/../g, "$& ").trim(), "hex"],
    [
      "hex as C and Go write it",
      (bytes.toString("hex").match(/../g) ?? []).map((pair) => `0x${pair}`).join(", "),
      "hex",
    ],
    ["escapes", (bytes.toString("hex").match(/../g) ?? []).map((pair) => `\\x${pair}`).join(""), "hex"],
    [
      "xxd",
      hexDump(
        bytes,
        (offset, pairs, text) => `${offset}: ${pairs.join("").replace(/.{4}/g, "$& ").padEnd(40)} ${text}`,
      ),
      "hex",
    ],
    [
      "hexdump -C",
      `${hexDump(bytes, (offset, pairs, text) => `${offset}  ${pairs.slice(0, 8).join(" ").padEnd(24)} ${pairs.slice(8).join(" ").padEnd(24)} |${text}|`)}\n${bytes.length.toString(16).padStart(8, "0")}\n`,
      "hex",
    ],
    ["Node's <Buffer>, whole", `<Buffer ${bytes.toString("hex").replace(/..(?=.)/g, "$& ")}>`, "hex"],
  ])("%s", (_name, input, kind) => {
    const read = readRequest(input);
    expect(read.kind).toBe(kind);
    expect(Buffer.from(read.body ?? []).equals(bytes)).toBe(true);
  });

  test("repeated lines that hexdump leaves out are there", () => {
    const zeros = `00000000  7b 22 61 22 3a 22 20 20  20 20 20 20 20 20 20 20  |{"a":"          |\n00000010  20 20 20 20 20 20 20 20  20 20 20 20 20 20 20 20  |                |\n*\n00000040  22 7d                                             |"}|\n00000042\n`;
    expect(Buffer.from(readRequest(zeros).body ?? []).toString()).toBe(`{"a":"${" ".repeat(58)}"}`);
  });

  test("repeated lines that would stand for more than a mebibyte make it no dump", () => {
    const spaces = `20 20 20 20 20 20 20 20  20 20 20 20 20 20 20 20  |                |`;
    const leftOut = (end: string): string => `00000000  ${spaces}\n*\n${end}  ${spaces}\n`;
    expect(readRequest(leftOut("00100010")).body).toHaveLength(0x100020);
    for (const end of ["00100020", "40000000", "fffffff0"]) {
      expect(readRequest(leftOut(end))).toMatchObject({ kind: "body" });
    }
  });

  test("a Buffer that is cut short is none", () => {
    expect(() => readRequest("<Buffer 7b 22 61 22 3a 31 7d ... 90 more bytes>")).toThrow("cut");
  });
});
