import { PacSpaceError } from "../errors";

export interface PaceOptions {
  /** Milliseconds of work between two turns of the event loop. */
  readonly yieldEvery: number;
  readonly signal?: AbortSignal | undefined;
  /** Called at each turn. */
  readonly onTurn?: (() => void) | undefined;
}

/**
 * Keeps long work from blocking its thread: who works asks `due` every few dozen microseconds and awaits `turn` when
 * it says so.
 */
export class Pace {
  private since = performance.now();

  constructor(private readonly options: PaceOptions) {
    this.stopWhenAborted();
  }

  due(): boolean {
    return performance.now() - this.since >= this.options.yieldEvery;
  }

  /**
   * Lets everything else that waits have its turn.
   * @throws PacSpaceError `cancelled` once the signal is aborted
   */
  async turn(): Promise<void> {
    this.options.onTurn?.();
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.stopWhenAborted();
    this.since = performance.now();
  }

  private stopWhenAborted(): void {
    if (this.options.signal?.aborted) throw new PacSpaceError("cancelled", "The search for the cause was cancelled.");
  }
}
