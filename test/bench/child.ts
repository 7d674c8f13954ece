import { fork } from "node:child_process";

/** This bench again, in a process of its own. */
export interface Child<T> {
  /** Its first message. */
  readonly message: Promise<T>;
  stop(): void;
}

/**
 * Runs the script that runs now once more, with other arguments.
 * @param parameters what it is told to be
 */
export function child<T>(...parameters: string[]): Child<T> {
  const forked = fork(process.argv[1] ?? "", parameters, { execArgv: ["--expose-gc"] });
  const message = new Promise<T>((resolve, reject) => {
    forked.once("message", (value) => resolve(value as T));
    forked.once("exit", (code) => reject(new Error(`ended with ${code}`)));
  });
  return {
    message,
    stop: () => {
      if (forked.connected) forked.disconnect();
    },
  };
}
