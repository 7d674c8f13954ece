import { invalidInput } from "../errors";
import type { HeaderList } from "../model/headers";
import { isLiteralArray, isLiteralObject, readLiteral, type Literal } from "./literal";

/** What RFC 9110, 5.6.2 lets a field name be made of; HTTP/2's pseudo-fields begin with a colon. */
const headerLine = /^(:?[!#$%&'*+\-.^_`|~0-9A-Za-z]+):(?!\/\/)(.*)$/s;

/**
 * Reads one header line.
 * @returns name and value, the white space around the value removed (RFC 9110, 5.5); undefined for another text
 */
export function readHeaderLine(line: string): readonly [string, string] | undefined {
  const found = headerLine.exec(line);
  return found ? [found[1] ?? "", (found[2] ?? "").replace(/^[ \t]+/, "").trimEnd()] : undefined;
}

/**
 * Reads header lines. A line that begins with white space continues the one before it (RFC 9112, 5.2).
 * @param lines without their line ends
 * @returns the headers, HTTP/2's pseudo-fields left out, or the place of the first line that is none
 */
export function readHeaderLines(lines: readonly string[]): HeaderList | { readonly badLine: number } {
  const headers: [string, string][] = [];
  for (const [index, line] of lines.entries()) {
    const last = headers.at(-1);
    if (/^[ \t]+\S/.test(line) && last !== undefined) {
      last[1] = `${last[1]} ${line.trim()}`;
      continue;
    }
    const header = readHeaderLine(line);
    if (header === undefined) return { badLine: index };
    headers.push([...header]);
  }
  return headers.filter(([name]) => !name.startsWith(":"));
}

const knownNames =
  /^(?:x-pacspace-(?:signature|timestamp)|x-webhook-event|x-event-id|host|content-type|content-length|user-agent|accept(?:-encoding)?|x-forwarded-(?:for|proto|host)|connection)$/i;

/** Tells headers from what only looks like them, a body or a log: it takes a header of ours or two well-known ones. */
export function areHeaders(headers: HeaderList | undefined): headers is HeaderList {
  const known = headers?.filter(([name]) => knownNames.test(name)) ?? [];
  return known.length > 1 || known.some(([name]) => /pacspace/i.test(name));
}

const cgiName = /^HTTP_[A-Z0-9_]+$/;

/**
 * The headers among CGI's variables, under their own names: Django's request.META, a WSGI environment, PHP's $_SERVER.
 */
function headersOfCgi<Value>(pairs: readonly (readonly [string, Value])[]): readonly (readonly [string, Value])[] {
  return pairs.flatMap(([name, value]): (readonly [string, Value])[] => {
    const own = cgiName.test(name) ? name.slice("HTTP_".length) : /^CONTENT_(?:TYPE|LENGTH)$/.exec(name)?.[0];
    return own === undefined ? [] : [[own.replaceAll("_", "-"), value]];
  });
}

type Values = readonly string[] | undefined;

function valuesOf(value: unknown): Values {
  if (value === null || value === undefined) return [];
  if (typeof value === "string") return [value];
  if (typeof value === "number" || typeof value === "boolean") return [String(value)];
  if (!Array.isArray(value)) return undefined;
  const texts = value.map(valuesOf);
  return texts.every((text) => text?.length === 1) ? texts.flatMap((text) => text ?? []) : undefined;
}

/** One element of a list of headers: `[name, value]` or `{name, value}`. */
function pairOf(item: unknown): readonly [string, unknown] | undefined {
  if (Array.isArray(item)) return item.length === 2 && typeof item[0] === "string" ? [item[0], item[1]] : undefined;
  if (typeof item !== "object" || item === null) return undefined;
  const fields = new Map(Object.entries(item).map(([key, value]) => [key.toLowerCase(), value as unknown]));
  const name = fields.get("name") ?? fields.get("key");
  return typeof name === "string" && fields.has("value") ? [name, fields.get("value")] : undefined;
}

function namedValues(input: unknown): readonly (readonly [string, unknown])[] | undefined {
  if (typeof input !== "object" || input === null) return undefined;
  if (!Array.isArray(input)) return Object.entries(input);
  const items: readonly unknown[] = input;
  if (items.every((item) => typeof item === "string") && items.length % 2 === 0) {
    // Node's rawHeaders: names and values by turns.
    return items.flatMap((name, index) => (index % 2 === 0 ? [[name, items[index + 1]] as const] : []));
  }
  const pairs = items.map(pairOf);
  return pairs.every((pair) => pair !== undefined) ? pairs : undefined;
}

/**
 * Reads headers out of an object, a list of pairs, a list of `{name, value}` or Node's flat list.
 * @returns undefined when a name or a value has no place in headers
 */
function headersOfValue(input: unknown): HeaderList | undefined {
  const headers: (readonly [string, string])[] = [];
  const pairs = namedValues(input);
  if (pairs === undefined) return undefined;
  const isCgi = pairs.some(([name]) => cgiName.test(name));
  for (const [name, value] of isCgi ? headersOfCgi(pairs) : pairs) {
    const values = valuesOf(value);
    if (values === undefined || readHeaderLine(`${name}:`) === undefined) return undefined;
    for (const text of values) headers.push([name, text]);
  }
  return headers.filter(([name]) => !name.startsWith(":"));
}

function plain(value: Literal): unknown {
  if (isLiteralArray(value)) return value.map(plain);
  return isLiteralObject(value) ? plainPairs(value.members) : value;
}

function plainPairs(members: readonly { readonly key: string; readonly value: Literal }[]): unknown {
  // A list of pairs, not an object: a duplicate name is a second header.
  // Tools keep more beside name and value: whether it is in use, a comment.
  const isNameAndValue = [/^(?:name|key)$/i, /^value$/i].every((wanted) => members.some(({ key }) => wanted.test(key)));
  const pairs = members.map(({ key, value }) => [key, plain(value)] as const);
  return isNameAndValue ? Object.fromEntries(pairs) : pairs;
}

/** The same for what a program printed to a log. */
export function headersOfLiteral(literal: Literal): HeaderList | undefined {
  if (isLiteralObject(literal)) {
    return headersOfValue(literal.members.map(({ key, value }) => [key, plain(value)]));
  }
  return isLiteralArray(literal) ? headersOfValue(plain(literal)) : undefined;
}

function headersOfText(text: string): HeaderList {
  const trimmed = text.trim();
  const literal = /^[[{(]|^\w+\s*[({]/.test(trimmed) ? readLiteral(trimmed) : undefined;
  const logged = literal === undefined ? undefined : headersOfLiteral(literal);
  if (logged !== undefined) return logged;
  const lines = trimmed.split(/\r?\n/);
  const isRequestLine = /^[A-Z]+ \S+ HTTP\/[\d.]+$/.test(lines[0] ?? "");
  const headers = readHeaderLines((isRequestLine ? lines.slice(1) : lines).filter((line) => line.trim() !== ""));
  if ("badLine" in headers) {
    throw invalidInput(
      `Header line ${headers.badLine + 1} is not of the form "Name: value". Give one header a line, or an object of names and values.`,
    );
  }
  return headers;
}

/**
 * Reads headers as a person or a program gives them.
 * @param input an object of names with a text or a list of texts each, a list of pairs, header lines, or a log's text
 * @returns the headers in order; values of an object are kept as they are, those of lines without white space around
 * @throws PacSpaceError `invalid` when it is none of these
 */
export function readHeaders(input: unknown): HeaderList {
  if (typeof input === "string") return headersOfText(input);
  const headers = headersOfValue(input);
  if (headers === undefined) {
    throw invalidInput(
      "The headers are not readable. Give an object of names with a text or a list of texts each, or one header a line.",
    );
  }
  return headers;
}
