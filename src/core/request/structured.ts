import { invalidInput } from "../errors";
import { counted } from "../model/counted";
import type { HeaderList } from "../model/headers";
import { areHeaders, headersOfLiteral } from "./headers";
import { isLiteralArray, isLiteralObject, literalValue, readLiteral, readLiteralAt, type Literal } from "./literal";
import { bodyBehind, bodyIn, encoded, fromBase64 } from "./loggedBody";
import { headersOfMap } from "./loggedMap";
import type { ReadRequest } from "./readRequestTypes";

/** A text without any of these is no request in an object's form: it is not read further. */
const worthReading = /headers|entries|pacspace|content-type|content_type|user-agent|host/i;

function headersIn(object: Literal | undefined): HeaderList | undefined {
  const single = literalValue(object, "headers", "header", "rawHeaders", "raw_headers");
  const multiple = literalValue(object, "multiValueHeaders");
  // Where a gateway gives both, only the second one has every value of a name.
  const chosen = isLiteralObject(multiple) && multiple.members.length > 0 ? multiple : single;
  return chosen === undefined || chosen === null ? undefined : headersOfLiteral(chosen);
}

function hasSignature(headers: HeaderList): boolean {
  return headers.some(([name]) => name.toLowerCase() === "x-pacspace-signature");
}

/** HAR 1.2: `request` with a list of headers, and `postData`. */
function readHarEntry(entry: Literal | undefined): Omit<ReadRequest, "kind"> | undefined {
  const request = literalValue(entry, "request") ?? entry;
  const headers = isLiteralArray(literalValue(request, "headers")) ? headersIn(request) : undefined;
  if (headers === undefined) return undefined;
  const postData = literalValue(request, "postData");
  const text = literalValue(postData, "text");
  if (typeof text !== "string") return { headers, notes: ["The HAR entry has no postData, so there is no body."] };
  if (literalValue(postData, "encoding") === "base64") return { headers, ...fromBase64(text) };
  const body = encoded(text);
  const size = literalValue(request, "bodySize");
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
  const entries = literalValue(literalValue(value, "log"), "entries") ?? literalValue(value, "entries");
  if (isLiteralArray(entries)) {
    const read = entries.map(readHarEntry).filter((entry) => entry !== undefined);
    const chosen = read.find(({ headers }) => hasSignature(headers)) ?? read.find(({ body }) => body) ?? read[0];
    if (chosen === undefined) throw invalidInput("The HAR holds no request. Copy the entry of the delivery.");
    const notes =
      read.length > 1 ? [`Number ${read.indexOf(chosen) + 1} of the HAR's ${read.length} entries was taken.`] : [];
    return { kind: "har", ...chosen, notes: [...notes, ...chosen.notes] };
  }
  const isEntry =
    isLiteralObject(literalValue(value, "postData")) || literalValue(value, "startedDateTime") !== undefined;
  const inRequest = isLiteralArray(literalValue(literalValue(value, "request"), "headers"));
  const entry = isEntry || inRequest ? readHarEntry(value) : undefined;
  return entry && { kind: "har", ...entry };
}

function isGatewayEvent(value: Literal): boolean {
  return ["isBase64Encoded", "requestContext", "httpMethod", "rawPath", "multiValueHeaders"].some(
    (key) => literalValue(value, key) !== undefined,
  );
}

/**
 * Finds the request in what a log's text was read as.
 * @param text the text that the places of the value's parts are of
 */
function requestOf(text: string, value: Literal): ReadRequest | undefined {
  const har = readHar(value);
  if (har !== undefined) return har;
  // fetch("…", {…}) is a list of two.
  const parts = isLiteralArray(value) ? value.filter(isLiteralObject) : [];
  const nested = ["event", "request", "req", "input"].map((key) => literalValue(value, key));
  for (const object of [value, ...parts, ...nested]) {
    const headers = isLiteralObject(object) ? headersIn(object) : undefined;
    if (headers === undefined || !isLiteralObject(object)) continue;
    const own = bodyIn(text, object);
    // Loggers put what was parsed beside the request.
    const beside = own.body === undefined && isLiteralObject(value) ? bodyIn(text, value) : undefined;
    const body = beside?.body === undefined ? own : beside;
    return { kind: isGatewayEvent(object) ? "lambda" : "headersAndBody", headers, ...body };
  }
  const headers = headersOfLiteral(value);
  return areHeaders(headers) ? { kind: "headersJson", headers, notes: [] } : undefined;
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
  return value === undefined ? undefined : requestOf(trimmed, value);
}

/** Each try may read the whole text. */
const mostTries = 20;

/**
 * Reads a request out of a log's lines: whatever stands before its object, and headers and body that were logged one
 * after the other.
 * @returns undefined when no object in the text is a request or headers
 * @throws PacSpaceError `invalid` as `readStructured`
 */
export function readLogged(text: string): ReadRequest | undefined {
  if (!worthReading.test(text)) return undefined;
  const begin = /[[{]/g;
  for (let tries = 0; tries < mostTries; tries++) {
    const at = begin.exec(text)?.index;
    if (at === undefined) return undefined;
    const literal = readLiteralAt(text, at);
    if (literal === undefined) continue;
    const read = requestOf(text, literal.value);
    if (read !== undefined) {
      const behind = read.body === undefined ? bodyBehind(text, literal.end) : undefined;
      return behind === undefined ? read : { ...read, kind: "headersAndBody", ...behind };
    }
    begin.lastIndex = literal.end;
  }
  return undefined;
}
