/** The kept captures of each event id. Most events come once, so that most entries are a text and no list. */
export class EventIndex {
  readonly #first = new Map<string, string>();
  readonly #later = new Map<string, readonly string[]>();

  /** The oldest kept capture of an event. */
  first(eventId: string): string | undefined {
    return this.#first.get(eventId);
  }

  /** To be called in the order in which captures came. */
  add(eventId: string, id: string): void {
    if (!this.#first.has(eventId)) this.#first.set(eventId, id);
    else this.#later.set(eventId, [...(this.#later.get(eventId) ?? []), id]);
  }

  remove(eventId: string, id: string): void {
    const later = this.#later.get(eventId);
    if (later === undefined) {
      if (this.#first.get(eventId) === id) this.#first.delete(eventId);
      return;
    }
    const [first, ...others] = [this.#first.get(eventId), ...later].filter((other) => other !== id);
    if (first !== undefined) this.#first.set(eventId, first);
    if (others.length === 0) this.#later.delete(eventId);
    else this.#later.set(eventId, others as string[]);
  }
}
