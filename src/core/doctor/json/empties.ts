import { ByteWriter } from "../bytes";
import { stringEnd } from "./reprint";

const opening = { "{}": 0x7b, "[]": 0x5b } as const;

/** How a printer writes what has no members: languages of one kind of table can't tell an object from a list. */
export type Empty = keyof typeof opening;

/**
 * Finds the empty objects or arrays of a JSON text that have no white space within.
 * @param most how many to find at most
 * @returns where each begins
 */
export function emptiesOf(bytes: Uint8Array, empty: Empty, most: number): readonly number[] {
  const places: number[] = [];
  // In native code: most texts have none.
  if (!Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(empty)) return places;
  const first = opening[empty];
  for (let at = 0; at < bytes.length && places.length < most;) {
    const byte = bytes[at];
    if (byte === 0x22) at = stringEnd(bytes, at);
    else {
      if (byte === first && bytes[at + 1] === first + 2) places.push(at);
      at++;
    }
  }
  return places;
}

/** The text with other empties at some places. */
export function withEmpties(bytes: Uint8Array, places: readonly number[], empty: Empty): Uint8Array {
  const out = new ByteWriter(bytes.length);
  let copied = 0;
  for (const place of places) {
    out.copy(bytes, copied, place);
    out.ascii(empty);
    copied = place + 2;
  }
  out.copy(bytes, copied, bytes.length);
  return out.result();
}
