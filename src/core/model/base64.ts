import { invalidInput } from "../errors";

/**
 * Decodes base64 or base64url strictly (RFC 4648): white space is allowed, any other stray character is not.
 * @param name what is decoded, for the message
 * @throws PacSpaceError `invalid`
 */
export function decodeBase64(text: string, name: string): Uint8Array {
  const compact = text.replace(/\s+/g, "").replace(/-/g, "+").replace(/_/g, "/");
  const padded = compact.endsWith("=");
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(compact) || (padded ? compact.length % 4 !== 0 : compact.length % 4 === 1)) {
    throw invalidInput(`${name} is no base64: it may hold A–Z, a–z, 0–9, + and / alone, with = at the end.`);
  }
  return Uint8Array.from(atob(compact), (character) => character.charCodeAt(0));
}

/** Encodes bytes as base64 (RFC 4648), with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  // In pieces: a call takes only so many arguments.
  let binary = "";
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}
