import { createScanner } from "jsonc-parser";

/** The scanner's token kinds. The library declares them as a const enum, which a file compiled alone can't read. */
const kinds: Readonly<Record<number, JsonTokenKind>> = {
  1: "open",
  2: "close",
  3: "open",
  4: "close",
  5: "comma",
  6: "colon",
  7: "literal",
  8: "literal",
  9: "literal",
  10: "string",
  11: "number",
  14: "space",
  15: "space",
};
const end = 17;

export type JsonTokenKind = "open" | "close" | "comma" | "colon" | "literal" | "string" | "number" | "space";

/**
 * Reads JSON token by token, white space among them, without changing a character: one after another they are the text.
 * @param text JSON, or anything else
 * @param take gets each token's kind and its own text
 * @returns false for what is no JSON object or array: comments, stray characters, brackets that don't match. Tokens from
 * before the fault have been taken by then.
 */
export function readJsonTokens(text: string, take: (kind: JsonTokenKind, own: string) => void): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  const scanner = createScanner(text, false);
  const open: string[] = [];
  let complete = false;
  for (let code: number = scanner.scan(); code !== end; code = scanner.scan()) {
    const kind = kinds[code];
    if (kind === undefined || (scanner.getTokenError() as number) !== 0 || (complete && kind !== "space")) return false;
    const own = text.slice(scanner.getTokenOffset(), scanner.getPosition());
    if (kind === "open") open.push(own === "{" ? "}" : "]");
    if (kind === "close") {
      if (open.pop() !== own) return false;
      complete = open.length === 0;
    }
    take(kind, own);
  }
  return complete;
}

/** Deeper lines stay where they are: what is nested without end would be white space without end. */
const deepest = 50;

/**
 * Lays JSON out over lines, two spaces a level. Tokens keep their text: big integers, duplicate keys, number forms and
 * escapes stand as they were; only the white space between them is new.
 * @returns the text as it is where it is no JSON object or array
 */
export function laidOut(text: string): string {
  let result = "";
  let depth = 0;
  let before: JsonTokenKind | undefined;
  const isJson = readJsonTokens(text, (kind, own) => {
    if (kind === "space") return;
    if (kind === "close") depth--;
    const begins = kind === "close" ? before !== "open" : before === "open" || before === "comma";
    if (begins) result += `\n${"  ".repeat(Math.min(depth, deepest))}`;
    result += kind === "colon" ? ": " : own;
    if (kind === "open") depth++;
    before = kind;
  });
  return isJson ? result : text;
}
