import type { Call } from "./call";
import { malformed } from "./problem";

/** What the API says about a page; everything may be absent. */
export interface PageFacts {
  readonly page?: number | undefined;
  /** The limit that the server applied; it may be lower than what was asked. */
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
  readonly total?: number | undefined;
  readonly totalPages?: number | undefined;
  /** How far the server's clock is ahead of this machine's, in milliseconds. */
  readonly serverAheadMs?: number | undefined;
}

/** One page as it came. */
export interface RawPage<Row> {
  /** How many rows came, those included that can't be read. */
  readonly received: number;
  readonly facts: PageFacts;
  /** Reads the rows. */
  readonly rows: () => readonly Row[];
}

/** One page of new rows. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly facts: PageFacts;
  /** Whether nothing comes behind it, as far as the server tells. */
  readonly last: boolean;
}

/** Where a page begins: pages counted from 1, rows from 0. */
export interface Position {
  readonly page: number;
  readonly offset: number;
}

/** No list of a person's is longer; a server that makes up new rows for ever is stopped here. */
const mostPages = 10_000;

/**
 * Whether this was the last page: it is empty, or the server's totals say so. `total` and `totalPages` are trusted; one
 * that is less than what has come already is plainly wrong and left out. Without totals a page is the last one when it is
 * shorter than the limit that the server reports.
 * @param position where the page began
 */
export function isLast({ received, facts }: RawPage<unknown>, position: Position): boolean {
  if (received === 0) return true;
  const { total, totalPages, limit, page = position.page } = facts;
  const end = position.offset + received;
  const totals: boolean[] = [];
  if (total !== undefined && total >= end) totals.push(total <= end);
  if (totalPages !== undefined && totalPages >= page) totals.push(totalPages <= page);
  // When the two contradict each other, one more page settles it.
  if (totals.length > 0) return totals.every((last) => last);
  return limit !== undefined && received < limit;
}

/** The rows whose keys no earlier page had; keys that repeat within the page are all kept. Adds the page's keys. */
function addNew<Row>(rows: readonly Row[], seen: Set<string>, keyOf: (row: Row) => string): readonly Row[] {
  const fresh: Row[] = [];
  let own: Set<string> | undefined;
  for (const row of rows) {
    const key = keyOf(row);
    // One look-up per row: lists of ten thousand pass here.
    const before = seen.size;
    seen.add(key);
    if (seen.size === before) {
      own ??= new Set(fresh.map(keyOf));
      if (!own.has(key)) continue;
    }
    own?.add(key);
    fresh.push(row);
  }
  return fresh;
}

/** How many more pages the server's totals promise. */
function promised({ received, facts }: RawPage<unknown>, { page, offset }: Position): number {
  if (received === 0) return 0;
  const { total = 0, totalPages = 0 } = facts;
  return Math.max(Math.ceil((total - offset - received) / received), totalPages - (facts.page ?? page), 0);
}

/**
 * Reads a list page by page, and always ends: after the last page by the server's totals; without totals after a page
 * shorter than the limit that the server reports; and in any case after an empty page, or one with no new row, as from
 * a server that ignores where a page shall begin. Rows that move from one page to the next meanwhile come once.
 * @param fetch reads the page at a position
 * @param keyOf what tells rows apart
 * @param ahead how many pages that the totals promise are asked for while the one before is worked on; when the reader
 * leaves early, these requests are left to the caller to abort
 * @throws PacSpaceError `malformedResponse` after 10,000 pages
 */
export async function* pages<Row>(
  call: Call,
  start: Position,
  fetch: (position: Position) => Promise<RawPage<Row>>,
  keyOf: (row: Row) => string,
  ahead = 0,
): AsyncGenerator<Page<Row>, void, undefined> {
  const seen = new Set<string>();
  let position = start;
  const coming: Promise<RawPage<Row>>[] = [];
  for (let count = 1; count <= mostPages; count++) {
    const page = await (coming.shift() ?? fetch(position));
    const after = (pages: number): Position => ({
      page: position.page + pages,
      offset: position.offset + pages * page.received,
    });
    const wanted = Math.min(ahead, promised(page, position), mostPages - count);
    while (coming.length < wanted) {
      const asked = fetch(after(coming.length + 1));
      // Whoever reads on gets the error; whoever has left doesn't want it.
      asked.catch(() => undefined);
      coming.push(asked);
    }
    const rows = addNew(page.rows(), seen, keyOf);
    const last = rows.length === 0 || isLast(page, position);
    // An empty list is an answer too: its page is handed on, so that its total is known.
    if (rows.length > 0 || count === 1) yield { rows, facts: page.facts, last };
    if (last) return;
    position = after(1);
  }
  throw malformed(call, { status: 200, headers: {} }, `does not end after ${mostPages} pages`);
}
