import { createScanner } from "jsonc-parser";

/** The scanner's token kinds. The library declares them as a const enum, which a file compiled alone can't read. */
const token = {
  openBrace: 1,
  closeBrace: 2,
  openBracket: 3,
  closeBracket: 4,
  comma: 5,
  colon: 6,
  string: 10,
  end: 17,
} as const;

/**
 * Where the values of a JSON text lie, so that a body or a row can be shown exactly as it was sent:
 * big integers, duplicate keys, number forms and escapes survive, which JSON.parse and back would change.
 */
export interface JsonSpan {
  readonly start: number;
  readonly end: number;
}

type Scanner = ReturnType<typeof createScanner>;

/** Moves the scanner behind the value that begins at its current token; false when the text ends first. */
function skipValue(scanner: Scanner): boolean {
  let depth = 0;
  for (;;) {
    const kind: number = scanner.getToken();
    if (kind === token.end) return false;
    if (kind === token.openBrace || kind === token.openBracket) depth++;
    if (kind === token.closeBrace || kind === token.closeBracket) depth--;
    if (depth === 0) return true;
    scanner.scan();
  }
}

/**
 * Finds the members of the object, or the elements of the array, that a JSON text is.
 * @param text JSON text
 * @param within the part of the text to read; all of it by default
 * @returns per member its decoded key (the index, for an array) and the span of its value, in the text's order and
 * with duplicates; undefined when the part is neither object nor array, or is cut short
 */
export function jsonMembers(
  text: string,
  within: JsonSpan = { start: 0, end: text.length },
): readonly { readonly key: string; readonly span: JsonSpan }[] | undefined {
  const scanner = createScanner(text, true);
  scanner.setPosition(within.start);
  const opening: number = scanner.scan();
  const isObject = opening === token.openBrace;
  if (!isObject && opening !== token.openBracket) return undefined;
  const members: { key: string; span: JsonSpan }[] = [];
  for (;;) {
    let kind: number = scanner.scan();
    if (kind === token.comma) kind = scanner.scan();
    if (kind === token.closeBrace || kind === token.closeBracket) return members;
    let key = String(members.length);
    if (isObject) {
      if (kind !== token.string) return undefined;
      key = scanner.getTokenValue();
      if ((scanner.scan() as number) !== token.colon) return undefined;
      scanner.scan();
    }
    const start = scanner.getTokenOffset();
    if (!skipValue(scanner)) return undefined;
    members.push({ key, span: { start, end: scanner.getTokenOffset() + scanner.getTokenLength() } });
  }
}

/**
 * The text of the value at a path, exactly as it stands. Of duplicate keys the last one counts, as in JSON.parse.
 * @param path keys of objects
 * @returns undefined when there is nothing at the path
 */
export function jsonTextAt(text: string, path: readonly string[]): JsonSpan | undefined {
  let span: JsonSpan = { start: 0, end: text.length };
  for (const key of path) {
    const member = jsonMembers(text, span)?.findLast((candidate) => candidate.key === key);
    if (member === undefined) return undefined;
    span = member.span;
  }
  return span;
}
