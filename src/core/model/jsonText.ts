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

/** Characters by their codes. */
const sign = {
  space: 0x20,
  quote: 0x22,
  slash: 0x2f,
  openBracket: 0x5b,
  backslash: 0x5c,
  closeBracket: 0x5d,
  openBrace: 0x7b,
  closeBrace: 0x7d,
} as const;
const spaces = new Set([0x09, 0x0a, 0x0d, 0x20]);

/**
 * Where the values of a JSON text lie, so that a body or a row can be shown exactly as it was sent:
 * big integers, duplicate keys, number forms and escapes survive, which JSON.parse and back would change.
 */
export interface JsonSpan {
  readonly start: number;
  readonly end: number;
}

type Scanner = ReturnType<typeof createScanner>;

/** Where a string ends that begins at a quote; undefined where it isn't closed on its line. */
function stringEnd(text: string, start: number): number | undefined {
  for (let at = start + 1; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === sign.quote) return at + 1;
    if (character === sign.backslash) at++;
    else if (character < sign.space) return undefined;
  }
  return undefined;
}

/**
 * Where a string, an object or an array ends. The scanner reads each token's value, which takes its time with the
 * megabytes that a row's payload may have.
 * @returns undefined for another value, and where only the scanner knows what counts
 */
function valueEnd(text: string, start: number): number | undefined {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === sign.quote) {
      const end = stringEnd(text, at);
      if (end === undefined || depth === 0) return end;
      at = end - 1;
    } else if (character === sign.openBrace || character === sign.openBracket) depth++;
    else if (character === sign.closeBrace || character === sign.closeBracket) {
      if (--depth <= 0) return depth === 0 ? at + 1 : undefined;
    } else if (depth === 0 || character === sign.slash) return undefined;
  }
  return undefined;
}

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

/** The value that begins at the scanner's current token, which it is moved behind; undefined when the text ends first. */
function valueHere(text: string, scanner: Scanner): JsonSpan | undefined {
  const start = scanner.getTokenOffset();
  const end = valueEnd(text, start);
  if (end !== undefined) {
    scanner.setPosition(end);
    return { start, end };
  }
  return skipValue(scanner) ? { start, end: scanner.getTokenOffset() + scanner.getTokenLength() } : undefined;
}

/** The value behind the scanner's current token; as above. */
function nextValue(text: string, scanner: Scanner): JsonSpan | undefined {
  let start = scanner.getPosition();
  while (spaces.has(text.charCodeAt(start))) start++;
  const end = text.charCodeAt(start) === sign.quote ? stringEnd(text, start) : undefined;
  if (end !== undefined) {
    scanner.setPosition(end);
    return { start, end };
  }
  scanner.scan();
  return valueHere(text, scanner);
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
    if (isObject && kind !== token.string) return undefined;
    const key = isObject ? scanner.getTokenValue() : String(members.length);
    if (isObject && (scanner.scan() as number) !== token.colon) return undefined;
    const span = isObject ? nextValue(text, scanner) : valueHere(text, scanner);
    if (span === undefined) return undefined;
    members.push({ key, span });
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
