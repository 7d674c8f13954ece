import { invalidInput } from "../errors";
import { counted } from "../model/counted";
import type { HeaderList } from "../model/headers";
import { areHeaders, readHeaderLine, readHeaderLines } from "./headers";
import { joinedBytes } from "./joinedBytes";
import type { ReadRequest } from "./readRequestTypes";
import { shownBytes } from "./shownBytes";

const lineFeed = 10;
const carriageReturn = 13;
const requestLine = /^[A-Za-z]+ \S+ HTTP\/\d(?:\.\d)?$/;
/** As HTTP files have it; a header must follow, for it might be a log's line. */
const shortRequestLine = /^[A-Z]{3,10} (?:https?:\/\/|\/)\S*$/;
const statusLine = /^HTTP\/\d(?:\.\d)? \d{3}/;
/** More than any server takes; it bounds the search for the blank line in a large body. */
const longestHead = 1_000_000;

interface Split {
  readonly lines: readonly string[];
  /** Where the body begins; undefined when no blank line came. */
  readonly bodyAt: number | undefined;
}

/** The lines of the head, up to the first blank one. */
function splitHead(bytes: Uint8Array): Split {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const lines: string[] = [];
  let start = 0;
  while (start < bytes.length && start < longestHead) {
    const found = bytes.indexOf(lineFeed, start);
    const end = found < 0 ? bytes.length : found;
    const line = decoder.decode(
      bytes.subarray(start, end > start && bytes[end - 1] === carriageReturn ? end - 1 : end),
    );
    start = end + 1;
    if (line === "") return { lines, bodyAt: Math.min(start, bytes.length) };
    lines.push(line);
  }
  return { lines, bodyAt: undefined };
}

function valueOf(headers: HeaderList, name: string): string | undefined {
  return headers.find(([candidate]) => candidate.toLowerCase() === name)?.[1];
}

/** Takes the frames of a chunked body off (RFC 9112, 7.1); undefined when it is not framed all through. */
function withoutChunks(body: Uint8Array): Uint8Array | undefined {
  const decoder = new TextDecoder();
  const parts: Uint8Array[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = body.indexOf(lineFeed, at);
    if (lineEnd < 0 || lineEnd - at > 100) return undefined;
    const size = /^([0-9a-fA-F]{1,8})(?:;[^\r\n]*)?\r?$/.exec(decoder.decode(body.subarray(at, lineEnd)))?.[1];
    if (size === undefined) return undefined;
    const length = Number.parseInt(size, 16);
    at = lineEnd + 1;
    if (length === 0) break;
    if (at + length > body.length) return undefined;
    parts.push(body.subarray(at, at + length));
    at += length;
    if (body[at] === carriageReturn) at++;
    if (body[at] !== lineFeed) return undefined;
    at++;
  }
  return joinedBytes(parts);
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 32 || byte === 9 || byte === lineFeed || byte === carriageReturn);
}

/** Whether an answer begins here, as a log of both puts it behind the request; `curl -v` puts a mark before it. */
function isAnswer(bytes: Uint8Array): boolean {
  return /^\s*(?:< )?HTTP\/\d/.test(new TextDecoder("latin1").decode(bytes.subarray(0, 100)));
}

function framedBody(headers: HeaderList, raw: Uint8Array): { readonly body: Uint8Array; readonly notes: string[] } {
  if (/\bchunked\b/i.test(valueOf(headers, "transfer-encoding") ?? "")) {
    const body = withoutChunks(raw);
    if (body !== undefined) return { body, notes: ["The frames of the chunked transfer were taken off the body."] };
  }
  const told = valueOf(headers, "content-length");
  const length = told !== undefined && /^\d{1,15}$/.test(told) ? Number(told) : undefined;
  if (told === undefined) return beforeSeparator(raw);
  if (length === undefined || length === raw.length) return { body: raw, notes: [] };
  if (length < raw.length && isBlank(raw.subarray(length))) {
    const surplus = raw.length - length;
    return {
      body: raw.subarray(0, length),
      notes: [
        `The last ${counted(surplus, "byte of white space was", "bytes of white space were")} left out: Content-Length ends the body there.`,
      ],
    };
  }
  if (length < raw.length && isAnswer(raw.subarray(length))) {
    const note = "The answer behind the request was left out: Content-Length ends the body before it.";
    return { body: raw.subarray(0, length), notes: [note] };
  }
  return {
    body: raw,
    notes: [`Content-Length says ${counted(length, "byte")}, but ${counted(raw.length, "is", "are")} here.`],
  };
}

/** An HTTP file may hold several requests: a line that begins with `###` ends the body. */
function beforeSeparator(body: Uint8Array): { readonly body: Uint8Array; readonly notes: string[] } {
  // One byte a character, so that places are the same.
  const text = new TextDecoder("latin1").decode(body);
  const at = text.indexOf("\n###");
  if (at < 0) return { body, notes: [] };
  const { length } = text.slice(0, at).trimEnd();
  return { body: body.subarray(0, length), notes: ["The body was taken to end before the line that begins with ###."] };
}

/** The head as `curl -v` prints it, without the marks before its lines; undefined for any other text. */
function withoutCurlMarks(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes[0] !== 0x3e || bytes[1] !== 0x20) return undefined;
  const { lines } = splitHead(bytes);
  const end = lines.findIndex((line) => /^>\s*$/.test(line));
  const head = lines.slice(0, end).map((line) => line.replace(/^> /, ""));
  if (end < 0 || !requestLine.test(head[0] ?? "")) return undefined;
  let bodyAt = 0;
  for (let line = 0; line <= end; line++) bodyAt = bytes.indexOf(lineFeed, bodyAt) + 1;
  return joinedBytes([
    new TextEncoder().encode(`${head.join("\n")}\n\n`),
    bytes.subarray(bodyAt === 0 ? bytes.length : bodyAt),
  ]);
}

function numbered(lines: readonly string[], firstLine: number): HeaderList {
  const headers = readHeaderLines(lines);
  if ("badLine" in headers) {
    throw invalidInput(
      `Line ${headers.badLine + firstLine} is not a header of the form "Name: value". Put a blank line between the headers and the body.`,
    );
  }
  return headers;
}

/**
 * Reads a raw HTTP request: request line, headers, blank line, body; lines end in LF or CRLF. The body's bytes stay as
 * they are, but for a chunked transfer's frames, and white space or an answer behind the end that Content-Length tells.
 * @returns undefined when the first line is no request line
 * @throws PacSpaceError `invalid` for an answer in place of a request, or a line of the head that is no header
 */
export function readHttp(bytes: Uint8Array): ReadRequest | undefined {
  const spoken = withoutCurlMarks(bytes);
  if (spoken !== undefined) return readHttp(spoken);
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const { lines, bodyAt } = splitHead(hasMark ? bytes.subarray(3) : bytes);
  const first = lines[0]?.trim() ?? "";
  if (statusLine.test(first)) {
    throw invalidInput("This is an HTTP answer. Paste the request that PacSpace sent: its headers and its body.");
  }
  const isShort = shortRequestLine.test(first) && readHeaderLine(lines[1] ?? "") !== undefined;
  if (!requestLine.test(first) && !isShort) return undefined;
  const headers = numbered(lines.slice(1), 2);
  const notes = hasMark ? ["A byte-order mark before the request line was left out."] : [];
  if (bodyAt === undefined) {
    return { kind: "http", headers, notes: [...notes, "No blank line ends the headers, so there is no body."] };
  }
  const framed = framedBody(headers, bytes.subarray(bodyAt + (hasMark ? 3 : 0)));
  return { kind: "http", headers, body: framed.body, notes: [...notes, ...framed.notes] };
}

/** Whether the lines at the beginning are headers, and not what a log puts before a colon. */
export function beginsWithHeaders(bytes: Uint8Array): boolean {
  const { lines } = splitHead(bytes);
  const headers = readHeaderLines(lines);
  if (!("badLine" in headers)) return areHeaders(headers);
  const good = readHeaderLines(lines.slice(0, headers.badLine));
  return !("badLine" in good) && areHeaders(good);
}

/**
 * Reads header lines that may be followed by a blank line and a body.
 * @returns undefined when the first line is no header
 * @throws PacSpaceError `invalid` for a later line of the head that is no header
 */
export function readHeaderBlock(bytes: Uint8Array): ReadRequest | undefined {
  const { lines, bodyAt } = splitHead(bytes);
  const [first] = lines;
  if (first === undefined || "badLine" in readHeaderLines([first])) return undefined;
  if (bodyAt === undefined && "badLine" in readHeaderLines(lines)) return undefined;
  const headers = numbered(lines, 1);
  if (bodyAt === undefined || bodyAt === bytes.length) return { kind: "headers", headers, notes: [] };
  const body = bytes.subarray(bodyAt);
  // A program that prints its headers as lines prints the body's bytes behind them.
  const isShown = /^\s*(?:b['"]|<Buffer )/.test(new TextDecoder("latin1").decode(body.subarray(0, 100)));
  const shown = isShown ? shownBytes(new TextDecoder().decode(body)) : undefined;
  const framed = framedBody(headers, shown ?? body);
  return { kind: "headersAndBody", headers, body: framed.body, notes: framed.notes };
}
