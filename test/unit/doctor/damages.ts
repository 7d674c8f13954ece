import { deflateSync, gzipSync } from "node:zlib";

/** One way to damage a body, written without the doctor's own means. */
export interface Damage {
  /** The cause that undoes it. */
  readonly id: string;
  readonly name: string;
  /** Undefined where it can't be done to this body. */
  readonly apply: (body: Buffer) => Buffer | undefined;
}

const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gs;

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return /^[{[]/.test(text);
  } catch {
    return false;
  }
}

function onJson(edit: (text: string) => string): Damage["apply"] {
  return (body) => {
    const text = body.toString("utf8");
    return Buffer.from(text).equals(body) && isJson(text) ? Buffer.from(edit(text)) : undefined;
  };
}

/** Prints tokens anew, as JSON.stringify does with an indentation. */
export function prettyPrinted(text: string, indent: string): string {
  let depth = 0;
  let out = "";
  const found = text.match(tokens) ?? [];
  for (const [index, token] of found.entries()) {
    const line = (): string => `\n${indent.repeat(depth)}`;
    const isEmpty = /^[}\]]$/.test(found[index + 1] ?? "");
    if (/^[{[]$/.test(token)) {
      depth++;
      out += isEmpty ? token : token + line();
    } else if (/^[}\]]$/.test(token)) {
      depth--;
      out += /^[{[]$/.test(found[index - 1] ?? "") ? token : line() + token;
    } else if (token === ",") out += token + line();
    else out += token === ":" ? ": " : token;
  }
  return out;
}

function spaced(text: string): string {
  return (text.match(tokens) ?? []).map((token) => (/^[,:]$/.test(token) ? `${token} ` : token)).join("");
}

function unicodeEscaped(text: string): string {
  return text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function inStrings(text: string, edit: (string: string) => string): string {
  return text.replace(tokens, (token) => (token.startsWith('"') ? edit(token) : token));
}

function reversedEnvelope(text: string): string {
  const parts = /^\{("event":.*?),("timestamp":"[^"]*"),("data":.*)\}$/s.exec(text);
  return parts ? `{${parts[3] ?? ""},${parts[2] ?? ""},${parts[1] ?? ""}}` : text;
}

/** Damages that keep all that is needed to undo them, done to a body of compact JSON. */
export const invertible: readonly Damage[] = [
  { id: "body.reserialized", name: "2 spaces", apply: onJson((text) => prettyPrinted(text, "  ")) },
  { id: "body.reserialized", name: "4 spaces", apply: onJson((text) => prettyPrinted(text, "    ")) },
  { id: "body.reserialized", name: "tabs", apply: onJson((text) => prettyPrinted(text, "\t")) },
  { id: "body.reserialized", name: "Python's spacing", apply: onJson(spaced) },
  { id: "body.slashEscapes", name: "slashes escaped", apply: onJson((text) => text.replaceAll("/", "\\/")) },
  {
    id: "body.htmlEscapes",
    name: "escaped for HTML",
    apply: onJson((text) =>
      inStrings(text, (string) => string.replace(/[<>&']/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`)),
    ),
  },
  {
    id: "body.htmlEscapes",
    name: "escaped for HTML in upper case",
    apply: onJson((text) =>
      inStrings(text, (string) =>
        string.replace(/[<>]/g, (char) => `\\u00${char.charCodeAt(0).toString(16).toUpperCase()}`),
      ),
    ),
  },
  { id: "body.unicodeEscapes", name: "escaped to ASCII", apply: onJson(unicodeEscaped) },
  { id: "body.keyOrder", name: "envelope's keys reversed", apply: onJson(reversedEnvelope) },
  {
    id: "body.lineEndings",
    name: "LF to CRLF",
    apply: (body) =>
      body.includes(0x0d) ? undefined : Buffer.from(body.toString("latin1").replaceAll("\n", "\r\n"), "latin1"),
  },
  { id: "body.trailingNewline", name: "newline added", apply: (body) => Buffer.concat([body, Buffer.from("\n")]) },
  { id: "body.trailingNewline", name: "CRLF added", apply: (body) => Buffer.concat([body, Buffer.from("\r\n")]) },
  {
    id: "body.trailingNewline",
    name: "newline lost",
    apply: (body) => (body.at(-1) === 10 && body.at(-2) !== 13 ? body.subarray(0, -1) : undefined),
  },
  {
    id: "body.whitespace",
    name: "padded",
    apply: (body) =>
      /^\s|\s$/.test(body.toString("latin1")) ? undefined : Buffer.from(`  ${body.toString("latin1")}   `, "latin1"),
  },
  {
    id: "body.bom",
    name: "mark added",
    apply: (body) => (body[0] === 0xef ? undefined : Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), body])),
  },
  { id: "body.gzip", name: "gzip", apply: (body) => gzipSync(body) },
  { id: "body.gzip", name: "deflate", apply: (body) => deflateSync(body) },
  { id: "body.base64", name: "base64", apply: (body) => Buffer.from(body.toString("base64")) },
  { id: "body.base64", name: "base64url", apply: (body) => Buffer.from(body.toString("base64url")) },
  {
    id: "body.doubleEncoded",
    name: "encoded twice",
    apply: (body) =>
      Buffer.from(body.toString()).equals(body) ? Buffer.from(JSON.stringify(body.toString())) : undefined,
  },
  {
    id: "body.formEncoded",
    name: "form field",
    apply: (body) =>
      Buffer.from(body.toString()).equals(body)
        ? Buffer.from(`payload=${encodeURIComponent(body.toString())}`)
        : undefined,
  },
  {
    id: "body.formEncoded",
    name: "percent-encoded with plus",
    apply: (body) =>
      Buffer.from(body.toString()).equals(body)
        ? Buffer.from(new URLSearchParams([["payload", body.toString()]]).toString())
        : undefined,
  },
  { id: "body.charset", name: "read as Latin-1", apply: (body) => Buffer.from(body.toString("latin1")) },
  {
    id: "body.charset",
    name: "read as Windows-1252",
    apply: (body) => Buffer.from(new TextDecoder("windows-1252").decode(body)),
  },
  {
    id: "body.charset",
    name: "UTF-16",
    apply: (body) =>
      Buffer.from(body.toString()).equals(body) && body.length > 1
        ? Buffer.from(body.toString(), "utf16le")
        : undefined,
  },
];
