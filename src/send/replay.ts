import { setTimeout as sleep } from "node:timers/promises";
import { isPacSpaceError, type PacSpaceError } from "../core/errors";
import { post, type PostAnswer, type PostRequest } from "./post";

/** One thing to send again. */
export interface ReplayItem {
  /** A delivery's or a capture's. */
  readonly id: string;
  /** Makes the request when its turn comes, so that a new signature is of that moment. */
  readonly request: () => PostRequest | Promise<PostRequest>;
}

export interface ReplayOptions {
  /** Milliseconds between an answer and the next request; 0 is none. */
  readonly pauseMs?: number | undefined;
  /** Asked before each request: milliseconds for its answer; 0 is no limit. */
  readonly timeoutMs?: (() => number | undefined) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What came of one of them: any answer, or why there is none. */
export type ReplayOutcome =
  | { readonly id: string; readonly kind: "answered"; readonly answer: PostAnswer }
  | { readonly id: string; readonly kind: "failed"; readonly error: PacSpaceError };

async function replayOne({ id, request }: ReplayItem, options: ReplayOptions): Promise<ReplayOutcome> {
  try {
    const answer = await post(await request(), { signal: options.signal, timeoutMs: options.timeoutMs?.() });
    return { id, kind: "answered", answer };
  } catch (error) {
    if (!isPacSpaceError(error)) throw error;
    return { id, kind: "failed", error };
  }
}

/**
 * Sends one after the other, each when the one before it was answered, and yields what came of each. A failure stops
 * nothing. When the signal is aborted it ends at once: the request that was under way has failed as `cancelled`, and
 * for those after it nothing is yielded.
 */
export async function* replay(
  items: Iterable<ReplayItem>,
  options: ReplayOptions = {},
): AsyncGenerator<ReplayOutcome, void, undefined> {
  const { pauseMs = 0, signal } = options;
  let first = true;
  for (const item of items) {
    if (!first && pauseMs > 0) await sleep(pauseMs, undefined, { ...(signal && { signal }) }).catch(() => undefined);
    if (signal?.aborted === true) return;
    first = false;
    yield await replayOne(item, options);
  }
}
