import type { Snippet } from "../model/diagnosis";

/** Bytes worked on between two looks at the clock. */
export const sliceBytes = 65_536;

/** Bytes of a text in UTF-8. */
export function utf8(text: string): Uint8Array {
  return Buffer.from(text, "utf8");
}

/** Equality of bytes; not in constant time, for bodies only. */
export function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && Buffer.compare(left, right) === 0;
}

/** Tells whether a text is strict UTF-8. */
export function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Bytes that grow at their end. */
export class ByteWriter {
  private bytes: Uint8Array;
  private used = 0;

  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity + 64);
  }

  get length(): number {
    return this.used;
  }

  private reserve(more: number): void {
    if (this.used + more <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.used + more));
    grown.set(this.bytes.subarray(0, this.used));
    this.bytes = grown;
  }

  /** Appends part of other bytes. */
  copy(source: Uint8Array, start: number, end: number): void {
    const length = end - start;
    this.reserve(length);
    // A loop is faster than a view for the short pieces that tokens are.
    if (length < 32) for (let at = start; at < end; at++) this.bytes[this.used++] = source[at] ?? 0;
    else {
      this.bytes.set(source.subarray(start, end), this.used);
      this.used += length;
    }
  }

  /** Appends a text whose characters are all ASCII. */
  ascii(text: string): void {
    this.reserve(text.length);
    for (let at = 0; at < text.length; at++) this.bytes[this.used++] = text.charCodeAt(at);
  }

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.used++] = value;
  }

  /** What was written. */
  result(): Uint8Array {
    return this.bytes.subarray(0, this.used);
  }
}

/** The place of the first byte that differs, the shorter one's length when it begins the other; undefined when equal. */
function firstDifference(left: Uint8Array, right: Uint8Array): number | undefined {
  const shared = Math.min(left.length, right.length);
  let at = 0;
  // Blocks first: a comparison in native code is many times faster than this loop.
  while (at + 4096 <= shared && Buffer.compare(left.subarray(at, at + 4096), right.subarray(at, at + 4096)) === 0) {
    at += 4096;
  }
  while (at < shared && left[at] === right[at]) at++;
  return at === shared && left.length === right.length ? undefined : at;
}

const named: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function visible(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString("utf8")
    .replace(/[\p{C}\p{Zl}\p{Zp}\u00a0\ufffd]/gu, (char) => {
      const code = char.codePointAt(0) ?? 0;
      return named[char] ?? (code <= 0xff ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`);
    });
}

const contextBefore = 12;
const contextAfter = 20;

function snippet(bytes: Uint8Array, differsAt: number): Snippet {
  const start = Math.max(0, differsAt - contextBefore);
  const shown = bytes.subarray(start, differsAt + contextAfter);
  return {
    differsAt,
    start,
    hex: Buffer.from(shown)
      .toString("hex")
      .replace(/..(?=.)/g, "$& "),
    text: visible(shown),
  };
}

/** Both sides around the first byte that differs; undefined when none does. */
export function differingSnippets(
  before: Uint8Array,
  after: Uint8Array,
): { readonly before: Snippet; readonly after: Snippet } | undefined {
  const at = firstDifference(before, after);
  return at === undefined ? undefined : { before: snippet(before, at), after: snippet(after, at) };
}
