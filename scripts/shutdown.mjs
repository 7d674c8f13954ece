import { constants } from "node:os";

/** @type {Set<() => Promise<void>>} */
const closers = new Set();

for (const name of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
  process.once(name, () => {
    // This module may be there twice, here and in a bundle: the copy that has something to close ends the process.
    if (closers.size === 0 && process.listenerCount(name) > 0) return;
    const closing = [...closers].reverse().map((close) => close());
    void Promise.allSettled(closing).then(() => process.exit(process.exitCode ?? 128 + constants.signals[name]));
  });
}

// npm runs scripts in a shell that dies of a signal without passing it on. What is left then has another parent.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, "SIGTERM");
}, 1_000).unref();

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
