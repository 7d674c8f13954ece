/** A signal of our own that follows callers' ones, which may live much longer. */
export interface LinkedSignal {
  readonly signal: AbortSignal;
  abort(): void;
  /** Lets go of the callers' signals; to be called when the work has ended, however it did. */
  release(): void;
}

/**
 * Makes a signal that is aborted by `abort`, and when one of others is. (AbortSignal.any keeps growing while the signals
 * that it follows live.)
 */
export function linkedSignal(...outer: readonly (AbortSignal | undefined)[]): LinkedSignal {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  const release = (): void => outer.forEach((signal) => signal?.removeEventListener("abort", abort));
  if (outer.some((signal) => signal?.aborted)) abort();
  for (const signal of outer) signal?.addEventListener("abort", abort, { once: true });
  return { signal: controller.signal, abort, release };
}
