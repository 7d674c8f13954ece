/** Control characters (C0, C1, DEL) and those that turn the direction of a text around, or end a line. */
const unprintable = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]+/gu;

/**
 * Makes text of unknown origin fit for one line of a terminal or a report: what isn't printable becomes a space.
 * @param text anything that a handler sent
 */
export function plainText(text: string): string {
  return text.replaceAll(unprintable, " ").trim();
}
