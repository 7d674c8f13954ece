/** Beyond this size a text is not made of the whole body: it would block the thread. */
const mostRead = 2_000_000;
const date = String.raw`"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d`;

/** Ways in which the readers of one language print a date that another one sent; each side of a toggle is a pattern. */
const forms: readonly (readonly [note: string, from: RegExp, to: string])[] = [
  ["with .000 in its dates", new RegExp(`(${date})Z"`, "g"), '$1.000Z"'],
  ["without .000 in its dates", new RegExp(String.raw`(${date})\.000Z"`, "g"), '$1Z"'],
  ["with Z in place of +00:00 in its dates", new RegExp(String.raw`(${date}(?:\.\d+)?)\+00:00"`, "g"), '$1Z"'],
  ["with .000Z in place of +00:00 in its dates", new RegExp(String.raw`(${date})\+00:00"`, "g"), '$1.000Z"'],
  ["with +00:00 in place of Z in its dates", new RegExp(String.raw`(${date}(?:\.\d+)?)Z"`, "g"), '$1+00:00"'],
  ["with +00:00 in place of .000Z in its dates", new RegExp(String.raw`(${date})\.000Z"`, "g"), '$1+00:00"'],
];

/**
 * The text with its ISO 8601 dates in the forms of other printers.
 * @returns each changed text with words for it; none when there is no date, or for more than 2 MB
 */
export function* otherDates(bytes: Uint8Array): Generator<readonly [note: string, changed: Uint8Array]> {
  if (bytes.length > mostRead) return;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  for (const [note, from, to] of forms) {
    const changed = text.replace(from, to);
    if (changed !== text) yield [note, Buffer.from(changed, "latin1")];
  }
}
