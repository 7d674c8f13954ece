/** Where a line lies in its log. */
export interface Place {
  readonly offset: number;
  readonly length: number;
}

/**
 * A list of lines that only grows. A line is a head, which is read at each start, and a body, which is read when it is
 * asked for: both JSON texts, with a tab between them that JSON itself never holds.
 */
export interface Log {
  /** Adds a line; it is kept when this returns. */
  append(head: string, body?: string): Place;
  /** The body of a line. */
  read(place: Place): string;
  /** Says that a line counts no more. */
  release(place: Place): void;
  close(): void;
}

/** A log that ends with the process. */
export class MemoryLog implements Log {
  readonly #bodies = new Map<number, string>();
  #count = 0;

  append(_head: string, body?: string): Place {
    const offset = this.#count++;
    if (body !== undefined) this.#bodies.set(offset, body);
    return { offset, length: 0 };
  }

  read({ offset }: Place): string {
    return this.#bodies.get(offset) ?? "null";
  }

  release({ offset }: Place): void {
    this.#bodies.delete(offset);
  }

  close(): void {
    this.#bodies.clear();
  }
}
