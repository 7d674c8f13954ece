import type { Capture } from "../core/model/capture";

/**
 * Captures in the order in which they came, found by id. They stand in an array whose places are used again, and only
 * their numbers in a Map: a Map leaves tables behind as things come and go, and such a table holds on to all that stood
 * in it until V8 collects its old space; in a burst that is many times what is kept.
 */
export class CaptureRows {
  /** Each capture at its running number, modulo the length. */
  #places: (Capture | undefined)[] = Array.from({ length: 1_024 });
  /** Running numbers by id. */
  readonly #numbers = new Map<string, number>();
  /** The running number of the oldest, and the one of the next that comes. */
  #oldest = 0;
  #next = 0;

  get size(): number {
    return this.#numbers.size;
  }

  get(id: string): Capture | undefined {
    const number = this.#numbers.get(id);
    return number === undefined ? undefined : this.#places[number % this.#places.length];
  }

  /** Puts a capture in the place of the one with its id, or behind all others. */
  set(capture: Capture): void {
    let number = this.#numbers.get(capture.id);
    if (number === undefined) {
      if (this.#next - this.#oldest === this.#places.length) this.#layOut();
      number = this.#next++;
      this.#numbers.set(capture.id, number);
    }
    this.#places[number % this.#places.length] = capture;
  }

  delete(id: string): void {
    const number = this.#numbers.get(id);
    if (number === undefined) return;
    this.#numbers.delete(id);
    this.#places[number % this.#places.length] = undefined;
    while (this.#oldest < this.#next && this.oldest === undefined) this.#oldest++;
  }

  /** The capture that came first; undefined when there is none. */
  get oldest(): Capture | undefined {
    return this.#places[this.#oldest % this.#places.length];
  }

  /** All, or those behind the one of an id, which need not be kept any more: ids sort as captures came. */
  newestFirst(behind = ""): readonly Capture[] {
    const captures: Capture[] = [];
    for (let number = this.#next - 1; number >= this.#oldest; number--) {
      const capture = this.#places[number % this.#places.length];
      if (capture === undefined) continue;
      if (capture.id <= behind) break;
      captures.push(capture);
    }
    return captures;
  }

  /** Closes the gaps; gives as much room again as there are captures. */
  #layOut(): void {
    const captures = this.newestFirst().toReversed();
    this.#places = Array.from({ length: Math.max(1_024, 2 * captures.length) });
    this.#oldest = 0;
    this.#next = 0;
    this.#numbers.clear();
    for (const capture of captures) this.set(capture);
  }
}
