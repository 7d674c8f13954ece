/** What a value is. */
export const jsonKind = { object: 1, array: 2, string: 3, number: 4, literal: 5 } as const;

/** Where and why a text is no JSON. */
export interface JsonProblem {
  /** In UTF-16 code units from the text's start. */
  readonly offset: number;
  /** A sentence without its full stop. */
  readonly message: string;
}

const columns = ["start", "end", "parent", "keyStart", "next", "index", "count"] as const;
type Column = (typeof columns)[number];

/**
 * The values of a JSON text as numbers in columns, in the text's order: 29 bytes a value, whatever it holds. Tokens are
 * slices of the text, so they are what was sent: big integers, duplicate keys, number forms and escapes stay.
 * Value 0 is the root, the first child of a value is the next one, and `next` leads to its next sibling.
 */
export class JsonTable implements Readonly<Record<Column, Int32Array>> {
  kind: Uint8Array;
  /** Where the value's text begins and ends. */
  start: Int32Array;
  end: Int32Array;
  /** -1 for the root. */
  parent: Int32Array;
  /** Where the member's key begins, with its quotation mark; -1 for an array's element and the root. */
  keyStart: Int32Array;
  /** The first value behind this one and all it holds. */
  next: Int32Array;
  /** Among its siblings, from 0. */
  index: Int32Array;
  /** How many members or elements it has. */
  count: Int32Array;
  length = 0;

  constructor(
    readonly text: string,
    /** False for a text that was cut: what was open at its end counts as closed there. */
    public complete = true,
  ) {
    const capacity = Math.max(16, text.length >> 4);
    this.kind = new Uint8Array(capacity);
    [this.start, this.end, this.parent] = [
      new Int32Array(capacity),
      new Int32Array(capacity),
      new Int32Array(capacity),
    ];
    [this.keyStart, this.next] = [new Int32Array(capacity), new Int32Array(capacity)];
    [this.index, this.count] = [new Int32Array(capacity), new Int32Array(capacity)];
  }

  /** Adds a value whose end is not known yet. */
  add(kind: number, start: number, parent: number, keyStart: number): number {
    const node = this.length++;
    if (node === this.kind.length) this.#grow();
    this.kind[node] = kind;
    this.start[node] = start;
    this.parent[node] = parent;
    this.keyStart[node] = keyStart;
    if (parent >= 0) {
      const index = this.count[parent] ?? 0;
      this.index[node] = index;
      this.count[parent] = index + 1;
    }
    return node;
  }

  close(node: number, end: number): void {
    this.end[node] = end;
    this.next[node] = this.length;
  }

  #grow(): void {
    const capacity = this.kind.length * 2;
    const grown = <T extends Int32Array | Uint8Array>(into: T, from: T): T => {
      into.set(from);
      return into;
    };
    this.kind = grown(new Uint8Array(capacity), this.kind);
    for (const column of columns) this[column] = grown(new Int32Array(capacity), this[column]);
  }

  isContainer(node: number): boolean {
    return (this.kind[node] ?? 0) <= jsonKind.array;
  }

  valueText(node: number): string {
    return this.text.slice(this.start[node], this.end[node]);
  }

  /** The key with its quotation marks; undefined for an element and the root. */
  keyText(node: number): string | undefined {
    const start = this.keyStart[node] ?? -1;
    return start < 0 ? undefined : this.text.slice(start, this.#keyEnd(node));
  }

  /** Nothing but white space and a colon stands between a key and its value. */
  #keyEnd(node: number): number {
    let at = (this.start[node] ?? 0) - 1;
    while (this.text.charCodeAt(at) !== 0x22) at--;
    return at + 1;
  }
}

/** What a string token means; the token without its marks where it was cut. */
export function decoded(token: string): string {
  if (!token.includes("\\")) return token.slice(1, token.endsWith('"') && token.length > 1 ? -1 : undefined);
  try {
    return JSON.parse(token) as string;
  } catch {
    return token.slice(1);
  }
}

/** Line and column of a place in a text, both from 1. */
export function placeOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  let line = 1;
  let lineStart = 0;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) {
    line++;
    lineStart = at + 1;
  }
  return { line, column: offset - lineStart + 1 };
}
