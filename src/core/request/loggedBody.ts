import { invalidInput } from "../errors";
import { base64Bytes } from "./encodings";
import { readHttp } from "./http";
import {
  isLiteralArray,
  isLiteralObject,
  literalMember,
  literalValue,
  readLiteralAt,
  type Literal,
  type LiteralObject,
} from "./literal";
import type { ReadRequest } from "./readRequestTypes";
import { shownBytes } from "./shownBytes";

type Body = Pick<ReadRequest, "body" | "notes">;

const asPrinted =
  "The body stands here as a parsed object. It is taken exactly as it is printed here, which need not be what was sent.";

/** A text's bytes in UTF-8. */
export function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/**
 * Decodes a body that is said to be base64.
 * @throws PacSpaceError `invalid` when it isn't
 */
export function fromBase64(text: string): Body {
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
  const data = literalValue(value, "type") === "Buffer" ? literalValue(value, "data") : undefined;
  if (!isLiteralArray(data)) return undefined;
  const isByte = (item: Literal): item is number => typeof item === "number" && item >= 0 && item <= 255;
  return data.every(isByte) ? Uint8Array.from(data) : undefined;
}

/** The text in what Postman and Insomnia keep a body in. */
function textWithin(value: Literal): string | undefined {
  const isPostman = literalValue(value, "mode") === "raw";
  const isInsomnia = typeof literalValue(value, "mimeType") === "string";
  const text = isPostman ? literalValue(value, "raw") : isInsomnia ? literalValue(value, "text") : undefined;
  return typeof text === "string" ? text : undefined;
}

type Place = Omit<LiteralObject["members"][number], "key">;

function bodyOf(text: string, { value, start, end }: Place): Body {
  const printed = text.slice(start, end);
  const isCut = /^<Buffer .*more bytes?>$/.test(printed.slice(0, 1_000));
  const bytes = (isCut ? undefined : shownBytes(printed)) ?? bufferBytes(value);
  if (bytes !== undefined) return { body: bytes, notes: [] };
  const inner = typeof value === "string" ? value : textWithin(value);
  if (inner !== undefined) return { body: encoded(inner), notes: [] };
  if (isLiteralObject(value) || isLiteralArray(value)) return { body: encoded(printed), notes: [asPrinted] };
  return { notes: ["The log does not show the body."] };
}

/** A whole request in the place of its body, in base64 or as text. */
function bodyOfRaw(text: string): Body {
  const whole = readHttp(base64Bytes(text) ?? encoded(text));
  return whole ?? { body: encoded(text), notes: [] };
}

const bodyKeys = ["rawBody", "raw_body", "bodyBase64", "body", "payload", "data", "content", "raw"] as const;

/**
 * Finds the body beside headers: under the first of the usual names that shows it.
 * @param text the text that the places of the object's members are of
 */
export function bodyIn(text: string, object: LiteralObject): Body {
  const flag = literalValue(object, "isBase64Encoded");
  let unseen: Body | undefined;
  for (const key of bodyKeys) {
    const found = literalMember(object, key);
    if (found === undefined) continue;
    if (typeof found.value === "string") {
      if (flag === true || flag === "true" || key === "bodyBase64") return fromBase64(found.value);
      if (key === "raw") {
        const { body, notes } = bodyOfRaw(found.value);
        return { ...(body !== undefined && { body }), notes };
      }
    }
    const body = bodyOf(text, found);
    if (body.body !== undefined) return body;
    unseen ??= body;
  }
  return unseen ?? { notes: ["There is no body beside the headers."] };
}

/**
 * Finds the body that was logged behind headers; a label or a log's prefix may stand before it.
 * @param from where the headers end
 * @returns undefined when nothing there looks like one
 */
export function bodyBehind(text: string, from: number): Body | undefined {
  const begin = /(?<!\w)(?:b?["'`]|<Buffer |[[{])/g;
  begin.lastIndex = from;
  const start = begin.exec(text)?.index;
  if (start === undefined) return undefined;
  const literal = readLiteralAt(text, start);
  if (literal !== undefined) return bodyOf(text, { ...literal, start });
  // A body that is cut short, or is no JSON.
  return text.charAt(start) === "{" ? { body: encoded(text.slice(start).trim()), notes: [asPrinted] } : undefined;
}
