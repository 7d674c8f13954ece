/** Browsers lay out nothing beyond some thirty million pixels. */
const mostHeight = 16_000_000;
/** Rows above and below the view, for a scroll that is ahead of the drawing. */
const spare = 10;

/** What is scrolled: rows of one height, and the height of the view, in pixels. */
export interface Scrolled {
  readonly rowCount: number;
  readonly rowHeight: number;
  readonly viewHeight: number;
}

/** How high what is scrolled appears to be. */
export function scrollHeight({ rowCount, rowHeight }: Scrolled): number {
  return Math.min(rowCount * rowHeight, mostHeight);
}

/** Rows for each pixel scrolled, in pixels: 1, unless there are more rows than a page can be high. */
function ratio(scrolled: Scrolled): number {
  const all = scrolled.rowCount * scrolled.rowHeight - scrolled.viewHeight;
  const possible = scrollHeight(scrolled) - scrolled.viewHeight;
  return possible > 0 && all > possible ? all / possible : 1;
}

/** The rows to draw at a scroll position, `last` not among them, and how far below the top the first of them stands. */
export function rowWindow(
  scrolled: Scrolled,
  scrollTop: number,
): { readonly first: number; readonly last: number; readonly top: number } {
  const { rowCount, rowHeight, viewHeight } = scrolled;
  const hidden = scrollTop * ratio(scrolled);
  const first = Math.max(0, Math.min(Math.floor(hidden / rowHeight) - spare, rowCount - 1));
  const last = Math.min(rowCount, Math.ceil((hidden + viewHeight) / rowHeight) + spare);
  return { first, last, top: scrollTop - hidden + first * rowHeight };
}

/** The scroll position nearest to the present one at which a row is whole in view. */
export function scrollTopToShow(row: number, scrolled: Scrolled, scrollTop: number): number {
  const { rowHeight, viewHeight } = scrolled;
  const scale = ratio(scrolled);
  const hidden = scrollTop * scale;
  if (row * rowHeight < hidden) return (row * rowHeight) / scale;
  if ((row + 1) * rowHeight > hidden + viewHeight) return ((row + 1) * rowHeight - viewHeight) / scale;
  return scrollTop;
}
