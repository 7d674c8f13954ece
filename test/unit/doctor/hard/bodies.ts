import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { text, type HardCase } from "./arrival";

function latin1AsUtf8(body: string): Buffer {
  return Buffer.from(Buffer.from(body).toString("latin1"));
}

function dotNet(body: string): string {
  return body.replace(
    /[<>&'+`]|[^\0-\x7f]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`,
  );
}

/** Each such byte as \\x and its digits. */
function escapedBytes(body: string, bytes: RegExp, first = (plain: string): string => plain): string {
  return first(Buffer.from(body).toString("latin1")).replaceAll(
    bytes,
    (char) => `\\x${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}

function pythonBytes(body: string): string {
  return `b'${escapedBytes(body, /[^ -~]/g, (plain) => plain.replaceAll(/['\\]/g, "\\$&")).replaceAll(/\\x../g, (found) => found.toLowerCase())}'`;
}

/** What gateways, proxies and frameworks do to a body. */
export const bodyCases: readonly HardCase[] = [
  ["an editor's final newline", { received: `${text}\n` }, ["body.trailingNewline"]],
  ["two final newlines", { received: `${text}\n\n` }, ["body.trailingNewline"]],
  ["PowerShell's final line end", { received: `${text}\r\n` }, ["body.trailingNewline"]],
  ["its own final newline trimmed", { original: `${text}\n`, received: text }, ["body.trailingNewline"]],
  ["padded by a fixed-width field", { received: text.padEnd(text.length + 40) }, ["body.whitespace"]],
  ["a NUL behind it, as in C", { received: `${text}\0` }, ["body.whitespace"]],
  ["Notepad's byte-order mark", { received: `\ufeff${text}` }, ["body.bom"]],
  [".NET's byte-order mark and line end", { received: `\ufeff${text}\r\n` }, ["body.trailingNewline", "body.bom"]],
  ["its own mark dropped by TextDecoder", { original: `\ufeff${text}`, received: text }, ["body.bom"]],
  ["Java's Latin-1 default", { received: latin1AsUtf8(text) }, ["body.charset"]],
  ["Latin-1 twice", { received: latin1AsUtf8(latin1AsUtf8(text).toString()) }, ["body.charset"]],
  ["Windows-1252 read", { received: new TextDecoder("windows-1252").decode(Buffer.from(text)) }, ["body.charset"]],
  ["UTF-16 with a mark", { received: Buffer.from(`\ufeff${text}`, "utf16le") }, ["body.charset"]],
  ["UTF-16, big-endian", { received: Buffer.from(text, "utf16le").swap16() }, ["body.charset"]],
  [
    "Latin-1 bytes sent",
    { original: '{"a":"café"}', received: Buffer.from('{"a":"café"}', "latin1") },
    ["body.charset"],
  ],
  ["gzip", { received: gzipSync(text) }, ["body.gzip"]],
  ["deflate", { received: deflateSync(text) }, ["body.gzip"]],
  ["Brotli", { received: brotliCompressSync(text) }, ["body.gzip"]],
  ["API Gateway's base64", { received: Buffer.from(text).toString("base64") }, ["body.base64"]],
  [
    "base64 in lines, as MIME has it",
    { received: Buffer.from(text).toString("base64").replace(/.{76}/g, "$&\r\n") },
    ["body.base64"],
  ],
  ["base64 of gzip", { received: gzipSync(text).toString("base64") }, ["body.gzip", "body.base64"]],
  [
    "base64 in a JSON string",
    { received: JSON.stringify(Buffer.from(text).toString("base64")) },
    ["body.base64", "body.doubleEncoded"],
  ],
  ["a queue's JSON string", { received: JSON.stringify(text) }, ["body.doubleEncoded"]],
  ["a queue within a queue", { received: JSON.stringify(JSON.stringify(text)) }, ["body.doubleEncoded"]],
  [
    "Python's JSON string",
    {
      received: JSON.stringify(text).replace(
        /[^\0-\x7f]/g,
        (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
      ),
    },
    ["body.doubleEncoded"],
  ],
  ["a form's field", { received: new URLSearchParams({ payload: text }).toString() }, ["body.formEncoded"]],
  [
    "a form's second field",
    { received: new URLSearchParams({ type: "json", body: text }).toString() },
    ["body.formEncoded"],
  ],
  ["a form's name without a value", { received: `${encodeURIComponent(text)}=` }, ["body.formEncoded"]],
  ["percent-encoded", { received: encodeURIComponent(text) }, ["body.formEncoded"]],
  ["PHP's slashes", { received: text.replaceAll("/", "\\/") }, ["body.slashEscapes"]],
  [
    "Rails' escapes",
    { received: text.replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`) },
    ["body.htmlEscapes"],
  ],
  [
    "Gson's escapes",
    { received: text.replace(/[<>&='](?=[^"]*")/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`) },
    ["body.htmlEscapes"],
  ],
  [".NET's escapes", { received: dotNet(text) }, ["body.htmlEscapes", "body.unicodeEscapes"]],
  ["only < escaped", { received: text.replaceAll("<", "\\u003C") }, ["body.htmlEscapes"]],
  ["Newtonsoft's dates", { received: text.replace("02.000Z", "02Z") }, ["body.reserialized"]],
  ["PHP's empty objects", { received: text.replace('"meta":{}', '"meta":[]') }, ["body.reserialized"]],
  ["Lua's empty lists", { received: text.replace('"tags":[]', '"tags":{}') }, ["body.reserialized"]],
  ["JavaScript's numbers", { received: text.replace("-42.50", "-42.5").replace("1.0,", "1,") }, ["body.numberFormat"]],
  ["a float that stayed one", { received: text.replace("1.0,", "1,") }, ["body.numberFormat"]],
  [
    "LF into CRLF in pretty text",
    {
      original: JSON.stringify(JSON.parse(text), null, 2),
      received: JSON.stringify(JSON.parse(text), null, 2).replaceAll("\n", "\r\n"),
    },
    ["body.lineEndings"],
  ],
  ["nothing at all", { received: "" }, ["body.empty?"]],
  [
    "cut in the middle",
    { received: text.slice(0, 60), more: [["Content-Length", String(Buffer.byteLength(text))]] },
    ["body.truncated"],
  ],
  ["Buffer of Node as JSON", { received: JSON.stringify(Buffer.from(text)) }, ["body.doubleEncoded"]],
  ["out of a JSON log, without its quotes", { received: JSON.stringify(text).slice(1, -1) }, ["body.doubleEncoded"]],
  [
    "a list out of a JSON log, without its quotes",
    { original: `[${text}]`, received: JSON.stringify(`[${text}]`).slice(1, -1) },
    ["body.doubleEncoded"],
  ],
  ["Python's bytes", { received: pythonBytes(text) }, ["body.logged"]],
  ["nginx's log", { received: escapedBytes(text, /[^ !#-[\]-~]/g) }, ["body.logged"]],
  [
    "Apache's log",
    { received: escapedBytes(text, /[^ -~]/g, (plain) => plain.replaceAll(/["\\]/g, "\\$&")) },
    ["body.logged"],
  ],
  ["a CSV field", { received: `"${text.replaceAll('"', '""')}"` }, ["body.logged"]],
  ["a CSV field without its quotes", { received: text.replaceAll('"', '""') }, ["body.logged"]],
  [
    "a page's source",
    {
      received: text
        .replaceAll("&", "&amp;")
        .replaceAll('"', "&quot;")
        .replaceAll("<", "&lt;")
        .replaceAll(">", "&gt;")
        .replaceAll("'", "&#39;"),
    },
    ["body.logged"],
  ],
  [
    "cut out of a log with escaped quotes, which is no sign of a limit",
    { original: `${text} `, received: JSON.stringify(text).slice(1, 60) },
    [],
  ],
];
