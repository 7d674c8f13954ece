import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { say } from "./run.mjs";

const LOOK_EVERY_MS = 500;

/**
 * @param {string} path a free path in the same folder is made from it
 * @returns {string}
 */
function sibling(path) {
  return mkdtempSync(join(dirname(path), `.${basename(path)}-`));
}

/**
 * A folder that already names its owner is moved into place, so a lock never exists without one.
 * @param {string} path
 * @returns {boolean}
 */
function take(path) {
  const made = sibling(path);
  writeFileSync(join(made, "pid"), String(process.pid));
  try {
    renameSync(made, path);
    return true;
  } catch {
    rmSync(made, { recursive: true, force: true });
    return false;
  }
}

/**
 * @param {string} path
 * @returns {number | undefined} the process that holds the lock, undefined when it is gone
 */
function holder(path) {
  try {
    const pid = Number(readFileSync(join(path, "pid"), "utf8"));
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM" ? -1 : undefined;
  }
}

/**
 * Does something while no other process does the same. A lock whose process has ended is taken over.
 * @template T
 * @param {string} path the lock's folder, made and removed here
 * @param {string} what named in the line that is printed while waiting
 * @param {() => Promise<T>} action
 * @returns {Promise<T>} what the action returns
 */
export async function withLock(path, what, action) {
  mkdirSync(dirname(path), { recursive: true });
  for (let told = false; !take(path);) {
    const pid = holder(path);
    if (pid === undefined) {
      rmSync(path, { recursive: true, force: true });
      continue;
    }
    if (!told) say(`Waiting for another process (${pid}) that is at ${what} …`);
    told = true;
    await sleep(LOOK_EVERY_MS);
  }
  try {
    return await action();
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}
