import { ByteWriter, sliceBytes } from "../bytes";
import type { Pace } from "../pace";

/** What to do with the characters inside a JSON text's strings. The rest of the text stays as it is. */
export interface EscapeEdit {
  /** ASCII characters to look at when they stand plainly; the others are copied unseen. */
  readonly plainAscii?: string;
  /** True to look at plain characters outside ASCII. */
  readonly plainOther?: true;
  /** What to put in place of a plain character; undefined keeps it. */
  readonly plain?: (code: number, previous: number) => string | undefined;
  /**
   * What to put in place of an escape: ASCII text, or the code of the character to put plainly; undefined keeps it.
   * A pair of surrogates comes as one escape of twelve characters.
   */
  readonly escape?: (escape: string, code: number) => string | number | undefined;
}

const [quote, backslash, slash, lowerU] = [0x22, 0x5c, 0x2f, 0x75];
const shortEscapes: Readonly<Record<string, number>> = { b: 8, t: 9, n: 10, f: 12, r: 13, '"': 34, "\\": 92, "/": 47 };

function hexUnit(bytes: Uint8Array, at: number): number | undefined {
  if (bytes[at] !== backslash || bytes[at + 1] !== lowerU) return undefined;
  let value = 0;
  for (let place = at + 2; place < at + 6; place++) {
    const digit = bytes[place] ?? 0;
    const lower = digit | 0x20;
    if (digit >= 0x30 && digit <= 0x39) value = value * 16 + digit - 0x30;
    else if (lower >= 0x61 && lower <= 0x66) value = value * 16 + lower - 0x57;
    else return undefined;
  }
  return value;
}

interface Escape {
  readonly text: string;
  readonly code: number;
}

function escapeAt(bytes: Uint8Array, at: number): Escape | undefined {
  const high = hexUnit(bytes, at);
  const read = (length: number): string => String.fromCharCode(...bytes.subarray(at, at + length));
  if (high === undefined) {
    const code = shortEscapes[String.fromCharCode(bytes[at + 1] ?? 0)];
    return code === undefined ? undefined : { text: read(2), code };
  }
  const low = high >= 0xd800 && high < 0xdc00 ? hexUnit(bytes, at + 6) : undefined;
  return low !== undefined && low >= 0xdc00 && low < 0xe000
    ? { text: read(12), code: (high - 0xd800) * 0x400 + (low - 0xdc00) + 0x10000 }
    : { text: read(6), code: high };
}

/** The character of UTF-8 at a place; undefined when it is none. */
function characterAt(bytes: Uint8Array, at: number): { readonly code: number; readonly length: number } | undefined {
  const lead = bytes[at] ?? 0;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
  if (length === 0 || lead > 0xf4) return undefined;
  let code = lead & (0x7f >> length);
  for (let next = at + 1; next < at + length; next++) {
    const byte = bytes[next] ?? 0;
    if ((byte & 0xc0) !== 0x80) return undefined;
    code = code * 64 + (byte & 0x3f);
  }
  return { code, length };
}

function put(out: ByteWriter, edited: string | number): void {
  if (typeof edited === "string") {
    out.ascii(edited);
    return;
  }
  const bytes = Buffer.from(String.fromCodePoint(edited), "utf8");
  out.copy(bytes, 0, bytes.length);
}

const stopTables = new WeakMap<EscapeEdit, Uint8Array>();

/** The bytes at which the edit stops to look; the rest is passed over. */
function stops(edit: EscapeEdit): Uint8Array {
  const made = stopTables.get(edit);
  if (made !== undefined) return made;
  const table = new Uint8Array(256);
  stopTables.set(edit, table);
  table[quote] = 1;
  table[backslash] = 1;
  for (const char of edit.plainAscii ?? "") table[char.charCodeAt(0)] = 1;
  if (edit.plainOther) table.fill(1, 0x80);
  return table;
}

/** Tells without a look at each byte that an edit has nothing to do; false when it may have. */
function isIdle(bytes: Uint8Array, edit: EscapeEdit): boolean {
  if (edit.plainOther || (edit.escape && bytes.includes(backslash))) return false;
  return !Array.from(edit.plainAscii ?? "").some((char) => bytes.includes(char.charCodeAt(0)));
}

/**
 * Edits how characters are written inside the strings of a JSON text, and nothing else.
 * @returns undefined when the edit changes nothing, or the text outside ASCII is no UTF-8 where that matters
 */
export async function editEscapes(bytes: Uint8Array, edit: EscapeEdit, pace: Pace): Promise<Uint8Array | undefined> {
  if (isIdle(bytes, edit)) return undefined;
  const stop = stops(edit);
  let out: ByteWriter | undefined;
  let inString = false;
  let copied = 0;
  const replace = (at: number, length: number, edited: string | number): void => {
    out ??= new ByteWriter(bytes.length);
    out.copy(bytes, copied, at);
    put(out, edited);
    copied = at + length;
  };
  for (let at = 0; at < bytes.length;) {
    if (pace.due()) await pace.turn();
    const sliceEnd = Math.min(at + sliceBytes, bytes.length);
    while (at < sliceEnd) {
      const byte = bytes[at] ?? 0;
      let length = 1;
      if (stop[byte] === 0) {
        at++;
        continue;
      }
      if (byte === quote) inString = !inString;
      else if (inString && byte === backslash) {
        const escape = escapeAt(bytes, at);
        length = escape?.text.length ?? 2;
        const edited = escape && edit.escape?.(escape.text, escape.code);
        if (edited !== undefined) replace(at, length, edited);
      } else if (inString && byte !== backslash) {
        const character = byte < 0x80 ? { code: byte, length: 1 } : characterAt(bytes, at);
        if (character === undefined) return undefined;
        length = character.length;
        const edited = edit.plain?.(character.code, bytes[at - 1] ?? 0);
        if (edited !== undefined) replace(at, length, edited);
      }
      at += length;
    }
  }
  if (out === undefined) return undefined;
  out.copy(bytes, copied, bytes.length);
  return out.result();
}

function unitEscape(unit: number, upperCase: boolean): string {
  const hex = unit.toString(16).padStart(4, "0");
  return `\\u${upperCase ? hex.toUpperCase() : hex}`;
}

/** A character as `\uXXXX`, as two of them beyond U+FFFF. */
export function unicodeEscape(code: number, upperCase: boolean): string {
  if (code <= 0xffff) return unitEscape(code, upperCase);
  const offset = code - 0x10000;
  return unitEscape(0xd800 + (offset >> 10), upperCase) + unitEscape(0xdc00 + (offset & 0x3ff), upperCase);
}

/** Tells whether a code is half of a surrogate pair, which can't stand plainly in UTF-8. */
export function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff;
}

/** Tells whether a plain slash is meant by an escape. */
export function isEscapedSlash(escape: string): boolean {
  return escape.charCodeAt(1) === slash;
}
