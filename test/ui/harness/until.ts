import { setTimeout as sleep } from "node:timers/promises";

const LIMIT_MS = 30_000;
const LOOK_EVERY_MS = 100;

/**
 * Waits for something that no single locator can tell.
 * @param what goes into the error
 * @throws {Error} when it has not come true after 30 s
 */
export async function until(what: string, isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + LIMIT_MS;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`Waited ${LIMIT_MS / 1000} s in vain until ${what}.`);
    await sleep(LOOK_EVERY_MS);
  }
}
