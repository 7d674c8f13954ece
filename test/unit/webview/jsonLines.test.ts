import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonLines } from "../../../src/webview/jsonLines";

function laidOut(text: string, cut = false): string | undefined {
  return jsonLines(text, cut, 10_000)
    ?.lines.map(({ depth, tokens }) => "  ".repeat(depth) + tokens.map((token) => token.text).join(""))
    .join("\n");
}

describe("JSON over lines", () => {
  test("tokens stand as they were sent", () => {
    const text = '{"n":12345678901234567890,"n":1.0,"e":1E+3,"s":"\\u00e9\\/é","empty":{},"list":[ ],"in":[true,null]}';
    expect(laidOut(text)).toBe(
      [
        "{",
        '  "n": 12345678901234567890,',
        '  "n": 1.0,',
        '  "e": 1E+3,',
        '  "s": "\\u00e9\\/é",',
        '  "empty": {},',
        '  "list": [],',
        '  "in": [',
        "    true,",
        "    null",
        "  ]",
        "}",
      ].join("\n"),
    );
  });

  test("keys are told from strings", () => {
    const kinds = jsonLines('{"a":"b"}', false, 10)?.lines.flatMap(({ tokens }) => tokens.map(({ kind }) => kind));
    expect(kinds).toEqual(["plain", "key", "plain", "string", "plain"]);
  });

  test("it is what JSON.stringify prints, for what JSON.stringify knows", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(laidOut(text)).toBe(JSON.stringify(JSON.parse(text), undefined, 2));
      }),
    );
  });

  test("what JSON.parse refuses is no JSON", () => {
    const fragment = fc.constantFrom(
      "{", "}", "[", "]", ",", ":", '"a"', "1", "-", "01", "true", "nul", "//c\n", "/*c*/", "'", " ", "\n", "\u00a0", "\ufeff", "1.", '"\\x"', '"\n"',
    ); // prettier-ignore
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 7 }), (fragments) => {
        const text = fragments.join("");
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        expect(laidOut(text) !== undefined).toBe(valid);
      }),
      { numRuns: 5_000 },
    );
  });

  test("the beginning of JSON is laid out as far as it goes, and loses nothing", () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (text, at) => {
        const part = text.slice(0, at % (text.length + 1));
        const shown = laidOut(part, true);
        expect(shown?.replaceAll(/\s/g, "")).toBe(part.replaceAll(/\s/g, ""));
      }),
    );
  });

  test("no more lines than asked", () => {
    expect(jsonLines(`[${"1,".repeat(5_000)}1]`, false, 100)).toMatchObject({ complete: false });
    expect(jsonLines(`[${"1,".repeat(5_000)}1]`, false, 100)?.lines).toHaveLength(100);
  });

  test("depth costs no stack", () => {
    expect(laidOut("[".repeat(100_000), true)).toBeDefined();
  });
});
