import { brotliDecompress, gunzip, inflate, type BrotliOptions, type ZlibOptions } from "node:zlib";
import { sliceBytes, utf8, utf8Text } from "./bytes";
import type { BodyVariants, DoctorCause, SlowBodyVariants } from "./cause";
import { stringEnd, valueSpan } from "./json/reprint";
import { decodedBody, rawBody } from "./mending/rawBody";
import type { Pace } from "./pace";

/** A small body that unpacks to more than this is an attack, not a delivery. */
const mostUnpacked = 32 * 1024 * 1024;

type Unpack = (
  bytes: Uint8Array,
  options: ZlibOptions & BrotliOptions,
  done: (error: Error | null, result: Buffer) => void,
) => void;

function unpacked(unpack: Unpack, bytes: Uint8Array): Promise<Uint8Array | undefined> {
  return new Promise((resolve) => {
    unpack(bytes, { maxOutputLength: mostUnpacked }, (error, result) => {
      resolve(error ? undefined : result);
    });
  });
}

async function* unpackedBodies(body: Uint8Array): SlowBodyVariants {
  const [first, second] = body;
  if (body.length < 6 || first === undefined || second === undefined) return;
  if (first === 0x1f && second === 0x8b) {
    const value = await unpacked(gunzip, body);
    if (value) yield { value, note: "unpacked by gunzip", settles: true };
  } else if ((first & 0x0f) === 8 && (first * 256 + second) % 31 === 0) {
    const value = await unpacked(inflate, body);
    if (value) yield { value, note: "unpacked by inflate", settles: true };
  } else if (first < 0x20 || first > 0x7e) {
    // Brotli has no magic bytes; a JSON text never begins with such a byte.
    const value = await unpacked(brotliDecompress, body);
    if (value) yield { value, note: "unpacked by Brotli", settles: true };
  }
}

export const compressed: DoctorCause = {
  id: "body.gzip",
  bodies: unpackedBodies,
  happened: "The body is still compressed",
  change: "Unpack the body before the check, or tell the gateway in front not to compress requests.",
  mending: decodedBody,
};

const base64Text = /^[A-Za-z0-9+/_-]+={0,2}$/;

async function* base64Bodies(body: Uint8Array, pace: Pace): SlowBodyVariants {
  if (body.length < 4 || !/^[\w+/=\r\n-]+$/.test(Buffer.from(body.subarray(0, 256)).toString("latin1"))) return;
  const text = Buffer.from(body)
    .toString("latin1")
    .replaceAll(/[\r\n]/g, "");
  if (pace.due()) await pace.turn();
  if (!base64Text.test(text) || text.replace(/=+$/, "").length % 4 === 1) return;
  if (pace.due()) await pace.turn();
  yield { value: Buffer.from(text, "base64"), note: "decoded from base64", settles: true };
}

function* base64InHandler(body: Uint8Array): BodyVariants {
  yield { value: Buffer.from(Buffer.from(body).toString("base64"), "latin1"), note: "still as base64" };
}

export const base64: DoctorCause = {
  id: "body.base64",
  bodies: base64Bodies,
  handlerBodies: base64InHandler,
  happened: "The body is still base64, as API gateways hand it to a function",
  inHandler: "The handler signs the body's base64 text",
  change: "Decode the body before the check when the gateway says isBase64Encoded.",
  mending: decodedBody,
};

/** Beyond this size a text would take too long to be printed at once. */
const mostWrapped = 2_000_000;

/** The text of a JSON string. */
function innerText(string: string): string | undefined {
  try {
    const inner: unknown = JSON.parse(string);
    return typeof inner === "string" ? inner : undefined;
  } catch {
    return undefined;
  }
}

async function* unwrapped(body: Uint8Array, pace: Pace): SlowBodyVariants {
  const { start, end } = valueSpan(body);
  const isString = body[start] === 0x22 && stringEnd(body, start) === end;
  const isInside = /^(?:\[\s*)?\{\s*\\"/.test(Buffer.from(body.subarray(start, start + 16)).toString("latin1"));
  if (!isString && !isInside) return;
  const text = utf8Text(body.subarray(start, end));
  if (pace.due()) await pace.turn();
  if (text === undefined) return;
  const inner = innerText(isString ? text : `"${text}"`);
  const note = isString
    ? "taken out of the JSON string around it"
    : "read as the inside of a JSON string without its quotes";
  if (inner !== undefined) yield { value: utf8(inner), note, settles: true };
}

// Without white space around it: two of its runs beside each other would take a time that grows with their square.
const listOfBytes = /^(?:\{\s*"type"\s*:\s*"Buffer"\s*,\s*"data"\s*:\s*)?\[([\d,\s]+)\](?:\s*\})?$/;

/** The bytes that a Buffer of Node.js is printed as, or any list of bytes. */
function listed(body: Uint8Array): Uint8Array | undefined {
  if (body.length > mostWrapped) return undefined;
  const { start, end } = valueSpan(body);
  const text = Buffer.from(body.subarray(start, end)).toString("latin1");
  const list = listOfBytes.exec(text)?.[1]?.split(",").map(Number) ?? [];
  return list.length > 1 && list.every((byte) => byte < 256) ? Uint8Array.from(list) : undefined;
}

async function* unwrappedBodies(body: Uint8Array, pace: Pace): SlowBodyVariants {
  yield* unwrapped(body, pace);
  const bytes = listed(body);
  if (bytes) yield { value: bytes, note: "put together out of the list of its bytes", settles: true };
}

function* wrappedInHandler(body: Uint8Array): BodyVariants {
  if (body.length > mostWrapped) return;
  const text = utf8Text(body);
  if (text !== undefined) yield { value: utf8(JSON.stringify(text)), note: "wrapped into a JSON string" };
}

export const doubleEncoded: DoctorCause = {
  id: "body.doubleEncoded",
  bodies: unwrappedBodies,
  handlerBodies: wrappedInHandler,
  happened: "The body was encoded as JSON a second time: it is a JSON string that holds the JSON",
  inHandler: "The handler encodes the body as JSON a second time before it signs",
  change: "Pass the body on as it is: a text must not go through JSON.stringify or json.dumps again.",
  mending: rawBody,
};

/** The value of a hex digit; far below zero for another byte, so that no sum with it is positive. */
function hexDigit(byte = 0): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1000;
}

/** Percent-decodes; an escape that is none stays. */
async function percentDecoded(bytes: Uint8Array, plusIsSpace: boolean, pace: Pace): Promise<Uint8Array> {
  const out = new Uint8Array(bytes.length);
  let used = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (at % sliceBytes === 0 && pace.due()) await pace.turn();
    const byte = bytes[at] ?? 0;
    const value = byte === 0x25 ? hexDigit(bytes[at + 1]) * 16 + hexDigit(bytes[at + 2]) : -1;
    if (value >= 0) {
      out[used++] = value;
      at += 2;
    } else out[used++] = plusIsSpace && byte === 0x2b ? 0x20 : byte;
  }
  return out.subarray(0, used);
}

/** The values of a form, undecoded: behind each name, or the name of one without a value. */
function formValues(body: Uint8Array): readonly Uint8Array[] {
  const values: Uint8Array[] = [];
  let start = 0;
  while (start <= body.length && values.length < 16) {
    const found = body.indexOf(0x26, start);
    const end = found < 0 ? body.length : found;
    const equals = body.subarray(start, end).indexOf(0x3d);
    if (equals < 0) values.push(body.subarray(start, end));
    else if (equals === end - start - 1) values.push(body.subarray(start, end - 1));
    else values.push(body.subarray(start + equals + 1, end));
    start = end + 1;
  }
  return values.filter((value) => value.length > 0);
}

function isBracket(byte: number | undefined): boolean {
  return byte === 0x7b || byte === 0x5b;
}

/** How a body begins behind a byte-order mark and white space. */
function beginningOf(body: Uint8Array): string {
  return Buffer.from(body.subarray(0, 256))
    .toString("latin1")
    .replace(/^[\s\xef\xbb\xbf]+/, "");
}

/** Whether decoding led to JSON, or to what it was packed in before: a JSON string, or base64. */
function looksSent(decoded: Uint8Array): boolean {
  const beginning = beginningOf(decoded);
  return /^[{["]/.test(beginning) || /^[\w+/-]{4}[\w+/\s-]*={0,2}\s*$/.test(beginning);
}

async function* formBodies(body: Uint8Array, pace: Pace): SlowBodyVariants {
  // A plain JSON text is no form; a form's JSON has its braces escaped, or a name before them.
  const isJson = /^[{["]/.test(beginningOf(body));
  const isEscaped = body.includes(0x25);
  const looksEncoded = isEscaped || (!isJson && body.includes(0x3d));
  // What is packed, or UTF-16, has control characters at its beginning; a form has none.
  if (!looksEncoded || body.subarray(0, 64).some((byte) => byte < 0x20 && byte !== 0x0a && byte !== 0x0d)) return;
  const isNamed = /^[\w.[\]-]{1,64}=/.test(Buffer.from(body.subarray(0, 65)).toString("latin1"));
  const values = formValues(body);
  for (const value of isNamed ? values : [body, ...values]) {
    for (const plusIsSpace of [true, false]) {
      const decoded = await percentDecoded(value, plusIsSpace, pace);
      // Base64 ends in an equals sign without being a form: only an escape shows that it was encoded.
      const wasEncoded = isEscaped ? looksSent(decoded) : isBracket(decoded[0]);
      const settles = !isJson && (wasEncoded || (isNamed && value !== body));
      const note = value === body ? "percent-decoded" : "taken out of the form and decoded";
      yield { value: decoded, note, ...(settles && { settles }) };
    }
  }
}

export const formEncoded: DoctorCause = {
  id: "body.formEncoded",
  bodies: formBodies,
  happened: "The body was sent on as a form field, or percent-encoded",
  change: "Pass the body on as application/json, byte for byte: neither as a form field nor percent-encoded.",
  mending: rawBody,
};
