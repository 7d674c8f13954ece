import { hexBytes } from "./encodings";
import { readLiteral } from "./literal";

/**
 * Decodes bytes as Python (`b'…'`) and Node.js (`<Buffer …>`) show them, the whole text being that.
 * @returns undefined for any other text
 * @throws PacSpaceError `invalid` for a Buffer that is not shown whole
 */
export function shownBytes(text: string): Uint8Array | undefined {
  if (!/^\s*(?:b['"]|<Buffer )/.test(text.slice(0, 100))) return undefined;
  const trimmed = text.trim();
  if (trimmed === "<Buffer >") return new Uint8Array();
  if (trimmed.startsWith("<")) return hexBytes(trimmed);
  // Each escape is a byte, not a character; what is beyond them Python would have escaped.
  const value = readLiteral(trimmed);
  if (typeof value !== "string" || /[^\0-\u00ff]/.test(value)) return undefined;
  return Uint8Array.from(value, (char) => char.charCodeAt(0));
}
