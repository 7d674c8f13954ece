import { decoded, type JsonTable } from "./jsonTable";

/** How long a search works before the page may do something else. */
const sliceMs = 10;
/** Long tokens are looked through piece by piece, so that one string of megabytes holds nobody up. */
const pieceLength = 64 * 1_024;

/** Whether a part of a text has what is looked for, whatever its case; pauses between pieces. */
function* has(wanted: RegExp, length: number, token: string): Generator<undefined, boolean> {
  if (token.length <= pieceLength) return wanted.test(token);
  for (let at = 0; at < token.length; at += pieceLength) {
    if (wanted.test(token.slice(at, at + pieceLength + length))) return true;
    yield;
  }
  return false;
}

/** A token as it stands and, where it has escapes, what they mean. Marks around a string are no part of it. */
function* tokenHas(wanted: RegExp, length: number, token: string): Generator<undefined, boolean> {
  const text = token.startsWith('"') ? token.slice(1, -1) : token;
  if (yield* has(wanted, length, text)) return true;
  return text.includes("\\") && (yield* has(wanted, length, decoded(token)));
}

function* search(table: JsonTable, wanted: RegExp, length: number, found: number[]): Generator<undefined> {
  for (let node = 0; node < table.length; node++) {
    const key = table.keyText(node);
    const matches =
      (key !== undefined && (yield* tokenHas(wanted, length, key))) ||
      (!table.isContainer(node) && (yield* tokenHas(wanted, length, table.valueText(node))));
    if (matches) found.push(node);
    if ((node & 63) === 0) yield;
  }
}

/** What is looked for as a pattern: each character itself, upper and lower case alike. */
export function searchPattern(query: string, flags = "i"): RegExp {
  return new RegExp(query.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"), flags);
}

/**
 * Looks for a text in keys and values, in the order of the text, a slice of time after another.
 * @param found gets the values that match, ascending, while the search goes on
 * @param paused called between slices
 * @returns whether it came to the end; false when it was aborted
 */
export async function searchJson(
  table: JsonTable,
  query: string,
  found: number[],
  signal: AbortSignal,
  paused: () => void,
): Promise<boolean> {
  const steps = search(table, searchPattern(query), query.length, found);
  let until = performance.now() + sliceMs;
  while (steps.next().done !== true) {
    if (performance.now() < until) continue;
    paused();
    await new Promise((resolve) => setTimeout(resolve));
    if (signal.aborted) return false;
    until = performance.now() + sliceMs;
  }
  return true;
}
