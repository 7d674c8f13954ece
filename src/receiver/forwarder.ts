import { invalidInput, isErrorOfKind, isPacSpaceError } from "../core/errors";
import type { Capture, CaptureForward } from "../core/model/capture";
import { linkedSignal, type LinkedSignal } from "../core/linkedSignal";
import { post, type PostAnswer } from "../send/post";
import type { CaptureStore } from "./captureStore";
import { endToEndHeaders, forwardUrl, readForwardTarget } from "./handingOn";

/** What the sender gets of a handler's answer; more of it is not read. */
const passedBytes = 10 * 1024 * 1024;
/** What is kept of it. */
const keptBytes = 64 * 1024;
/** Captures that a handler gets at the same time; others wait. */
const mostAtOnce = 100;

export type SettledForward = Exclude<CaptureForward, { state: "pending" }>;

/** What came of a forward: the answer whole, or the status that stands for its absence. */
export type Forwarded =
  | { readonly forward: SettledForward; readonly answer: PostAnswer }
  | {
      readonly forward: Extract<SettledForward, { state: "failed" }>;
      readonly answer?: never;
      readonly status: number;
    };

/** Hands captures on to a handler, and puts down in the store what came of it. */
export class Forwarder {
  #target: { readonly text: string; readonly url: URL } | undefined;
  readonly #waiting: (() => void)[] = [];
  readonly #links = new Set<LinkedSignal>();
  readonly #running = new Set<Promise<unknown>>();
  #working = 0;
  #closed = false;

  /**
   * @param ownPort where the receiver listens, which is no handler
   * @param timeoutMs milliseconds until an answer's end, asked for when a capture's turn comes; 0 is no limit
   */
  constructor(
    private readonly store: CaptureStore,
    private readonly ownPort: () => number,
    private readonly timeoutMs: () => number,
  ) {}

  /** The handler's address, as it was given. */
  get target(): string | undefined {
    return this.#target?.text;
  }

  /** @throws PacSpaceError `invalid` for an address that is not on this machine */
  set target(text: string | undefined) {
    this.#target = text === undefined ? undefined : { text, url: readForwardTarget(text, this.ownPort()) };
  }

  /**
   * Sends a capture to the handler; what came of it is in the store when this settles.
   * @param signal breaks it off, while it waits for its turn too
   * @throws PacSpaceError `invalid` when there is no address
   */
  forward(capture: Capture, signal?: AbortSignal): Promise<Forwarded> {
    if (this.#target === undefined) throw invalidInput("There is no handler to forward to. Name its address first.");
    const url = forwardUrl(this.#target.url, capture.target);
    this.store.setForward(capture.id, { url, state: "pending" });
    const running = this.#inTurn(capture, url, signal).then((forwarded) => {
      this.store.setForward(capture.id, forwarded.forward);
      return forwarded;
    });
    this.#running.add(running);
    void running.finally(() => this.#running.delete(running));
    return running;
  }

  /** Breaks off what is under way, and settles when nothing is. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const link of this.#links) link.abort();
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #inTurn(capture: Capture, url: string, signal: AbortSignal | undefined): Promise<Forwarded> {
    const link = linkedSignal(signal);
    this.#links.add(link);
    if (this.#closed) link.abort();
    const hasTurn = await this.#turn(link.signal);
    try {
      // Without a turn its signal is aborted, and nothing is sent.
      return await this.#send(capture, url, link.signal);
    } finally {
      if (hasTurn) this.#passTurn();
      link.release();
      this.#links.delete(link);
    }
  }

  /** Waits for a turn. @returns whether it came before the signal */
  #turn(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return Promise.resolve(false);
    if (this.#working < mostAtOnce) {
      this.#working++;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const take = (): void => {
        signal.removeEventListener("abort", leave);
        resolve(true);
      };
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(take), 1);
        resolve(false);
      };
      this.#waiting.push(take);
      signal.addEventListener("abort", leave, { once: true });
    });
  }

  #passTurn(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#working--;
    else next();
  }

  async #send(capture: Capture, url: string, signal: AbortSignal): Promise<Forwarded> {
    const at = new Date().toISOString();
    const began = performance.now();
    const { method, headers, body } = capture;
    try {
      const answer = await post(
        { url, method, headers: endToEndHeaders(headers), body },
        { timeoutMs: this.timeoutMs(), keepBytes: passedBytes, signal },
      );
      const { status, durationMs } = answer;
      const truncated = answer.truncated || answer.body.length > keptBytes;
      // A copy: a part would keep the whole answer in memory.
      const kept = truncated ? Buffer.from(answer.body.subarray(0, keptBytes)) : answer.body;
      return {
        answer,
        forward: { url, state: "answered", at, status, headers: answer.headers, body: kept, truncated, durationMs },
      };
    } catch (error) {
      const message = isPacSpaceError(error) ? error.message : "The handler's answer can't be read.";
      return {
        status: isErrorOfKind(error, "timeout") ? 504 : 502,
        forward: { url, state: "failed", at, message, durationMs: performance.now() - began },
      };
    }
  }
}
