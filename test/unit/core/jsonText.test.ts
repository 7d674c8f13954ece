import * as fc from "fast-check";
import { expect, test } from "vitest";
import { jsonMembers } from "../../../src/core/model/jsonText";

/** Each member's text, as it stands. */
function membersOf(text: string): readonly (readonly [key: string, text: string])[] | undefined {
  return jsonMembers(text)?.map(({ key, span }) => [key, text.slice(span.start, span.end)]);
}

test("the members of any JSON are found, however it is laid out", () => {
  const values = fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 6 });
  fc.assert(
    fc.property(values, fc.constantFrom(undefined, 1, "\t"), (value, indent) => {
      const text = JSON.stringify(value, undefined, indent);
      const read = membersOf(text)?.map(([key, member]) => [key, JSON.parse(member) as unknown]);
      expect(read).toEqual(Object.entries(JSON.parse(text) as object));
    }),
  );
});

test.each([
  [
    '{"a":"\\\\","b":"}\\""}',
    [
      ["a", '"\\\\"'],
      ["b", '"}\\""'],
    ],
  ],
  [
    '{ "a" : [ "]", {"b":"["} ] , "a":1.0 }',
    [
      ["a", '[ "]", {"b":"["} ]'],
      ["a", "1.0"],
    ],
  ],
  [
    '["x",[],{},12345678901234567890]',
    [
      ["0", '"x"'],
      ["1", "[]"],
      ["2", "{}"],
      ["3", "12345678901234567890"],
    ],
  ],
  ['{"a":"open', undefined],
  ['{"a":[1,2', undefined],
])("%s", (text, members) => {
  expect(membersOf(text)).toEqual(members);
});

test("a member of ten megabytes is passed over in no time", () => {
  const text = JSON.stringify({
    body: JSON.stringify({ rows: Array.from({ length: 400_000 }, (_, id) => ({ id, note: 'a "b"' })) }),
  });
  const begun = process.cpuUsage();
  expect(membersOf(text)).toHaveLength(1);
  const { user, system } = process.cpuUsage(begun);
  // It takes some dozen milliseconds.
  expect((user + system) / 1_000).toBeLessThan(2_000);
});
