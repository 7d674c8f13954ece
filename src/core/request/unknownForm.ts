import { invalidInput } from "../errors";
import type { HeaderList } from "../model/headers";
import type { ReadRequest } from "./readRequestTypes";

const named = /x[-_]pacspace[-_]signature/i;
const signature =
  /x[-_]pacspace[-_]signature[^]{0,80}?\b(v1=[0-9a-f]{16,128}(?:\s{0,4},\s{0,4}v1=[0-9a-f]{16,128}){0,10})/i;
const timestamp = /x[-_]pacspace[-_]timestamp[^0-9]{0,80}?(\d{9,14})(?!\d)/i;

/**
 * Takes our headers out of a text of no known form. Taken for a body, it would seem to prove that they are missing.
 * @returns undefined when the text doesn't name the signature
 * @throws PacSpaceError `invalid` when it names the signature without a value near it
 */
export function readUnknownForm(text: string): ReadRequest | undefined {
  if (!named.test(text)) return undefined;
  const signed = signature.exec(text)?.[1];
  if (signed === undefined) {
    throw invalidInput(
      "The text names X-PacSpace-Signature, but its form is not known. Paste a raw HTTP request, a curl command, fetch, a HAR entry, an API Gateway event, header lines with the body behind a blank line, or headers and body as a program logs them.",
    );
  }
  const time = timestamp.exec(text)?.[1];
  const headers: HeaderList = [
    ["X-PacSpace-Signature", signed],
    ...(time === undefined ? [] : [["X-PacSpace-Timestamp", time] as const]),
  ];
  const found = time === undefined ? "The signature was" : "The signature and the timestamp were";
  const note = `The text's form is not known. ${found} found in it; give the body separately.`;
  return { kind: "headers", headers, notes: [note] };
}
