import { invalidInput } from "../errors";
import { readHeaderBlock, readHttp } from "./http";
import type { ReadRequest } from "./readRequestTypes";

/**
 * Reads a request as a person has it at hand.
 * @param input a pasted text, or a file's bytes
 * @returns what it was recognised as, the headers, and the body's bytes
 * @throws PacSpaceError `invalid` when there is nothing to read, or what is recognised leaves something out
 */
export function readRequest(input: string | Uint8Array): ReadRequest {
  const bytes = typeof input === "string" ? new TextEncoder().encode(input) : input;
  if (bytes.length === 0) {
    throw invalidInput("There is nothing to read. Paste the request: its headers, a blank line and its body.");
  }
  return readHttp(bytes) ?? readHeaderBlock(bytes) ?? { kind: "body", headers: [], body: bytes, notes: [] };
}
