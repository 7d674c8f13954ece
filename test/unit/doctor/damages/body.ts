import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import {
  envelopeInOrder,
  escapedInStrings,
  firstNumber,
  onJson,
  prettyPrinted,
  spaced,
  unescaped,
  unicodeEscaped,
  withNumber,
} from "./jsonText";

/** One way to damage a body, written without the doctor's own means. */
export interface BodyDamage {
  /** The cause that undoes it. */
  readonly id: string;
  readonly name: string;
  /** Gives a body what the damage takes away or changes; it is what PacSpace sends. */
  readonly prepare?: (body: Buffer) => Buffer | undefined;
  /** Undefined where it can't be done to this body. */
  readonly apply: (body: Buffer) => Buffer | undefined;
  /** To undo it takes many tries in a body with much of its kind. */
  readonly takesMany?: true;
}

const mark = Buffer.from([0xef, 0xbb, 0xbf]);
const htmlCharacters = /[<>&']/g;
const isHtml = (code: number): boolean => code < 0x80 && "<>&'".includes(String.fromCharCode(code));
const isOther = (code: number): boolean => code >= 0x80;

/** An edit of a body that is UTF-8, JSON or not. */
function onText(edit: (text: string) => Buffer | string | undefined): BodyDamage["apply"] {
  return (body) => {
    const text = body.toString();
    const edited = Buffer.from(text).equals(body) ? edit(text) : undefined;
    return edited === undefined ? undefined : Buffer.from(edited);
  };
}

function endingIn(ending: string): Required<Pick<BodyDamage, "prepare" | "apply">> {
  const end = Buffer.from(ending);
  return {
    prepare: (body) => Buffer.concat([body, end]),
    apply: (body) => (body.subarray(-end.length).equals(end) ? body.subarray(0, -end.length) : undefined),
  };
}

/** One number of a form is written in another one. */
function numberDamage(name: string, form: RegExp, example: string, written: (number: string) => string): BodyDamage {
  return {
    id: "body.numberFormat",
    name,
    prepare: onJson((text) => (firstNumber(text, form, String) === undefined ? withNumber(text, example) : text)),
    apply: onJson((text) => firstNumber(text, form, written)),
    takesMany: true,
  };
}

/** Written in an encoding of one byte a character; undefined where it has no byte for one, or nothing would show it. */
function inBytes(text: string, encoding: "latin1" | "windows-1252"): Buffer | undefined {
  const bytesOnly = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  // What the Web calls Latin-1 is Windows-1252; Node's own latin1 is the true one.
  const characters = encoding === "latin1" ? bytesOnly.toString("latin1") : new TextDecoder(encoding).decode(bytesOnly);
  const bytes = Array.from(text, (char) => characters.indexOf(char));
  if (bytes.includes(-1)) return undefined;
  const written = Buffer.from(bytes);
  return Buffer.from(written.toString()).equals(written) ? undefined : written;
}

/** A slash that is escaped already stays as it is. */
function slashesEscaped(text: string): string {
  return text.replace(/\\.|\//gs, (found) => (found === "/" ? "\\/" : found));
}

function unsortedEnvelope(text: string): string | undefined {
  const parts = /^\{("data":.*),("event":"[^"]*"),("timestamp":"[^"]*")\}$/s.exec(text)?.slice(1);
  return parts && `{${[parts[1], parts[2], parts[0]].join(",")}}`;
}

/** Damages that keep all that is needed to undo them, done to a body of compact JSON. */
export const bodyDamages: readonly BodyDamage[] = [
  { id: "body.reserialized", name: "2 spaces", apply: onJson((text) => prettyPrinted(text, "  ")) },
  { id: "body.reserialized", name: "4 spaces", apply: onJson((text) => prettyPrinted(text, "    ")) },
  { id: "body.reserialized", name: "tabs", apply: onJson((text) => prettyPrinted(text, "\t")) },
  { id: "body.reserialized", name: "Python's spacing", apply: onJson(spaced) },
  { id: "body.slashEscapes", name: "slashes escaped", apply: onJson(slashesEscaped) },
  {
    id: "body.slashEscapes",
    name: "slashes unescaped",
    prepare: onJson(slashesEscaped),
    apply: onJson((text) => text.replace(/\\(.)/gs, (escape, char) => (char === "/" ? "/" : escape))),
  },
  {
    id: "body.htmlEscapes",
    name: "escaped for HTML",
    apply: onJson((text) => escapedInStrings(text, htmlCharacters)),
  },
  {
    id: "body.htmlEscapes",
    name: "escaped for HTML in upper case",
    apply: onJson((text) => escapedInStrings(text, /[<>]/g, true)),
  },
  {
    id: "body.htmlEscapes",
    name: "unescaped from HTML",
    prepare: onJson((text) => escapedInStrings(text, htmlCharacters)),
    apply: onJson((text) => unescaped(text, isHtml)),
  },
  { id: "body.unicodeEscapes", name: "escaped to ASCII", apply: onJson(unicodeEscaped) },
  {
    id: "body.unicodeEscapes",
    name: "unescaped from ASCII",
    prepare: onJson(unicodeEscaped),
    apply: onJson((text) => unescaped(text, isOther)),
  },
  {
    id: "body.unicodeEscapes",
    name: "escapes in upper case",
    prepare: onJson(unicodeEscaped),
    apply: onJson((text) =>
      text.replace(/\\(?:u([0-9a-f]{4})|.)/gs, (escape, digits?: string) =>
        digits === undefined ? escape : `\\u${digits.toUpperCase()}`,
      ),
    ),
  },
  numberDamage("one number's .0 dropped", /^-?\d+\.0$/, "1.0", (number) => number.slice(0, -2)),
  numberDamage("one number's .0 added", /^-?\d+$/, "7", (number) => `${number}.0`),
  numberDamage("one number's final 0 dropped", /^-?\d+\.\d0$/, "10.50", (number) => number.slice(0, -1)),
  numberDamage("one number's exponent written out", /^[1-9]e[1-9]$/, "1e3", (number) => String(Number(number))),
  numberDamage("one integer rounded", /^[1-9]\d{16,19}$/, "12345678901234567", (number) =>
    JSON.stringify(Number(number)),
  ),
  { id: "body.keyOrder", name: "envelope's keys reversed", apply: onJson((text) => envelopeInOrder(text, [2, 1, 0])) },
  {
    id: "body.keyOrder",
    name: "envelope's sorted keys put in PacSpace's order",
    prepare: onJson((text) => envelopeInOrder(text, [2, 0, 1])),
    apply: onJson(unsortedEnvelope),
    takesMany: true,
  },
  {
    id: "body.lineEndings",
    name: "LF to CRLF",
    prepare: onJson((text) => prettyPrinted(text, "  ")),
    apply: (body) =>
      body.includes(0x0d) ? undefined : Buffer.from(body.toString("latin1").replaceAll("\n", "\r\n"), "latin1"),
  },
  { id: "body.trailingNewline", name: "newline added", apply: (body) => Buffer.concat([body, Buffer.from("\n")]) },
  { id: "body.trailingNewline", name: "CRLF added", apply: (body) => Buffer.concat([body, Buffer.from("\r\n")]) },
  {
    id: "body.lineEndings",
    name: "CRLF to LF",
    prepare: onJson((text) => prettyPrinted(text, "  ").replaceAll("\n", "\r\n")),
    apply: (body) => Buffer.from(body.toString("latin1").replaceAll("\r\n", "\n"), "latin1"),
  },
  { id: "body.trailingNewline", name: "newline lost", ...endingIn("\n") },
  { id: "body.trailingNewline", name: "CRLF lost", ...endingIn("\r\n") },
  { id: "body.whitespace", name: "space trimmed", ...endingIn(" ") },
  {
    id: "body.whitespace",
    name: "padded",
    apply: (body) =>
      /^\s|\s$/.test(body.toString("latin1")) ? undefined : Buffer.from(`  ${body.toString("latin1")}   `, "latin1"),
  },
  {
    id: "body.bom",
    name: "mark added",
    apply: (body) => (body[0] === 0xef ? undefined : Buffer.concat([mark, body])),
  },
  {
    id: "body.bom",
    name: "mark lost",
    prepare: (body) => Buffer.concat([mark, body]),
    apply: (body) => (body.subarray(0, 3).equals(mark) ? body.subarray(3) : undefined),
  },
  { id: "body.gzip", name: "gzip", apply: (body) => gzipSync(body) },
  { id: "body.gzip", name: "deflate", apply: (body) => deflateSync(body) },
  { id: "body.gzip", name: "Brotli", apply: (body) => brotliCompressSync(body) },
  { id: "body.base64", name: "base64", apply: (body) => Buffer.from(body.toString("base64")) },
  { id: "body.base64", name: "base64url", apply: (body) => Buffer.from(body.toString("base64url")) },
  {
    id: "body.base64",
    name: "base64 in lines",
    apply: (body) => Buffer.from(body.toString("base64").replace(/.{76}(?=.)/g, "$&\r\n")),
  },
  { id: "body.doubleEncoded", name: "encoded twice", apply: onText((text) => JSON.stringify(text)) },
  { id: "body.doubleEncoded", name: "printed as a Buffer", apply: (body) => Buffer.from(JSON.stringify(body)) },
  {
    id: "body.logged",
    name: "quotes doubled for CSV",
    apply: onJson((text) => (/^\{"\w/.test(text) ? `"${text.replaceAll('"', '""')}"` : undefined)),
  },
  {
    id: "body.logged",
    name: "escaped as nginx's log does it",
    apply: onJson((text) =>
      text.startsWith('{"')
        ? Buffer.from(text)
            .toString("latin1")
            .replaceAll(/[^ !#-[\]-~]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`)
        : undefined,
    ),
  },
  { id: "body.formEncoded", name: "form field", apply: onText((text) => `payload=${encodeURIComponent(text)}`) },
  { id: "body.formEncoded", name: "percent-encoded", apply: onText(encodeURIComponent) },
  {
    id: "body.formEncoded",
    name: "percent-encoded with plus",
    apply: onText((text) => new URLSearchParams([["payload", text]]).toString()),
  },
  { id: "body.charset", name: "read as Latin-1", apply: (body) => Buffer.from(body.toString("latin1")) },
  {
    id: "body.charset",
    name: "read as Windows-1252",
    apply: (body) => Buffer.from(new TextDecoder("windows-1252").decode(body)),
  },
  { id: "body.charset", name: "written as Latin-1", apply: onText((text) => inBytes(text, "latin1")) },
  { id: "body.charset", name: "written as Windows-1252", apply: onText((text) => inBytes(text, "windows-1252")) },
  {
    id: "body.charset",
    name: "UTF-16",
    apply: onText((text) => (text.length > 1 ? Buffer.from(text, "utf16le") : undefined)),
  },
  {
    id: "body.charset",
    name: "UTF-16 with a mark, the higher byte first",
    apply: onText((text) => Buffer.from(`\ufeff${text}`, "utf16le").swap16()),
  },
];
