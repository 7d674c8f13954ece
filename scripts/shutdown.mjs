import { constants } from "node:os";

/** @type {Set<() => Promise<void>>} */
const closers = new Set();

/** Ctrl-C comes twice where the shell that npm started has become this process: from the terminal, and from npm. */
const SAME_SIGNAL_MS = 1_000;
/** @type {number | undefined} */
let closingSince;

for (const name of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
  const told = () => {
    const status = () => process.exit(process.exitCode ?? 128 + constants.signals[name]);
    if (closingSince !== undefined) {
      if (performance.now() - closingSince > SAME_SIGNAL_MS) status();
      return;
    }
    // This module may be there twice, here and in a bundle: the copy that has something to close ends the process.
    if (closers.size === 0 && process.listenerCount(name) > 1) {
      process.off(name, told);
      return;
    }
    closingSince = performance.now();
    const closing = [...closers].reverse().map((close) => close());
    void Promise.allSettled(closing).then(status);
  };
  process.on(name, told);
}

// npm runs scripts in a shell that dies of a signal without passing it on. What is left then has another parent.
const parent = process.ppid;
const watch = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(watch);
  process.kill(process.pid, "SIGTERM");
}, 1_000).unref();

/**
 * Has something closed when this process is told to end; a second such signal, more than a
 * second later, ends it at once. The status is the one that was set for it before, else the signal's.
 * @param {() => Promise<void>} close
 * @returns {() => void} to be called when it has been closed otherwise
 */
export function closeOnSignal(close) {
  closers.add(close);
  return () => void closers.delete(close);
}
