import { describe, expect, test } from "vitest";
import { readRequest } from "../../../src/core/request/readRequest";

const signature = `v1=${"3f".repeat(32)}`;
const timestamp = "1775826927";
const body = '{"event":"test","data":{"n":1}}';
const named = { host: "x", "x-pacspace-signature": signature, "x-pacspace-timestamp": timestamp };
const json = JSON.stringify(named);
const node = `{\n  host: 'x',\n  'x-pacspace-signature': '${signature}',\n  'x-pacspace-timestamp': '${timestamp}'\n}`;
const python = `{'Host': 'x', 'X-Pacspace-Signature': '${signature}', 'X-Pacspace-Timestamp': '${timestamp}'}`;
const lines = `Host: x\r\nX-Pacspace-Signature: ${signature}\r\nX-Pacspace-Timestamp: ${timestamp}\r\n\r\n`;
const hex = (Buffer.from(body).toString("hex").match(/../g) ?? []).join(" ");
const raw = `POST / HTTP/1.1\r\n${lines}${body}`;
const pairs = Object.entries(named);

function expectRequest(input: string, wanted: string | undefined): readonly string[] {
  const read = readRequest(input);
  const headers = new Map(read.headers.map(([name, value]) => [name.toLowerCase(), value]));
  expect(headers.get("x-pacspace-signature")).toBe(signature);
  expect(headers.get("x-pacspace-timestamp")).toBe(timestamp);
  expect(read.body && Buffer.from(read.body).toString()).toBe(wanted);
  return read.notes;
}

describe("a log's prefix is no header", () => {
  test.each([
    ["CloudWatch", `2026-04-10T13:15:22.123Z\t0f1e\tINFO\t${JSON.stringify({ headers: named, body })}`],
    ["Python's logging", `INFO:app:{'headers': ${python}, 'body': b'${body}'}`],
    ["a label", `Request: ${JSON.stringify({ headers: named, body })}`],
    ["a list of a logger", `[app] {"msg":"started"}\n[app] ${JSON.stringify({ headers: named, body })}`],
  ])("%s", (_name, input) => {
    expect(expectRequest(input, body)).toEqual([]);
  });
  test("header lines of other names stay header lines", () => {
    expect(readRequest("A: 1\nB: {}")).toMatchObject({ kind: "headers", headers: [["A", "1"], expect.anything()] });
  });
});

describe("headers and a body, logged one after the other", () => {
  test.each([
    [
      "console.log(req.headers, req.body)",
      `${node} { event: 'test', data: { n: 1 } }`,
      "{ event: 'test', data: { n: 1 } }",
    ],
    ["JSON on two lines", `${json}\n${body}`, body],
    ["labels", `Headers: ${json}\nBody: ${body}`, body],
    [
      "CloudWatch's prefix on both",
      `2026-04-10T13:15:22.123Z\ta\tINFO\t${json}\n2026-04-10T13:15:22.124Z\ta\tINFO\t${body}`,
      body,
    ],
  ])("%s, with a word about what was parsed", (_name, input, wanted) => {
    expect(expectRequest(input, wanted).join()).toContain("as it is printed");
  });
  test.each([
    ["a Buffer", `${node} <Buffer ${hex}>`],
    ["a Buffer on a line of its own", `${json}\n<Buffer ${hex}>`],
    ["Flask's dict and bytes", `${python}\nb'${body}'`],
    [
      "Flask's headers and bytes",
      `EnvironHeaders([('X-Pacspace-Signature', '${signature}'), ('X-Pacspace-Timestamp', '${timestamp}')])\nb'${body}'`,
    ],
    ["Flask's header lines and bytes", `${lines}\nb'${body}'\n`],
    ["a text in quotes", `headers ${json} body ${JSON.stringify(body)}`],
  ])("%s, byte for byte", (_name, input) => {
    expect(expectRequest(input, body)).toEqual([]);
  });
  test("headers behind a label, alone", () => {
    expect(expectRequest(`headers: ${node}`, undefined)).toEqual([]);
  });
  test("a Buffer that is cut short is told", () => {
    expect(expectRequest(`${node} <Buffer 7b 22 ... 90 more bytes>`, undefined).join()).toContain("does not show");
  });
  test("Python's bytes alone are a body", () => {
    const read = readRequest(String.raw`b'{"a":"\xc3\xa9"}'`);
    expect([read.kind, Buffer.from(read.body ?? []).toString()]).toEqual(["body", '{"a":"é"}']);
    expect(read.notes.join()).toContain("bytes");
  });
});

describe("a body that is there is found", () => {
  test.each<[string, unknown]>([
    ["beside one that is null", { headers: named, rawBody: null, body }],
    ["under webhook.site's name", { type: "web", headers: named, content: body }],
    [
      "in ngrok's whole request",
      { request: { method: "POST", headers: named, raw: Buffer.from(raw).toString("base64") } },
    ],
    [
      "in Postman's wrapper",
      {
        method: "POST",
        header: pairs.map(([key, value]) => ({ key, value, type: "text" })),
        body: { mode: "raw", raw: body },
      },
    ],
    [
      "in Insomnia's wrapper",
      {
        headers: pairs.map(([name, value]) => ({ id: "1", name, value })),
        body: { mimeType: "application/json", text: body },
      },
    ],
    ["beside pino's req", { level: 30, req: { method: "POST", headers: named }, body, msg: "webhook" }],
  ])("%s", (_name, input) => {
    expect(expectRequest(JSON.stringify(input), body)).toEqual([]);
  });
  test("in a Buffer that is shown whole", () => {
    expect(expectRequest(`{ headers: ${node}, rawBody: <Buffer ${hex}>, body: {} }`, body)).toEqual([]);
    expectRequest(`{ headers: ${node}, rawBody: <Buffer > }`, "");
  });
});

describe("around a request there may be", () => {
  const curl = `curl http://x -H 'X-PacSpace-Signature: ${signature}' -H 'X-PacSpace-Timestamp: ${timestamp}' -d '${body}'`;
  const options = JSON.stringify({ method: "POST", headers: named, body });
  test.each([
    ["a blank line and a comment", `\n# sent again\n// twice\n${curl}`],
    ["a Markdown block", `\`\`\`bash\n$ ${curl}\n\`\`\`\n`],
    ["a Markdown block with an HTTP request", `\`\`\`http\n${raw}\n\`\`\``],
    ["await", `await fetch("https://x", ${options});`],
    [
      "a variable, and what follows",
      `// retry\nconst res = await fetch("https://x", ${options});\nconsole.log(res.status);`,
    ],
    ["an HTTP file's comments", `### a delivery\n# test evt_1\n\n${raw}`],
    ["no version", raw.replace(" HTTP/1.1", "").replace("POST /", "POST https://x/")],
    ["other requests of an HTTP file", `${raw}\n\n###\n\nGET https://x\n`],
  ])("%s", (_name, input) => {
    expectRequest(input, body);
  });
  test("nothing is taken off a bare body", () => {
    const text = "\n# a\n```\n{}\n```\n";
    expect(readRequest(text)).toMatchObject({ kind: "body", body: new TextEncoder().encode(text) });
  });
});

describe("a text of no known form that names the signature", () => {
  test.each([
    `Go: map[X-Pacspace-Signature:[${signature}] X-Pacspace-Timestamp:[${timestamp}] {"event"`,
    `<tr><td>X-PacSpace-Signature</td><td>${signature}</td></tr><tr><td>X-PacSpace-Timestamp</td><td>${timestamp}</td></tr>`,
    `level=info x_pacspace_timestamp=${timestamp} x_pacspace_signature=${signature}`,
    `X-PacSpace-Signature\n${signature}\nX-PacSpace-Timestamp\n${timestamp}`,
  ])("gives it, and no body: %s", (input) => {
    expect(expectRequest(input, undefined).join()).toContain("form is not known");
  });
  test("gives it without a timestamp, and says so", () => {
    const read = readRequest(`sig <X-PacSpace-Signature> ${signature}`);
    expect(read.headers).toEqual([["X-PacSpace-Signature", signature]]);
    expect(read.notes).toEqual([
      "The text's form is not known. The signature was found in it; give the body separately.",
    ]);
  });
  test.each(["X-PacSpace-Signature", "The header X-PacSpace-Signature does not match", '{"x_pacspace_signature": 1'])(
    "without a value is refused: %s",
    (input) => {
      expect(() => readRequest(input)).toThrow("names X-PacSpace-Signature, but its form is not known");
    },
  );
});
