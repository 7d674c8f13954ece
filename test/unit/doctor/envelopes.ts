import fc from "fast-check";

/** Numbers as a printer may write them: beyond 2^53, with fractions, with exponents. */
const numberText = fc.oneof(
  fc.integer().map(String),
  fc.bigInt().map(String),
  fc.constantFrom("0", "-0", "1.0", "10.50", "1e3", "1E+2", "-42.5", "12345678901234567890", "0.1", "1e-7"),
);

const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.string({ unit: "binary", maxLength: 6 }),
  fc.constantFrom("", "path a/b", "<b>&'x'</b>", "Zażółć ✓", 'a\\b"c\n\t', "\u2028", "%7B+=&", '{"a":1}', "\ud800"),
);

const json: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    numberText,
    text.map((value) => JSON.stringify(value)),
    fc.constantFrom("true", "false", "null", "{}", "[]"),
    fc.array(tie("value"), { maxLength: 4 }).map((items) => `[${items.join(",")}]`),
    fc
      .array(fc.tuple(text, tie("value")), { maxLength: 4 })
      .map((members) => `{${members.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(",")}}`),
  ),
})).value;

/** A delivery's body as PacSpace prints it: compact, characters unescaped; its data any JSON, duplicate keys included. */
export const envelope: fc.Arbitrary<Buffer> = fc
  .tuple(fc.constantFrom("delta.verified", "test", "x"), json)
  .map(([event, data]) => Buffer.from(`{"event":"${event}","timestamp":"2026-04-10T13:15:02.000Z","data":${data}}`));

const secretCharacters = Array.from("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-+/=");

/** A webhook's secret. */
export const secret: fc.Arbitrary<string> = fc
  .string({
    unit: fc.constantFrom(...secretCharacters),
    minLength: 8,
    maxLength: 40,
  })
  .map((rest) => `whsec_${rest}`);

const note = fc.constantFrom("a/b <é> & 'x'", "a/b <é> & 'x' ✓", "</é>'&\\/");

/** An envelope, every other time with something in it for each damage to change. */
export const seasonedEnvelope: fc.Arbitrary<Buffer> = fc
  .tuple(envelope, fc.option(note))
  .map(([body, text]) =>
    text === null
      ? body
      : Buffer.from(
          body
            .toString()
            .replace(
              /"data":(.*)\}$/s,
              (_, data: string) => `"data":{"note":${JSON.stringify(text)},"value":${data}}}`,
            ),
        ),
  );
