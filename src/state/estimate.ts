/** A pace is worth telling after so many milliseconds. */
const soonest = 5_000;

/** How long work of many equal steps will still take, from its pace so far; a wait that was announced counts as passed. */
export class Estimate {
  readonly #started: number;
  #waitsUntil = 0;

  /** @param now milliseconds of a clock that only goes forward */
  constructor(private readonly now: () => number = () => performance.now()) {
    this.#started = now();
  }

  /** A wait of so many milliseconds begins. */
  waiting(ms: number): void {
    this.#waitsUntil = this.now() + ms;
  }

  /**
   * @param done steps that are done
   * @param of all steps
   * @returns milliseconds; undefined before there is a pace
   */
  left(done: number, of: number): number | undefined {
    const passed = Math.max(this.now(), this.#waitsUntil) - this.#started;
    return done === 0 || passed < soonest ? undefined : (passed / done) * (of - done);
  }
}
