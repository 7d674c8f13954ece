import { ByteWriter } from "../bytes";
import type { Pace } from "../pace";
import { stringEnd, valueSpan } from "./reprint";

/** One member of an object: its key and value, without the white space and commas around it. */
export interface Member {
  /** The key's bytes between its quotes, one character a byte. */
  readonly key: string;
  readonly start: number;
  readonly valueStart: number;
  readonly end: number;
}

const mostMembers = 10_000;
const deepest = 64;

function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at++;
  return at;
}

/** The place behind the value that begins at a place. */
function valueEnd(bytes: Uint8Array, start: number, end: number): number {
  let depth = 0;
  for (let at = start; at < end;) {
    const byte = bytes[at];
    if (byte === 0x22) {
      at = stringEnd(bytes, at);
      if (depth === 0) return at;
    } else if (byte === 0x7b || byte === 0x5b) {
      depth++;
      at++;
    } else if (byte === 0x7d || byte === 0x5d) {
      if (depth === 0) return at;
      depth--;
      at++;
      if (depth === 0) return at;
    } else if (depth === 0 && (byte === 0x2c || byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09)) {
      return at;
    } else at++;
  }
  return end;
}

/**
 * Finds the members of the object that begins at a place.
 * @returns undefined when there is no object, it is cut short, or it has more than 10,000 members
 */
export function membersAt(bytes: Uint8Array, start: number, end: number): readonly Member[] | undefined {
  if (bytes[start] !== 0x7b) return undefined;
  const members: Member[] = [];
  let at = skipSpace(bytes, start + 1);
  while (at < end && bytes[at] === 0x22 && members.length < mostMembers) {
    const keyEnd = stringEnd(bytes, at);
    const colon = skipSpace(bytes, keyEnd);
    if (bytes[colon] !== 0x3a) return undefined;
    const valueStart = skipSpace(bytes, colon + 1);
    const behind = valueEnd(bytes, valueStart, end);
    members.push({
      key: Buffer.from(bytes.subarray(at + 1, keyEnd - 1)).toString("latin1"),
      start: at,
      valueStart,
      end: behind,
    });
    at = skipSpace(bytes, behind);
    if (bytes[at] === 0x7d) return members;
    if (bytes[at] !== 0x2c) return undefined;
    at = skipSpace(bytes, at + 1);
  }
  return undefined;
}

/** Larger bodies are not searched for members: it would block the thread. */
const mostSearched = 4_000_000;

/** The members of a body's envelope; undefined when it is no object, or is over 4 MB. */
export function envelopeMembers(bytes: Uint8Array): readonly Member[] | undefined {
  if (bytes.length > mostSearched) return undefined;
  const { start, end } = valueSpan(bytes);
  return membersAt(bytes, start, end);
}

/**
 * The text with an object's members in another order; commas and white space stay where they are.
 * @param order the members in their new order
 */
export function withOrder(bytes: Uint8Array, members: readonly Member[], order: readonly Member[]): Uint8Array {
  const out = new ByteWriter(bytes.length);
  let copied = 0;
  for (const [index, place] of members.entries()) {
    const moved = order[index] ?? place;
    out.copy(bytes, copied, place.start);
    out.copy(bytes, moved.start, moved.end);
    copied = place.end;
  }
  out.copy(bytes, copied, bytes.length);
  return out.result();
}

/** Which of two members comes first, as for `toSorted`. */
type Order = (left: Member, right: Member) => number;

/** By their keys' bytes, as Go's maps and Python's `sort_keys` print them. */
export const byKey: Order = (left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0);

/** Shorter keys first, as PostgreSQL's jsonb and MySQL's JSON keep them. */
export const byLength: Order = (left, right) => left.key.length - right.key.length || byKey(left, right);

/** Sorts objects within objects. Deeper than 64 levels everything stays as it is. */
class Sorter {
  constructor(
    private readonly bytes: Uint8Array,
    private readonly order: Order,
    private readonly pace: Pace,
  ) {}

  /** Appends the value between two places, its objects' members sorted by their keys. */
  async write(out: ByteWriter, start: number, end: number, depth: number): Promise<void> {
    if (this.pace.due()) await this.pace.turn();
    const members = depth < deepest ? membersAt(this.bytes, start, end) : undefined;
    if (members === undefined) return this.writeArray(out, start, end, depth);
    const sorted = members.toSorted(this.order);
    let copied = start;
    for (const [index, place] of members.entries()) {
      const moved = sorted[index] ?? place;
      out.copy(this.bytes, copied, place.start);
      out.copy(this.bytes, moved.start, moved.valueStart);
      await this.write(out, moved.valueStart, moved.end, depth + 1);
      copied = place.end;
    }
    out.copy(this.bytes, copied, end);
  }

  private async writeArray(out: ByteWriter, start: number, end: number, depth: number): Promise<void> {
    if (this.bytes[start] !== 0x5b || depth >= deepest) {
      out.copy(this.bytes, start, end);
      return;
    }
    let copied = start;
    for (let at = skipSpace(this.bytes, start + 1); at < end - 1;) {
      const behind = valueEnd(this.bytes, at, end - 1);
      if (behind <= at) break;
      out.copy(this.bytes, copied, at);
      await this.write(out, at, behind, depth + 1);
      copied = behind;
      at = skipSpace(this.bytes, behind);
      if (this.bytes[at] !== 0x2c) break;
      at = skipSpace(this.bytes, at + 1);
    }
    out.copy(this.bytes, copied, end);
  }
}

const mostToSort = 2_000_000;

/**
 * Sorts the members of every object.
 * @returns undefined when the body is no JSON object, or is over 2 MB
 */
export async function sortedThroughout(bytes: Uint8Array, order: Order, pace: Pace): Promise<Uint8Array | undefined> {
  if (bytes.length > mostToSort) return undefined;
  const { start, end } = valueSpan(bytes);
  if (bytes[start] !== 0x7b && bytes[start] !== 0x5b) return undefined;
  const out = new ByteWriter(bytes.length);
  out.copy(bytes, 0, start);
  await new Sorter(bytes, order, pace).write(out, start, end, 0);
  out.copy(bytes, end, bytes.length);
  return out.result();
}
