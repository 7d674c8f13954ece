import { constants } from "node:os";

/** @type {Set<() => Promise<void>>} */
const closers = new Set();

for (const name of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
  process.once(name, () => {
    const closing = [...closers].reverse().map((close) => close());
    void Promise.allSettled(closing).then(() => process.exit(process.exitCode ?? 128 + constants.signals[name]));
  });
}

/**
 * Has something closed when this process is told to end; a second such signal ends it at once. The status is the one
 * that was set for it before, else the signal's.
 * @param {() => Promise<void>} close
 * @returns {() => void} to be called when it has been closed otherwise
 */
export function closeOnSignal(close) {
  closers.add(close);
  return () => void closers.delete(close);
}
