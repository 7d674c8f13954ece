import { invalidInput } from "../errors";

/** The fewest bytes that a text must stand for, to be taken for base64 or hex and not for a word. */
const fewestBytes = 8;

const dataUrl = /^\s*data:[\w.+/-]*(?:;[\w=-]+)*;base64,/;

/** Tells whether a text names itself as base64. */
export function isDataUrl(text: string): boolean {
  return dataUrl.test(text.slice(0, 200));
}

/**
 * Decodes base64 or base64url, padded or not, broken into lines or not, the whole of a data URL or not.
 * @returns undefined for any other text
 */
export function base64Bytes(text: string): Uint8Array | undefined {
  const bare = text.replace(dataUrl, "").replaceAll(/\s+/g, "");
  if (!/^(?:[A-Za-z0-9+/]+|[A-Za-z0-9_-]+)={0,2}$/.test(bare)) return undefined;
  const digits = bare.replace(/=+$/, "").replaceAll("-", "+").replaceAll("_", "/");
  if (digits.length % 4 === 1) return undefined;
  const binary = atob(digits);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

/**
 * Decodes pairs of hex digits, with white space, colons, commas, `0x`, `\x` or nothing between them, as Node.js prints a
 * Buffer or not.
 * @returns undefined for any other text
 * @throws PacSpaceError `invalid` for a Buffer that is not shown whole
 */
export function hexBytes(text: string): Uint8Array | undefined {
  const shown = /^\s*<Buffer ([0-9a-f ]+)(\.\.\. \d+ more bytes?)?>\s*$/.exec(text);
  if (shown?.[2] !== undefined) {
    throw invalidInput("Node.js has cut the Buffer short: print it by toString('base64') and paste that.");
  }
  const bare = (shown?.[1] ?? text).replaceAll(/\b0x|\\x|[\s:,]+/gi, "");
  if (bare.length % 2 === 1 || !/^[0-9a-fA-F]+$/.test(bare)) return undefined;
  const bytes = new Uint8Array(bare.length / 2);
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(bare.slice(at * 2, at * 2 + 2), 16);
  return bytes;
}

/** Tells whether bytes decoded out of a text are enough to believe that they were encoded. */
export function isBelievable(bytes: Uint8Array | undefined): bytes is Uint8Array {
  return bytes !== undefined && bytes.length >= fewestBytes;
}
