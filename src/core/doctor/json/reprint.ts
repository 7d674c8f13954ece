import { ByteWriter, sliceBytes } from "../bytes";
import type { Pace } from "../pace";

/** How a JSON printer sets its white space. */
export interface PrintStyle {
  /** Completes "printed …". */
  readonly name: string;
  readonly comma: string;
  readonly colon: string;
  /** One level's indentation; absent when all stands in one line. */
  readonly indent?: string;
  readonly emptyObject: string;
  readonly emptyArray: string;
  /** Jackson keeps arrays in one line. */
  readonly arraysInLine?: true;
}

const plain = { emptyObject: "{}", emptyArray: "[]" } as const;
const pretty = { ...plain, comma: ",", colon: ": " } as const;

/** The styles of the printers in common use. PacSpace's own is the first. */
export const printStyles: readonly PrintStyle[] = [
  { ...plain, name: "as compact JSON", comma: ",", colon: ":" },
  { ...plain, name: 'with Python\'s spacing (", " and ": ")', comma: ", ", colon: ": " },
  { ...pretty, name: "with an indentation of 2 spaces", indent: "  " },
  { ...pretty, name: "with an indentation of 4 spaces", indent: "    " },
  { ...pretty, name: "with tabs", indent: "\t" },
  {
    name: "by Jackson's pretty printer",
    comma: ",",
    colon: " : ",
    indent: "  ",
    emptyObject: "{ }",
    emptyArray: "[ ]",
    arraysInLine: true,
  },
];

/** Those that only a faulty handler has, for PacSpace prints in none of them. */
export const handlerStyles: readonly PrintStyle[] = [
  { ...pretty, name: "with an indentation of 3 spaces", indent: "   " },
  { ...pretty, name: "with an indentation of 1 space", indent: " " },
  { ...pretty, name: "by Perl's pretty printer", indent: "   ", colon: " : " },
  { ...plain, name: "with a space behind each colon", comma: ",", colon: ": " },
  { ...plain, name: "with a space behind each comma", comma: ", ", colon: ":" },
];

const [quote, backslash] = [0x22, 0x5c];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];
const [comma, colon] = [0x2c, 0x3a];

const delimiters = new Set([quote, openBrace, closeBrace, openBracket, closeBracket, comma, colon]);

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** Where the string that begins at a place ends; behind the text when it is not closed. */
export function stringEnd(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
  return at + 1;
}

function isDelimiter(byte: number | undefined): boolean {
  return isSpace(byte) || (byte !== undefined && delimiters.has(byte));
}

/** Where the JSON value of a body lies: without a byte-order mark and white space around it. */
export function valueSpan(bytes: Uint8Array): { readonly start: number; readonly end: number } {
  let start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  let end = bytes.length;
  while (start < end && isSpace(bytes[start])) start++;
  while (end > start && isSpace(bytes[end - 1])) end--;
  return { start, end };
}

/** The white space of one style, set while the tokens go by. */
class Layout {
  private readonly open: number[] = [];
  private objects = 0;

  constructor(
    private readonly out: ByteWriter,
    private readonly style: PrintStyle,
  ) {}

  get depth(): number {
    return this.open.length;
  }

  private gap(container: number | undefined): void {
    const { indent, arraysInLine } = this.style;
    if (indent === undefined) return;
    if (arraysInLine && container === openBracket) {
      this.out.byte(0x20);
      return;
    }
    this.out.byte(0x0a);
    for (let level = arraysInLine ? this.objects : this.open.length; level > 0; level--) this.out.ascii(indent);
  }

  opened(byte: number): void {
    this.out.byte(byte);
    this.open.push(byte);
    if (byte === openBrace) this.objects++;
    this.gap(byte);
  }

  /** False when it closes nothing. */
  closed(byte: number): boolean {
    const container = this.open.pop();
    if (container === undefined || (container === openBrace) !== (byte === closeBrace)) return false;
    if (container === openBrace) this.objects--;
    this.gap(container);
    this.out.byte(byte);
    return true;
  }

  comma(): void {
    this.out.ascii(this.style.comma);
    this.gap(this.open.at(-1));
  }
}

/**
 * Sets the white space between a JSON text's tokens anew. The tokens stay byte for byte; so does what stands before
 * and behind the value, for that is another cause's.
 * @returns undefined when the bytes are no JSON object or array, or the result would be unreasonably large
 */
export async function reprint(bytes: Uint8Array, style: PrintStyle, pace: Pace): Promise<Uint8Array | undefined> {
  const { start, end } = valueSpan(bytes);
  if (bytes[start] !== openBrace && bytes[start] !== openBracket) return undefined;
  const most = bytes.length * 8 + sliceBytes;
  const out = new ByteWriter(bytes.length);
  const layout = new Layout(out, style);
  out.copy(bytes, 0, start);
  let nextLook = start + sliceBytes;
  for (let at = start; at < end;) {
    if (at >= nextLook) {
      nextLook = at + sliceBytes;
      if (pace.due()) await pace.turn();
    }
    const byte = bytes[at] ?? 0;
    let behind = at + 1;
    if (byte === openBrace || byte === openBracket) {
      while (behind < end && isSpace(bytes[behind])) behind++;
      if (bytes[behind] === (byte === openBrace ? closeBrace : closeBracket)) {
        out.ascii(byte === openBrace ? style.emptyObject : style.emptyArray);
        behind++;
      } else layout.opened(byte);
    } else if (byte === closeBrace || byte === closeBracket) {
      if (!layout.closed(byte)) return undefined;
    } else if (byte === comma) layout.comma();
    else if (byte === colon) out.ascii(style.colon);
    else if (!isSpace(byte)) {
      if (byte === quote) behind = stringEnd(bytes, at);
      else while (behind < end && !isDelimiter(bytes[behind])) behind++;
      out.copy(bytes, at, Math.min(behind, end));
    }
    at = behind;
    if (out.length > most || (layout.depth === 0 && at < end)) return undefined;
  }
  if (layout.depth > 0) return undefined;
  out.copy(bytes, end, bytes.length);
  return out.result();
}
