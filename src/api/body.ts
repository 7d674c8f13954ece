import type { PacSpaceError } from "../core/errors";

/** What the body needs of its connection. */
export interface Flow {
  pause(): void;
  resume(): void;
  /** Closes the connection. */
  abort(reason: Error): void;
}

/** So many bytes wait for a reader at most, and a little more: then the sender is held back. */
const mostWaiting = 256 * 1024;

/**
 * The body of an answer, handed on as the socket gives it and as fast as it is taken. A reader takes it either chunk by
 * chunk, by iterating, or whole, by `text`. Errors come behind what had arrived; a cancel comes at once.
 */
export class Body implements AsyncIterableIterator<Uint8Array> {
  readonly #chunks: Buffer[] = [];
  #waiting = 0;
  #most = mostWaiting;
  #paused = false;
  #ended = false;
  #error: PacSpaceError | undefined;
  #wake: (() => void) | undefined;
  #settled: (() => void) | undefined;

  constructor(private readonly flow: Flow) {}

  /** Calls back once, when the body has ended, failed, or was left early. */
  onSettled(settled: () => void): void {
    this.#settled = settled;
    if (this.#ended) settled();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The connection's side: the next bytes. */
  push(chunk: Buffer): void {
    if (this.#ended) return;
    this.#chunks.push(chunk);
    this.#waiting += chunk.length;
    if (this.#waiting > this.#most && !this.#paused) {
      this.#paused = true;
      this.flow.pause();
    }
    this.#awake();
  }

  /** The connection's side: all bytes have come. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#settled?.();
    this.#awake();
  }

  /**
   * No more bytes will come. The first reason counts.
   * @param atOnce leaves out what has arrived and was not taken
   */
  fail(error: PacSpaceError, atOnce = false): void {
    if (this.#ended) return;
    this.#error = error;
    if (atOnce) this.#chunks.length = 0;
    this.end();
  }

  #awake(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #flowOn(): void {
    if (!this.#paused || this.#waiting > this.#most / 2) return;
    this.#paused = false;
    this.flow.resume();
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    for (;;) {
      const chunk = this.#chunks.shift();
      if (chunk !== undefined) {
        this.#waiting -= chunk.length;
        this.#flowOn();
        return { done: false, value: chunk };
      }
      if (this.#error !== undefined) throw this.#error;
      if (this.#ended) return { done: true, value: undefined };
      await this.#more();
    }
  }

  /**
   * The first bytes, which stay where they are.
   * @returns undefined when the body is empty
   * @throws PacSpaceError what ended the body before them
   */
  async peek(): Promise<Uint8Array | undefined> {
    while (this.#chunks.length === 0 && !this.#ended) await this.#more();
    if (this.#chunks.length === 0 && this.#error !== undefined) throw this.#error;
    return this.#chunks[0];
  }

  /** Leaves the body; its connection is closed unless all of it has come. */
  return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.discard();
    return Promise.resolve({ done: true, value: undefined });
  }

  /** As `return`, without waiting. */
  discard(): void {
    this.#chunks.length = 0;
    if (this.#ended) return;
    this.end();
    this.flow.abort(new Error("The body was left"));
  }

  /**
   * The whole body as UTF-8 text, without a byte-order mark.
   * @param largest in bytes
   * @param tooLarge makes the error for a larger one
   * @throws PacSpaceError what ended the body early
   */
  async text(largest: number, tooLarge: () => PacSpaceError): Promise<string> {
    this.#most = Infinity;
    this.#flowOn();
    while (!this.#ended && this.#waiting <= largest) await this.#more();
    if (this.#error !== undefined) throw this.#error;
    if (this.#waiting > largest) {
      this.discard();
      throw tooLarge();
    }
    const bytes = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks, this.#waiting);
    const text = bytes?.toString("utf8") ?? "";
    return text.startsWith("\uFEFF") ? text.slice(1) : text;
  }
}
