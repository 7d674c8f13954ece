import { invalidInput } from "../errors";
import { counted } from "../model/counted";
import type { HeaderList } from "../model/headers";
import { base64Bytes } from "./encodings";
import { headersOfLiteral } from "./headers";
import { headersOfMap } from "./loggedMap";
import {
  isLiteralArray,
  isLiteralObject,
  literalMember,
  readLiteral,
  type Literal,
  type LiteralObject,
} from "./literal";
import type { ReadRequest } from "./readRequestTypes";

/** A text without any of these is no request in an object's form: it is not read further. */
const worthReading = /headers|entries|pacspace|content-type|content_type|user-agent|host/i;

function member(object: Literal | undefined, ...keys: readonly string[]): Literal | undefined {
  if (!isLiteralObject(object)) return undefined;
  for (const key of keys) {
    const found = literalMember(object, key);
    if (found !== undefined) return found.value;
  }
  return undefined;
}

function headersIn(object: Literal | undefined): HeaderList | undefined {
  const single = member(object, "headers", "header", "rawHeaders", "raw_headers");
  const multiple = member(object, "multiValueHeaders");
  // Where a gateway gives both, only the second one has every value of a name.
  const chosen = isLiteralObject(multiple) && multiple.members.length > 0 ? multiple : single;
  return chosen === undefined || chosen === null ? undefined : headersOfLiteral(chosen);
}

function hasSignature(headers: HeaderList): boolean {
  return headers.some(([name]) => name.toLowerCase() === "x-pacspace-signature");
}

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

type Body = Pick<ReadRequest, "body" | "notes">;

function fromBase64(text: string): Body {
  const body = base64Bytes(text);
  if (body === undefined && text !== "") {
    throw invalidInput(
      "The event says that its body is base64, but it isn't. Paste the event as it was logged, uncut.",
    );
  }
  return { body: body ?? new Uint8Array(), notes: ["The body was decoded from base64."] };
}

/** Node's way to print a Buffer as JSON. */
function bufferBytes(value: Literal): Uint8Array | undefined {
  const data = isLiteralObject(value) && member(value, "type") === "Buffer" ? member(value, "data") : undefined;
  if (!isLiteralArray(data)) return undefined;
  const isByte = (item: Literal): item is number => typeof item === "number" && item >= 0 && item <= 255;
  return data.every(isByte) ? Uint8Array.from(data) : undefined;
}

const bodyKeys = ["rawBody", "raw_body", "bodyBase64", "body", "payload", "data"] as const;

function bodyIn(text: string, object: LiteralObject): Body {
  const key = bodyKeys.find((candidate) => literalMember(object, candidate) !== undefined);
  const found = key === undefined ? undefined : literalMember(object, key);
  if (found === undefined) return { notes: ["There is no body beside the headers."] };
  const { value, start, end } = found;
  const flag = member(object, "isBase64Encoded");
  if (typeof value === "string") {
    if (flag === true || flag === "true" || key === "bodyBase64") return fromBase64(value);
    // Python's bytes: each escape is a byte, not a character.
    const isBytes = /^b['"]/.test(text.slice(start, start + 2));
    return { body: isBytes ? Uint8Array.from(value, (char) => char.charCodeAt(0)) : encoded(value), notes: [] };
  }
  const bytes = bufferBytes(value);
  if (bytes !== undefined) return { body: bytes, notes: [] };
  if (isLiteralObject(value) || isLiteralArray(value)) {
    const note =
      "The body stands here as a parsed object. It is taken exactly as it is printed here, which need not be what was sent.";
    return { body: encoded(text.slice(start, end)), notes: [note] };
  }
  return { notes: ["The log does not show the body."] };
}

/** HAR 1.2: `request` with a list of headers, and `postData`. */
function readHarEntry(entry: Literal | undefined): Omit<ReadRequest, "kind"> | undefined {
  const request = member(entry, "request") ?? entry;
  const headers = isLiteralArray(member(request, "headers")) ? headersIn(request) : undefined;
  if (headers === undefined) return undefined;
  const postData = member(request, "postData");
  const text = member(postData, "text");
  if (typeof text !== "string") return { headers, notes: ["The HAR entry has no postData, so there is no body."] };
  if (member(postData, "encoding") === "base64") return { headers, ...fromBase64(text) };
  const body = encoded(text);
  const size = member(request, "bodySize");
  const differs = typeof size === "number" && size >= 0 && size !== body.length;
  return {
    headers,
    body,
    notes: differs
      ? [`The HAR says ${counted(size, "byte")} of body, but ${counted(body.length, "is", "are")} here.`]
      : [],
  };
}

function readHar(value: Literal): ReadRequest | undefined {
  const entries = member(member(value, "log"), "entries") ?? member(value, "entries");
  if (isLiteralArray(entries)) {
    const read = entries.map(readHarEntry).filter((entry) => entry !== undefined);
    const chosen = read.find(({ headers }) => hasSignature(headers)) ?? read.find(({ body }) => body) ?? read[0];
    if (chosen === undefined) throw invalidInput("The HAR holds no request. Copy the entry of the delivery.");
    const notes =
      read.length > 1 ? [`Number ${read.indexOf(chosen) + 1} of the HAR's ${read.length} entries was taken.`] : [];
    return { kind: "har", ...chosen, notes: [...notes, ...chosen.notes] };
  }
  const isEntry = isLiteralObject(member(value, "postData")) || member(value, "startedDateTime") !== undefined;
  const inRequest = isLiteralArray(member(member(value, "request"), "headers"));
  const entry = isEntry || inRequest ? readHarEntry(value) : undefined;
  return entry && { kind: "har", ...entry };
}

function isGatewayEvent(value: Literal): boolean {
  return ["isBase64Encoded", "requestContext", "httpMethod", "rawPath", "multiValueHeaders"].some(
    (key) => member(value, key) !== undefined,
  );
}

const knownNames =
  /^(?:x-pacspace-(?:signature|timestamp)|x-webhook-event|x-event-id|host|content-type|content-length|user-agent|accept(?:-encoding)?|x-forwarded-(?:for|proto|host)|connection)$/i;

/** A flat object may be a body, too: it takes a header of ours or two well-known ones. */
function areHeaders(headers: HeaderList | undefined): headers is HeaderList {
  const known = headers?.filter(([name]) => knownNames.test(name)) ?? [];
  return known.length > 1 || known.some(([name]) => /pacspace/i.test(name));
}

/**
 * Reads a request in an object's form, as JSON or as a program logs it: a HAR, an API Gateway event, an object with
 * headers and a body, or headers alone (Express, Flask, Django, Rails, Lambda).
 * @returns undefined when the text is none of these
 * @throws PacSpaceError `invalid` for a HAR without requests, or a body that is not the base64 it is said to be
 */
export function readStructured(text: string): ReadRequest | undefined {
  const trimmed = text.trim();
  if (!worthReading.test(trimmed)) return undefined;
  const inMap = headersOfMap(trimmed);
  if (areHeaders(inMap)) return { kind: "headersJson", headers: inMap, notes: [] };
  if (!/^(?:[[{(]|[A-Za-z]\w*\s*[({])/.test(trimmed)) return undefined;
  const value = readLiteral(trimmed);
  if (value === undefined) return undefined;
  const har = readHar(value);
  if (har !== undefined) return har;
  // fetch("…", {…}) is a list of two.
  const parts = isLiteralArray(value) ? value.filter(isLiteralObject) : [];
  for (const object of [value, ...parts, ...["event", "request", "req", "input"].map((key) => member(value, key))]) {
    const headers = isLiteralObject(object) ? headersIn(object) : undefined;
    if (headers === undefined || !isLiteralObject(object)) continue;
    return { kind: isGatewayEvent(object) ? "lambda" : "headersAndBody", headers, ...bodyIn(trimmed, object) };
  }
  const headers = headersOfLiteral(value);
  return areHeaders(headers) ? { kind: "headersJson", headers, notes: [] } : undefined;
}
