/** Runs pieces of work one after another, in the order they came; one that fails doesn't hold up the next. */
export class Serial {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs the work when all before it is done, and settles as it does. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work, work);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
