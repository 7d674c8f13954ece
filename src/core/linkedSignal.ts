/** A signal of our own that follows a caller's, which may live much longer. */
export interface LinkedSignal {
  readonly signal: AbortSignal;
  abort(): void;
  /** Lets go of the caller's signal; to be called when the work has ended, however it did. */
  release(): void;
}

/**
 * Makes a signal that is aborted by `abort`, and when another one is. (AbortSignal.any keeps growing while the signals
 * that it follows live.)
 */
export function linkedSignal(outer: AbortSignal | undefined): LinkedSignal {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  if (outer?.aborted === true) abort();
  outer?.addEventListener("abort", abort, { once: true });
  return { signal: controller.signal, abort, release: () => outer?.removeEventListener("abort", abort) };
}
