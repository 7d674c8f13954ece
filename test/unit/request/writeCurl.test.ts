import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readRequest } from "../../../src/core/request/readRequest";
import { writeCurl } from "../../../src/core/request/writeCurl";

const run = promisify(execFile);
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const url = "https://example.com/webhooks/pacspace?a=1&b=it's";
const contentType = ["Content-Type", "application/json"] as const;

/** Texts that a shell, curl or our own reader could mistake. */
const trickyTexts = [
  "",
  "@/etc/hostname",
  "it's 'quoted' \"twice\" \\ \\n \\' $HOME `id` $(id) !! ^\"caret^\" ^",
  "line\nline\r\nline\n\n",
  "ends in `\nand in ^\nand in \\\n",
  '{"a":"\\u0041","b":12345678901234567890,"c":"é😀\u2028"}',
  "%s %d %%",
  "\ufeffwith a mark",
  "\u0001\u001b[31m\u007f",
  "-d other --next",
];

const token = fc.stringMatching(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,12}$/);
const fieldValue = fc.string({ unit: "binary", maxLength: 20 }).map((text) =>
  text
    .toWellFormed()
    // eslint-disable-next-line no-control-regex -- no field value holds them
    .replaceAll(/[\u0000-\u001f\u007f]/g, "")
    .trim(),
);
const ownHeaders = /^(?:host|content-length|connection|keep-alive|te|trailer|upgrade|expect)$/i;
const header = fc.tuple(token, fieldValue).filter(([name]) => !ownHeaders.test(name));
const shellText = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...Array.from("'\"\\`$^!@#%&|;<>\n\r \t{}")),
    fc.string({ unit: "binary", maxLength: 1 }),
  ),
});
const bodyText = shellText.map((text) => text.toWellFormed().replaceAll("\0", ""));

describe("what is written is read again as it was", () => {
  const readAgain = (headers: readonly (readonly [string, string])[], text: string): void => {
    const read = readRequest(writeCurl({ url, headers: [contentType, ...headers], body: bytes(text) }));
    expect(read.kind).toBe("curl");
    expect(read.headers).toEqual([contentType, ...headers]);
    expect(Buffer.from(read.body ?? [])).toEqual(Buffer.from(bytes(text)));
  };

  test.each(trickyTexts)("%j", (text) => readAgain([["X-Empty", ""]], text));

  test("any headers and any text", () => {
    fc.assert(fc.property(fc.array(header, { maxLength: 4 }), bodyText, readAgain), { numRuns: 1_000 });
  });
});

describe("what is left out", () => {
  const written = (headers: readonly (readonly [string, string])[]): string =>
    writeCurl({ url, headers, body: bytes("{}") });

  test("headers that curl makes itself, and those that can't be sent as they are", () => {
    const command = written([
      ["Host", "a"],
      ["content-length", "7"],
      ["X-Split", "a\r\nX-Other: b"],
      ["no name", "a"],
      [":path", "/"],
      ["X-Kept", "yes"],
    ]);
    expect(readRequest(command).headers).toEqual([["X-Kept", "yes"]]);
  });

  test("curl's own content type, where there was none", () => {
    expect(written([])).toContain("-H 'Content-Type:'");
    expect(written([["content-TYPE", "text/plain"]])).not.toContain("-H 'Content-Type:'");
  });

  test("an address that is none of http's is refused", () => {
    for (const address of ["file:///etc/passwd", "", "localhost"]) {
      expect(() => writeCurl({ url: address, headers: [], body: bytes("") })).toThrow("no http or https address");
    }
  });
});

describe("real curl in a real shell", () => {
  interface Received {
    readonly method: string | undefined;
    readonly url: string | undefined;
    readonly headers: Readonly<Record<string, unknown>>;
    readonly body: Buffer;
  }
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method, url: path, headers } = request;
      received.push({ method, url: path, headers, body: Buffer.concat(chunks) });
      response.end();
    });
  });
  let origin = "";

  beforeAll(async () => {
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  async function send(body: Uint8Array, path = "/hook", headers: readonly (readonly [string, string])[] = []) {
    received.length = 0;
    const command = writeCurl({ url: origin + path, headers: [contentType, ...headers], body });
    const options = { env: { PATH: process.env.PATH, NO_PROXY: "*" } };
    if (command.length < 100_000) await run("sh", ["-c", command], options);
    else {
      // As a person pastes it: no argument of a program could hold it.
      const shell = run("sh", [], options);
      shell.child.stdin?.end(`${command}\n`);
      await shell;
    }
    const [request] = received;
    if (request === undefined) throw new Error("nothing arrived");
    return request;
  }

  test.each(trickyTexts)("the bytes arrive exactly: %j", async (text) => {
    const request = await send(bytes(text));
    expect(request.method).toBe("POST");
    expect(request.body).toEqual(Buffer.from(bytes(text)));
    expect(request.headers["content-type"]).toBe("application/json");
  });

  test.each([
    ["every byte there is", Uint8Array.from({ length: 256 }, (_, index) => index)],
    ["no UTF-8, and no NUL", Uint8Array.from([0xff, 0xfe, 0x27, 0x25, 0x5c, 0x80])],
    ["NUL in text", bytes("a\0b")],
    ["NUL behind what looks like an option", bytes("-v\0")],
    ["more than an argument can hold", bytes(`{"long":"it's ${"x'%\\".repeat(100_000)}"}`)],
  ])("%s arrives", async (_name, body) => {
    expect((await send(body)).body.equals(body)).toBe(true);
  });

  test("headers arrive, the empty one too, and the address is no list", async () => {
    const { headers, url: path } = await send(bytes("{}"), "/a[1-2]/{b,c}?q='x'", [
      ["X-Quote", `it's "so" \\ $HOME`],
      ["X-Empty", ""],
    ]);
    expect(headers).toMatchObject({ "x-quote": `it's "so" \\ $HOME`, "x-empty": "" });
    expect(decodeURIComponent(path ?? "")).toBe("/a[1-2]/{b,c}?q='x'");
    expect(received).toHaveLength(1);
  });

  test("any bytes at all", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 60 }), bodyText.map(bytes)), async (body) => {
        expect((await send(body)).body.equals(body)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});
