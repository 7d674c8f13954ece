import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { samplePayload } from "../../../src/core/events/catalogue";
import { laidOut, readJsonTokens } from "../../../src/core/model/jsonTokens";
import { headersWithPlaceholders, withPlaceholders } from "../../../src/core/model/placeholders";

describe("what differs anyway becomes a placeholder", () => {
  test.each([
    ['{"id":"evt_85de38b85594ea723264"}', '{"id":"<evt id>"}'],
    ['{"id":"wh_7c1d"}', '{"id":"<wh id>"}'],
    ['{"id":"webhook_0123456789abcdef01234567"}', '{"id":"<webhook id>"}'],
    ['{"id":"order_12ab34cd"}', '{"id":"<order id>"}'],
    ['{"e":"Record rec_68fe88d26e of cust_e370d409 is gone"}', '{"e":"Record <rec id> of <cust id> is gone"}'],
    ['{"e":"a\\nevt_12ab\\u0020evt_34cd"}', '{"e":"a\\n<evt id>\\u0020<evt id>"}'],
    ['{"evt_12ab":1}', '{"<evt id>":1}'],
    ['{"id":"3f0c2f86-91f7-4d6c-8f6e-2b1f0f1f9d11"}', '{"id":"<uuid>"}'],
    ['{"at":"2026-04-10T12:00:00.000Z"}', '{"at":"<time>"}'],
    ['{"at":"2026-04-10 12:00:00+02:00"}', '{"at":"<time>"}'],
    ['{"d":"Fri, 10 Apr 2026 12:00:00 GMT"}', '{"d":"<time>"}'],
    [
      '{"createdAt":1775822400,"blockTimestamp" : 1775822400000}',
      '{"createdAt":"<unix time>","blockTimestamp" : "<unix time>"}',
    ],
    ['{"created_at":"1775822400"}', '{"created_at":"<unix time>"}'],
  ])("%s", (text, expected) => {
    expect(withPlaceholders(text)).toBe(expected);
    expect(() => void JSON.parse(withPlaceholders(text))).not.toThrow();
  });

  test("in texts that are no JSON as well", () => {
    expect(withPlaceholders("<p>evt_12ab at 2026-04-10T12:00:00Z</p>")).toBe("<p><evt id> at <time></p>");
    expect(withPlaceholders('{"cut":"evt_12ab')).toBe('{"cut":"<evt id>');
  });

  test("in headers: names stay", () => {
    expect(
      headersWithPlaceholders([
        ["X-PacSpace-Timestamp", "1775822400"],
        ["X-PacSpace-Signature", `v1=${"a".repeat(64)},v1=${"b".repeat(64)}`],
        ["X-Event-ID", "evt_85de38b85594ea723264"],
        ["X-Amount", "1775822400"],
      ]),
    ).toEqual([
      ["X-PacSpace-Timestamp", "<unix time>"],
      ["X-PacSpace-Signature", "v1=<signature>,v1=<signature>"],
      ["X-Event-ID", "<evt id>"],
      ["X-Amount", "1775822400"],
    ]);
  });
});

describe("all else stays", () => {
  test.each([
    '{"delta":1775822400,"candidate":1775822400,"format":1775822400}',
    '{"big":12345678901234567890,"n":1E+2,"x":-19.760,"dup":1,"dup":2}',
    '{"a":"sha_256 utf_8 step_two http_404 v1=abc snake_case_1"}',
    '{"day":"2026-04-10","note":"caf\\u00e9 \\/ café"}',
    "[ ]",
    "",
  ])("%s", (text) => expect(withPlaceholders(text)).toBe(text));

  test("of any JSON, all but what was replaced; once is as good as twice; it stays JSON", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const replaced = withPlaceholders(text);
        expect(withPlaceholders(replaced)).toBe(replaced);
        expect(() => void JSON.parse(replaced)).not.toThrow();
        if (!/[_:-]|\d{10}/.test(text)) expect(replaced).toBe(text);
      }),
      { numRuns: 2_000 },
    );
  });

  test("nothing throws, and nothing is slow", () => {
    fc.assert(fc.property(fc.string(), (text) => typeof withPlaceholders(text) === "string"));
    const began = performance.now();
    for (const piece of ["a_", "evt_", "2026-", "\\u0", "v1=a", "evt_aaaaaaaaaa"])
      withPlaceholders(piece.repeat(100_000));
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});

test("two events of one kind become the same text, but for what they say", () => {
  const hidden = (now: string, seed: number): string =>
    withPlaceholders(JSON.stringify({ ...samplePayload("customer.created", { now: new Date(now) }), delta: seed }));
  expect(hidden("2026-04-10T12:00:00Z", 1)).toBe(hidden("2026-05-11T13:01:01.5Z", 1));
  expect(hidden("2026-04-10T12:00:00Z", 1)).not.toBe(hidden("2026-04-10T12:00:00Z", 2));
});

describe("laid out", () => {
  test("tokens stay, white space is new", () => {
    expect(laidOut('{"a":[1,2.50,{ }],"b":{"c" : "x"},"d":[ ]}')).toBe(
      '{\n  "a": [\n    1,\n    2.50,\n    {}\n  ],\n  "b": {\n    "c": "x"\n  },\n  "d": []\n}',
    );
  });

  test.each(["", "text", '{"a":1', '{"a":1}}', "[1] 2", '{"a":1]', "[1, // one\n2]", "7"])(
    "what is no JSON object or array stays: %j",
    (text) => {
      expect(laidOut(text)).toBe(text);
      expect(readJsonTokens(text, () => undefined)).toBe(false);
    },
  );

  test("as JSON.stringify does it, where that loses nothing", () => {
    const value = fc.jsonValue().filter((candidate) => typeof candidate === "object" && candidate !== null);
    fc.assert(fc.property(value, (given) => laidOut(JSON.stringify(given)) === JSON.stringify(given, undefined, 2)));
  });

  test("its tokens are the text", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        let together = "";
        const isJson = readJsonTokens(text, (_kind, own) => (together += own));
        return together === (isJson ? text : "");
      }),
    );
  });

  test("what is nested without end, and what is long, is no trouble", () => {
    const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
    expect(laidOut(deep).replaceAll(/\s/g, "")).toBe(deep);
    const long = `[${'{"id":"evt_12ab","n":1.0},'.repeat(100_000)}0]`;
    const began = performance.now();
    expect(withPlaceholders(laidOut(long)).length).toBeGreaterThan(long.length);
    expect(performance.now() - began).toBeLessThan(20_000);
  });
});
