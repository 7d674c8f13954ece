import type { BodyVariants, DoctorCause } from "./cause";
import { valueSpan } from "./json/reprint";
import { rawBody } from "./mending/rawBody";

/** Beyond this size a text would take too long to be put right at once. */
const mostRead = 2_000_000;

const named: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f", v: "\v" };

/** Without the escapes of bytes that Python and servers' logs write; one character stands for one byte. */
function withoutByteEscapes(text: string): string {
  return text.replaceAll(/\\(?:x([0-9a-fA-F]{2})|([\\"'nrtbfv]))/g, (_, digits?: string, char?: string) =>
    digits === undefined ? (named[char ?? ""] ?? char ?? "") : String.fromCharCode(Number.parseInt(digits, 16)),
  );
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function withoutEntities(text: string): string {
  return text.replaceAll(
    /&(?:(amp|lt|gt|quot|apos)|#(\d{2,3})|#[xX]([0-9a-fA-F]{2}));/g,
    (_, name?: string, decimal?: string, hex?: string) =>
      name === undefined
        ? String.fromCharCode(decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal))
        : (entities[name] ?? ""),
  );
}

/** A quote as a log, a table or a page writes it, by how the body begins; what undoes it all. */
const spellings: readonly (readonly [beginning: RegExp, note: string, undo: (text: string) => string])[] = [
  [
    /^b(?=(["']).*\1$)/s,
    "taken out of the b'…' that Python shows",
    (text) => withoutByteEscapes(text.slice("b'".length, -1)),
  ],
  [/^\[?\{?(?:\\x22|\\x5[bB]|\\x7[bB])/, "with the \\x escapes of a log undone", withoutByteEscapes],
  // Escaped quotes alone are those of a JSON string; together with \x escapes they are a server's log's.
  [/^\[?\{\\"(?=.*\\x)/s, "with the \\x escapes of a log undone", withoutByteEscapes],
  [
    /^"?\[?\{""\w/,
    "with the doubled quotes of a CSV field undone",
    (text) => (text.startsWith('"') ? text.replaceAll(/^"|"$/g, "") : text).replaceAll('""', '"'),
  ],
  [/^\[?\{\s*&(?:quot|#34|#[xX]22);/, "with the HTML entities undone", withoutEntities],
];

function* copiedBodies(body: Uint8Array): BodyVariants {
  const { start, end } = valueSpan(body);
  if (end - start > mostRead) return;
  const beginning = Buffer.from(body.subarray(start, start + 2)).toString("latin1");
  // All other bodies are left alone for the price of two bytes.
  if (!/^(?:b["']|["[][[{]|\{|\\x)/.test(beginning)) return;
  // A byte is a character here, so that what is no UTF-8 stays as it is.
  const text = Buffer.from(body.subarray(start, end)).toString("latin1");
  for (const [pattern, note, undo] of spellings) {
    if (pattern.test(text)) yield { value: Buffer.from(undo(text), "latin1"), note, settles: true };
  }
}

export const logged: DoctorCause = {
  id: "body.logged",
  bodies: copiedBodies,
  happened: "The body was copied out of a log, a table or a page that escaped it",
  change: "Check the bytes that arrived, or copy the body from where nothing escapes it.",
  mending: rawBody,
};
