import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { eventTypes, samplePayload, sampleTemplate } from "../../../src/core/events/catalogue";
import { sampleEvent, sampleFileName } from "../../../src/core/events/sampleFile";
import { sampleSchema } from "../../../src/core/events/sampleSchema";
import { fillPlaceholders } from "../../../src/core/events/sampleText";

const now = new Date("2026-01-02T03:04:05.678Z");

describe("placeholders", () => {
  test("become a time, seconds and hex digits, each occurrence its own", () => {
    const text = fillPlaceholders("{{now}} {{unix}} {{hex:1}} {{hex:99}} {{hex:8}} {{hex:8}}", { now });
    const [time, seconds, one, most, ...two] = text.split(" ");
    expect([time, seconds]).toEqual(["2026-01-02T03:04:05.678Z", "1767323045"]);
    expect(one).toMatch(/^[0-9a-f]$/);
    expect(most).toMatch(/^[0-9a-f]{99}$/);
    expect(new Set(two).size).toBe(2);
  });

  test.each(["{{}}", "{{hex}}", "{{hex:0}}", "{{hex:100}}", "{{Now}}", "{{ now }}", "{now}", "{{name}}", "$&"])(
    "“%s” is none and stays",
    (text) => {
      expect(fillPlaceholders(text, { now })).toBe(text);
    },
  );

  test("are all that changes in a text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        fc.pre(!/\{\{(now|unix|hex:\d)/.test(text));
        expect(fillPlaceholders(text, { now })).toBe(text);
      }),
    );
  });
});

describe("the sample of an event", () => {
  test.each([...eventTypes.map(({ name }) => name), "made.up", "__proto__", "constructor"])(
    "%s has the same fields fresh and with placeholders, and no placeholder is left",
    (name) => {
      const template = JSON.stringify(sampleTemplate(name), undefined, 2);
      const filled = fillPlaceholders(template, { now });
      expect(filled).not.toContain("{{");
      const [fresh, made] = [samplePayload(name, { now }), JSON.parse(filled) as ReturnType<typeof samplePayload>];
      expect(made.event).toBe(name);
      expect(made.timestamp).toBe(fresh.timestamp);
      expect(Object.entries(made.data).map(([field, value]) => [field, typeof value])).toEqual(
        Object.entries(fresh.data).map(([field, value]) => [field, typeof value]),
      );
      expect(sampleEvent(new TextEncoder().encode(template), "x.json")).toBe(name);
    },
  );
});

describe("a name for a sample", () => {
  test("gets its ending, once", () => {
    expect(["a", "a.json", " delta.failed-2.JSON "].map(sampleFileName)).toEqual([
      "a.json",
      "a.json",
      "delta.failed-2.json",
    ]);
  });

  test.each(["", ".", "..", ".hidden", "a/b", "a\\b", "a.", "é", "x".repeat(81), "a b"])("is not “%s”", (text) => {
    expect(() => sampleFileName(text)).toThrow("letters, digits");
  });
});

describe("the schema of samples", () => {
  const schema = sampleSchema() as {
    readonly properties: { readonly event: { readonly anyOf: readonly { readonly enum?: readonly string[] }[] } };
    readonly allOf: readonly {
      readonly if: { readonly properties: { readonly event: { readonly const: string } } };
      readonly then: {
        readonly properties: {
          readonly data: { readonly properties: Readonly<Record<string, { readonly type?: string }>> };
        };
      };
    }[];
  };

  test("names every event of the catalogue, and the fields of its data", () => {
    const names = eventTypes.map(({ name }) => name);
    expect(schema.properties.event.anyOf[0]?.enum).toEqual(names);
    expect(schema.allOf.map(({ if: { properties } }) => properties.event.const)).toEqual(names);
    for (const [at, { name }] of eventTypes.entries()) {
      const fields = Object.keys(schema.allOf[at]?.then.properties.data.properties ?? {});
      expect(fields).toEqual(Object.keys(samplePayload(name, { now }).data));
    }
  });

  test("demands types only where the shape is published", () => {
    for (const [at, { documented }] of eventTypes.entries()) {
      const fields = Object.values(schema.allOf[at]?.then.properties.data.properties ?? {});
      expect(fields.every(({ type }) => (type !== undefined) === documented)).toBe(true);
    }
  });
});
