import { utf8, utf8Text } from "../bytes";
import { asPython } from "./numbers";

/** How a language shows a parsed object when it is put into a text. */
interface Dialect {
  /** Completes "the text of …". */
  readonly name: string;
  readonly colon: string;
  readonly string: (text: string) => string;
  readonly number: (text: string) => string;
  readonly words: Readonly<Record<string, string>>;
}

function codePoint(char: string): number {
  return char.codePointAt(0) ?? 0;
}

function pythonEscape(char: string): string {
  const code = codePoint(char);
  const [letter, digits] = code <= 0xff ? ["x", 2] : code <= 0xffff ? ["u", 4] : ["U", 8];
  return `\\${letter}${code.toString(16).padStart(digits, "0")}`;
}

const short: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** Python's repr of a text. */
function pythonString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text
    .replaceAll("\\", "\\\\")
    .replaceAll(quote, `\\${quote}`)
    .replace(/[\p{C}\p{Z}]/gu, (char) => (char === " " ? char : (short[char] ?? pythonEscape(char))));
  return `${quote}${escaped}${quote}`;
}

const inRuby: Readonly<Record<string, string>> = { "\u0007": "\\a", "\u000b": "\\v", "\u001b": "\\e" };

/** Ruby's inspect of a text. */
function rubyString(text: string): string {
  return JSON.stringify(text)
    .replace(
      /\\u00(?:07|0b|1b)/g,
      (escape) => inRuby[String.fromCharCode(Number.parseInt(escape.slice(2), 16))] ?? escape,
    )
    .replace(/#(?=[{$@])/g, "\\#");
}

function asIs(text: string): string {
  return text;
}

const dialects: readonly Dialect[] = [
  {
    name: "a Python dict",
    colon: ": ",
    string: pythonString,
    number: (text) => asPython(text) ?? text,
    words: { true: "True", false: "False", null: "None" },
  },
  { name: "a Java map", colon: "=", string: asIs, number: asIs, words: {} },
  { name: "a Ruby hash", colon: "=>", string: rubyString, number: asIs, words: { null: "nil" } },
  { name: "a Ruby 3.4 hash", colon: " => ", string: rubyString, number: asIs, words: { null: "nil" } },
];

const token = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s"{}[\]:,]+/gs;
/** Beyond this size nobody looks for so odd a fault. */
const mostRead = 200_000;

function spoken(piece: string, { colon, string, number, words }: Dialect): string {
  if (piece === ":") return colon;
  if (piece === ",") return ", ";
  if (piece.startsWith('"')) return string(JSON.parse(piece) as string);
  return /^[-\d]/.test(piece) ? number(piece) : (words[piece] ?? piece);
}

/**
 * What becomes of a JSON text whose parsed object is put into a text by the languages that show its members then.
 * @returns each text with words for it; none for what is no JSON object, or over 200 KB
 */
export function* spokenForms(bytes: Uint8Array): Generator<readonly [note: string, text: Uint8Array]> {
  const text = bytes.length > mostRead ? undefined : utf8Text(bytes)?.trim();
  if (!text?.startsWith("{")) return;
  try {
    JSON.parse(text);
  } catch {
    return;
  }
  const pieces = text.match(token) ?? [];
  for (const dialect of dialects) {
    yield [`the text of ${dialect.name}`, utf8(pieces.map((piece) => spoken(piece, dialect)).join(""))];
  }
}
