import { decoded } from "./jsonTable";
import type { JsonTree } from "./jsonTree";

/** Typing goes on with the same word as long as the keys follow each other this fast. */
const typingMs = 700;
/** Further rows are not looked through while a person types. */
const mostTyped = 100_000;

/** Where a key leads, and what it opens or closes on the way; undefined for a key that a tree does nothing with. */
type Move = (tree: JsonTree, row: number, pageRows: number) => number;

function into(tree: JsonTree, row: number): number {
  const node = tree.nodeAt(row);
  if (!tree.canOpen(node)) return row;
  if (tree.isOpen(node)) return row + 1;
  tree.setOpen(node, true);
  return row;
}

function outOf(tree: JsonTree, row: number): number {
  const node = tree.nodeAt(row);
  if (tree.canOpen(node) && tree.isOpen(node)) {
    tree.setOpen(node, false);
    return row;
  }
  const parent = tree.table.parent[node] ?? -1;
  return parent < 0 ? row : tree.rowOf(parent);
}

const moves: Readonly<Record<string, Move>> = {
  ArrowDown: (_tree, row) => row + 1,
  ArrowUp: (_tree, row) => row - 1,
  PageDown: (_tree, row, pageRows) => row + pageRows,
  PageUp: (_tree, row, pageRows) => row - pageRows,
  Home: () => 0,
  End: (tree) => tree.rowCount - 1,
  ArrowRight: into,
  ArrowLeft: outOf,
  "*": (tree, row) => {
    const node = tree.nodeAt(row);
    tree.openSiblings(node);
    return tree.rowOf(node);
  },
};

/**
 * Does what a key does in a tree, by the ARIA practice.
 * @param pageRows how many rows are in view
 * @returns the row that is active then; undefined for another key
 */
export function moveByKey(key: string, tree: JsonTree, row: number, pageRows: number): number | undefined {
  const target = moves[key]?.(tree, row, pageRows);
  return target === undefined ? undefined : Math.max(0, Math.min(target, tree.rowCount - 1));
}

/** Finds rows by what their keys, or an element's index, begin with. */
export class Typeahead {
  #typed = "";
  #at = -Infinity;

  /** Whether a word is being typed, so that a space is part of it. */
  isTyping(now: number): boolean {
    return now - this.#at < typingMs;
  }

  /**
   * @param now in milliseconds, of any clock
   * @returns the row, from the active one on; undefined when none begins so
   */
  find(letter: string, tree: JsonTree, row: number, now: number): number | undefined {
    this.#typed = this.isTyping(now) ? this.#typed + letter.toLowerCase() : letter.toLowerCase();
    this.#at = now;
    // The same letter again and again goes from one to the next.
    const isOneLetter = this.#typed === this.#typed.charAt(0).repeat(this.#typed.length);
    const word = isOneLetter ? this.#typed.charAt(0) : this.#typed;
    const from = isOneLetter ? row + 1 : row;
    for (let step = 0; step < Math.min(tree.rowCount, mostTyped); step++) {
      const candidate = (from + step) % tree.rowCount;
      if (labelOf(tree, candidate).startsWith(word)) return candidate;
    }
    return undefined;
  }
}

function labelOf(tree: JsonTree, row: number): string {
  const node = tree.nodeAt(row);
  const key = tree.table.keyText(node);
  return key === undefined ? String(tree.table.index[node] ?? 0) : decoded(key).toLowerCase();
}
