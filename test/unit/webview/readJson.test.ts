import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { JsonTable, decoded, jsonKind, placeOf, type JsonProblem } from "../../../src/webview/json/jsonTable";
import { readJson } from "../../../src/webview/json/readJson";

function tableOf(text: string, cut = false): JsonTable {
  const table = readJson(text, cut);
  if (!(table instanceof JsonTable)) throw new Error(`${table.message} at ${table.offset} of ${text}`);
  return table;
}

/** What a value of a table means, for texts that are not deep. */
function valueOf(table: JsonTable, node = 0): unknown {
  if (!table.isContainer(node)) return JSON.parse(table.valueText(node));
  const members: [string, unknown][] = [];
  for (let child = node + 1; child < table.next[node]!; child = table.next[child]!) {
    members.push([table.keyText(child) ?? "", valueOf(table, child)]);
    expect(table.parent[child]).toBe(node);
    expect(table.index[child]).toBe(members.length - 1);
  }
  expect(table.count[node]).toBe(members.length);
  if (table.kind[node] === jsonKind.array) return members.map(([, value]) => value);
  // As JSON.parse does it: a member, even one that is called __proto__, and of duplicates the last.
  return Object.fromEntries(members.map(([key, value]) => [decoded(key), value]));
}

/** JSON with white space, number forms and escapes as JSON.stringify makes none. */
const oddJson = fc
  .tuple(fc.json({ maxDepth: 4 }), fc.constantFrom("", " ", "\n", "\r\n\t"))
  .map(([text, space]) =>
    text.replaceAll(/("(?:[^"\\]|\\.)*")|([,:[\]{}])/g, (all, string) => (string ? all : space + all + space)),
  );

function accepted(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe("the table of a JSON text", () => {
  test("has the structure that JSON.parse gives", () => {
    fc.assert(
      fc.property(oddJson, (text) => {
        expect(valueOf(tableOf(text))).toEqual(JSON.parse(text));
      }),
      { numRuns: 1_000 },
    );
  });

  test("each value and key is the slice of the text that was sent", () => {
    fc.assert(
      fc.property(oddJson, (text) => {
        const table = tableOf(text);
        for (let node = 0; node < table.length; node++) {
          const value = table.valueText(node);
          expect(text.startsWith(value, table.start[node])).toBe(true);
          expect(value).toBe(value.trim());
          expect(valueOf(tableOf(value))).toEqual(valueOf(table, node));
          const key = table.keyText(node);
          if (key !== undefined) expect(decoded(key)).toBe(JSON.parse(key));
        }
      }),
    );
  });

  test("big integers, duplicate keys, number forms and escapes stay", () => {
    const table = tableOf('{"n":12345678901234567890,"n":1.0,"e" : 1E+3,"s":"\\u00e9\\/é","":-0,"l":[ ]}');
    const rows = Array.from({ length: table.length }, (_, node) => [table.keyText(node), table.valueText(node)]);
    expect(rows.slice(1)).toEqual([
      ['"n"', "12345678901234567890"],
      ['"n"', "1.0"],
      ['"e"', "1E+3"],
      ['"s"', '"\\u00e9\\/é"'],
      ['""', "-0"],
      ['"l"', "[ ]"],
    ]);
  });

  test("what JSON.parse refuses has a problem, and nothing else has", () => {
    const fragment = fc.constantFrom(
      "{", "}", "[", "]", ",", ":", '"a"', "1", "-", "01", "true", "nul", "//c\n", "/*c*/", "'", " ", "\n", "\u00a0", "\ufeff", "1.", ".5", "e3", '"\\x"', '"\n"', '"\\u00', '"\\u00e9"', '"', "\\", "\u2028", "\ud800", 
    ); // prettier-ignore
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 7 }), (fragments) => {
        const text = fragments.join("");
        expect(readJson(text) instanceof JsonTable).toBe(accepted(text));
      }),
      { numRuns: 20_000 },
    );
  });

  test("no text throws, whole or cut, and a problem lies in it", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.tuple(fc.json(), fc.string()).map(([json, more]) => json + more),
    );
    fc.assert(
      fc.property(text, fc.boolean(), (candidate, cut) => {
        const result = readJson(candidate, cut);
        if (result instanceof JsonTable) return;
        expect(result.offset).toBeLessThanOrEqual(candidate.length);
        expect(result.message).not.toMatch(/\.$/);
      }),
      { numRuns: 5_000 },
    );
  });

  test("the beginning of a text is read up to its last whole value, and what is open ends where the text does", () => {
    fc.assert(
      fc.property(oddJson, fc.nat(), (text, at) => {
        const part = text.slice(0, at % (text.length + 1));
        const result = readJson(part, true);
        if (!(result instanceof JsonTable)) {
          expect(result.offset).toBe(part.length);
          return;
        }
        expect(result.complete).toBe(false);
        const whole = tableOf(text);
        for (let node = 0; node < result.length; node++) {
          expect(result.start[node]).toBe(whole.start[node]);
          // The digits of a number may go on behind the cut.
          expect(result.end[node]).toBe(Math.min(whole.end[node]!, part.length));
          expect(result.next[node]).toBeLessThanOrEqual(result.length);
        }
      }),
    );
  });

  test("depth costs no stack", () => {
    expect(tableOf("[".repeat(100_000), true).length).toBe(100_000);
    expect(tableOf('{"a":'.repeat(10_000) + "1" + "}".repeat(10_000)).length).toBe(10_001);
  });

  test("a problem says where and what", () => {
    const problem = (text: string): string => {
      const { offset, message } = readJson(text) as JsonProblem;
      const { line, column } = placeOf(text, offset);
      return `${line}:${column} ${message}`;
    };
    expect(problem('{"a": 1,\r\n "b": tru}')).toBe("2:7 A value is expected");
    expect(problem('{"a": 1\n"b": 2}')).toBe("2:1 A comma or } is expected");
    expect(problem("[1 2]")).toBe("1:4 A comma or ] is expected");
    expect(problem("{a: 1}")).toBe("1:2 A key in quotation marks is expected");
    expect(problem('{"a" 1}')).toBe("1:6 A colon is expected after a key");
    expect(problem('["a')).toBe("1:4 A string does not end");
    expect(problem('["a\nb"]')).toBe("1:4 A control character in a string must be escaped");
    expect(problem('["\\x"]')).toBe("1:3 \\x is no escape of JSON");
    expect(problem("[01]")).toBe("1:3 A number does not begin with 0");
    expect(problem("{} {}")).toBe("1:4 Something follows the end of the JSON");
    expect(problem("\ufeff{}")).toBe("1:1 JSON does not begin with a byte-order mark");
    expect(problem("")).toBe("1:1 A value is expected");
  });
});
