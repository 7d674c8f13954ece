import type { JsonTable } from "./jsonTable";

/** How many rows a tree begins with, if it is not opened further. */
const firstRows = 500;
/** More rows are more than anyone scrolls through. */
export const mostRows = 1_000_000;

/** Which values of a table are shown: rows, one under another, each a value whose parents are all open. */
export class JsonTree {
  /** The value that a person is at. */
  active = 0;
  readonly #open: Uint8Array;
  #rows: Int32Array;

  constructor(readonly table: JsonTable) {
    this.#open = new Uint8Array(table.length);
    this.#openLevels(0, firstRows);
    this.#open[0] = 1;
    this.#rows = this.#visible();
  }

  get rowCount(): number {
    return this.#rows.length;
  }

  nodeAt(row: number): number {
    return this.#rows[row] ?? 0;
  }

  /** The row of a value; where it is hidden, that of the nearest parent that is shown. */
  rowOf(node: number): number {
    let shown = node;
    for (let parent = this.#parent(node); parent >= 0; parent = this.#parent(parent)) {
      if (this.#open[parent] === 0) shown = parent;
    }
    let low = 0;
    for (let high = this.#rows.length - 1; low < high;) {
      const middle = (low + high) >> 1;
      if (this.nodeAt(middle) < shown) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  isOpen(node: number): boolean {
    return this.#open[node] === 1;
  }

  canOpen(node: number): boolean {
    return this.table.isContainer(node) && (this.table.count[node] ?? 0) > 0;
  }

  setOpen(node: number, open: boolean): void {
    if (!this.canOpen(node)) return;
    this.#open[node] = open ? 1 : 0;
    this.#rows = this.#visible();
  }

  /** Opens a value's siblings and itself, as many as rows allow. */
  openSiblings(node: number): void {
    const parent = this.#parent(node);
    let room = mostRows - this.rowCount;
    for (const sibling of parent < 0 ? [node] : this.children(parent)) {
      const count = this.table.count[sibling] ?? 0;
      if (count > room) break;
      if (this.canOpen(sibling)) this.#open[sibling] = 1;
      room -= count;
    }
    this.#rows = this.#visible();
  }

  /** Opens all that a value is in, so that it has a row. */
  reveal(node: number): void {
    for (let parent = this.#parent(node); parent >= 0; parent = this.#parent(parent)) this.#open[parent] = 1;
    this.#rows = this.#visible();
  }

  /** Closes all but the root. */
  closeAll(): void {
    this.#open.fill(0);
    this.#open[0] = 1;
    this.#rows = this.#visible();
  }

  /**
   * Opens level by level.
   * @returns false when the most rows were reached before all were open
   */
  openAll(): boolean {
    const all = this.table.length <= mostRows;
    if (all) this.#open.fill(1);
    else this.#openLevels(0, mostRows);
    this.#rows = this.#visible();
    return all;
  }

  /** How many values a value is in. */
  depth(node: number): number {
    let depth = 0;
    for (let parent = this.#parent(node); parent >= 0; parent = this.#parent(parent)) depth++;
    return depth;
  }

  *children(node: number): Generator<number> {
    if (!this.table.isContainer(node)) return;
    const end = this.table.next[node] ?? 0;
    for (let child = node + 1; child < end; child = this.table.next[child] ?? end) yield child;
  }

  #parent(node: number): number {
    return this.table.parent[node] ?? -1;
  }

  /** Opens what lies nearest to the root first, while there is room. */
  #openLevels(root: number, most: number): void {
    let rows = 1;
    let level = [root];
    while (level.length > 0) {
      const deeper: number[] = [];
      for (const node of level) {
        const count = this.table.count[node] ?? 0;
        if (rows + count > most) continue;
        this.#open[node] = 1;
        rows += count;
        for (const child of this.children(node)) if (this.canOpen(child)) deeper.push(child);
      }
      level = deeper;
    }
  }

  #visible(): Int32Array {
    const { length, next } = this.table;
    const step = (node: number): number =>
      this.#open[node] === 1 && this.table.isContainer(node) ? node + 1 : (next[node] ?? length);
    let count = 0;
    for (let node = 0; node < length; node = step(node)) count++;
    const rows = new Int32Array(count);
    let row = 0;
    for (let node = 0; node < length; node = step(node)) rows[row++] = node;
    return rows;
  }
}
