/** The kept captures of each event id. Most events come once, so that most entries are a text and no list. */
export class EventIndex {
  readonly #first = new Map<string, string>();
  readonly #later = new Map<string, string[]>();

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
    const all = [this.#first.get(eventId), ...(this.#later.get(eventId) ?? [])];
    const [first, ...later] = all.filter((other) => other !== undefined && other !== id) as string[];
    if (first === undefined) this.#first.delete(eventId);
    else this.#first.set(eventId, first);
    if (later.length === 0) this.#later.delete(eventId);
    else this.#later.set(eventId, later);
  }
}
