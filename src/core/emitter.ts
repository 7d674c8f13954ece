export interface Subscription {
  dispose(): void;
}

/** A change event that fits VS Code's own shape, for layers that don't know VS Code. */
export class Emitter<T> {
  readonly #listeners = new Set<(value: T) => void>();

  /** Calls the listener at each change until the subscription is disposed. */
  readonly event = (listener: (value: T) => void): Subscription => {
    // A wrapper of its own, so that one function subscribed twice is called twice and removed once.
    const entry = (value: T): void => listener(value);
    this.#listeners.add(entry);
    return { dispose: () => void this.#listeners.delete(entry) };
  };

  /** Tells all listeners; one that subscribes or leaves meanwhile doesn't disturb the others. */
  fire(value: T): void {
    for (const listener of [...this.#listeners]) listener(value);
  }
}
