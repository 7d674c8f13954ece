import { invalidInput } from "../errors";
import { readCurl } from "./curl";
import { base64Bytes, hexBytes, isBelievable, isDataUrl } from "./encodings";
import { hexDumpBytes } from "./hexDump";
import { beginsWithHeaders, readHeaderBlock, readHttp } from "./http";
import type { ReadRequest } from "./readRequestTypes";
import { shownBytes } from "./shownBytes";
import { readLogged, readStructured } from "./structured";
import { withoutSurroundings } from "./surroundings";
import { readUnknownForm } from "./unknownForm";

function strictText(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** What is recognised by its form and holds headers; undefined for a bare body. */
function withHeaders(whole: Uint8Array, wholeText: string | undefined): ReadRequest | undefined {
  const bytes = withoutSurroundings(whole);
  const text = wholeText === undefined || bytes === whole ? wholeText : strictText(bytes, "utf-8");
  return (
    readHttp(bytes) ??
    (text === undefined ? undefined : (readCurl(text) ?? readStructured(text))) ??
    (beginsWithHeaders(bytes) ? readHeaderBlock(bytes) : undefined) ??
    (text === undefined ? undefined : (readLogged(text) ?? readUnknownForm(text))) ??
    readHeaderBlock(bytes)
  );
}

/** A file that Windows saved as UTF-16: read as such only where a request with headers comes out. */
function fromUtf16(bytes: Uint8Array): ReadRequest | undefined {
  const mark = (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0);
  if (mark !== 0xfffe && mark !== 0xfeff) return undefined;
  const text = strictText(bytes, mark === 0xfffe ? "utf-16le" : "utf-16be");
  const read = text === undefined ? undefined : withHeaders(new TextEncoder().encode(text), text);
  return (
    read && { ...read, notes: ["The file is UTF-16: it was read as such and its body taken as UTF-8.", ...read.notes] }
  );
}

function decoded(kind: "base64" | "hex", bytes: Uint8Array): ReadRequest {
  return readHttp(bytes) ?? { kind, headers: [], body: bytes, notes: [`The body was decoded from ${kind}.`] };
}

/** What would be taken for header lines otherwise. */
function fromDump(text: string): ReadRequest | undefined {
  const dumped = hexDumpBytes(text);
  if (dumped !== undefined) return decoded("hex", dumped);
  const inUrl = isDataUrl(text) ? base64Bytes(text) : undefined;
  return inUrl && decoded("base64", inUrl);
}

function fromEncoding(text: string): ReadRequest | undefined {
  const hex = hexBytes(text);
  if (isBelievable(hex)) return decoded("hex", hex);
  const shown = shownBytes(text);
  if (shown !== undefined) {
    return {
      kind: "body",
      headers: [],
      body: shown,
      notes: ["The body was decoded from bytes as a program prints them."],
    };
  }
  const base64 = base64Bytes(text);
  return isBelievable(base64) ? decoded("base64", base64) : undefined;
}

/**
 * Reads a request as a person has it at hand: raw HTTP, a curl command, a HAR entry, an API Gateway event, headers as a
 * program logs them, header lines with or without a body, base64 or hex of a body, or a bare body. A text of another form
 * that names our signature gives that alone.
 * @param input a pasted text, or a file's bytes
 * @returns what it was recognised as, the headers, and the body's bytes, exactly as they stand in the input
 * @throws PacSpaceError `invalid` when there is nothing to read, or when what is recognised leaves out something (a file,
 * a shell's variable) or is cut short
 */
export function readRequest(input: string | Uint8Array): ReadRequest {
  const bytes = typeof input === "string" ? new TextEncoder().encode(input) : input;
  if (bytes.length === 0) {
    throw invalidInput("There is nothing to read. Paste the request: its headers, a blank line and its body.");
  }
  const text = typeof input === "string" ? input : strictText(bytes, "utf-8");
  return (
    (text === undefined ? undefined : fromDump(text)) ??
    withHeaders(bytes, text) ??
    fromUtf16(bytes) ??
    (text === undefined ? undefined : fromEncoding(text)) ?? { kind: "body", headers: [], body: bytes, notes: [] }
  );
}
