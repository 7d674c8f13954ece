import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isErrorOfKind } from "../../../src/core/errors";
import { readRequest } from "../../../src/core/request/readRequest";
import { writeCurl } from "../../../src/core/request/writeCurl";
import { writeHttpFile } from "../../../src/core/request/writeHttpFile";
import type { WrittenRequest } from "../../../src/core/request/writtenRequest";

const url = "https://example.com/webhooks?a=1";
const contentType = ["Content-Type", "application/json"] as const;
const header = fc.tuple(
  fc.stringMatching(/^X-[A-Za-z0-9_-]{1,12}$/),
  fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/).filter((value) => !value.includes("{{")),
);
const headers = fc.array(header, { maxLength: 4 });
const text = fc.oneof(
  fc.json(),
  fc.string({ unit: "grapheme" }),
  fc.constantFrom("a\n#b", "x".repeat(120_000), "it's\0%s\\n"),
);
const bytes = fc.oneof(
  text.map((body) => new TextEncoder().encode(body)),
  fc.uint8Array({ maxLength: 300 }),
);

function expectSame(written: string, wanted: WrittenRequest): void {
  const read = readRequest(written);
  expect(read.headers).toEqual(wanted.headers);
  // Comparing byte by byte, as toEqual does, takes long for large bodies.
  expect(Buffer.from(read.body ?? []).equals(wanted.body)).toBe(true);
  expect(read.notes).toEqual([]);
}

describe("what is copied is read back with the same headers and bytes", () => {
  test("as curl, by an argument or a pipe", () => {
    fc.assert(
      fc.property(headers, bytes, (others, body) => {
        const request = { url, headers: [contentType, ...others], body };
        expectSame(writeCurl(request), request);
      }),
      { numRuns: 500 },
    );
  });

  test("as an HTTP file, with its comments, or refused", () => {
    let written = 0;
    fc.assert(
      fc.property(headers, bytes, fc.array(fc.string(), { maxLength: 2 }), (others, body, comments) => {
        const request = { url, headers: [contentType, ...others], body };
        let file: string;
        try {
          file = writeHttpFile(request, comments);
        } catch (error) {
          expect(isErrorOfKind(error, "invalid")).toBe(true);
          return;
        }
        written++;
        expectSame(file, request);
      }),
      { numRuns: 500 },
    );
    expect(written).toBeGreaterThan(100);
  });

  test("of several HTTP files in one, the first", () => {
    const request = { url, headers: [contentType], body: new TextEncoder().encode("{}") };
    const file = writeHttpFile(request, ["test evt_1"]);
    const read = readRequest(`${file}\n\n###\n\n${file}`);
    expect([read.kind, Buffer.from(read.body ?? []).toString()]).toEqual(["http", "{}"]);
    expect(read.notes.join()).toContain("###");
  });
});
