import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { closeOnSignal } from "./shutdown.mjs";
import { makeTemporary, removeTemporary } from "./temporary.mjs";

const GRACE_MS = 5_000;
const LOOK_EVERY_MS = 50;

/** @typedef {{ pid: number, ended: Promise<string>, hasEnded: () => boolean, stop: () => Promise<void> }} ProcessGroup
 * a program with all that it starts: `ended` says how its first process ended, `stop` ends all of them */

/** @type {Set<number>} */
const running = new Set();
process.on("exit", () => running.forEach((pid) => signal(pid, "SIGKILL")));

/**
 * @param {number} pid the group's first process
 * @param {NodeJS.Signals | 0} name
 * @returns {boolean} whether any process of the group was there to get it
 */
function signal(pid, name) {
  try {
    return process.kill(process.platform === "win32" ? pid : -pid, name);
  } catch {
    return false;
  }
}

/**
 * Starts a program as the first of a process group of its own, with a folder of its own for temporary files. It is
 * stopped with this process at the latest.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ logFile: string, env?: NodeJS.ProcessEnv }} options `logFile` gets what it prints
 * @returns {ProcessGroup}
 * @throws {Error} when it cannot be started
 */
export function startGroup(command, args, { logFile, env = process.env }) {
  const temporary = makeTemporary("tmp");
  const log = openSync(logFile, "w");
  const child = spawn(command, args, {
    env: { ...env, TMPDIR: temporary, TMP: temporary, TEMP: temporary },
    detached: process.platform !== "win32",
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  let over = false;
  /** @type {Promise<string>} */
  const ended = new Promise((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("exit", (code, name) => resolve(name ? `signal ${name}` : `status ${code}`));
  });
  void ended.then(() => (over = true));
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command} could not be started. Is it there, and may it be run?`);

  const stop = async () => {
    const deadline = Date.now() + GRACE_MS;
    signal(pid, "SIGTERM");
    while (signal(pid, 0) && Date.now() < deadline) await sleep(LOOK_EVERY_MS);
    signal(pid, "SIGKILL");
    await ended;
    running.delete(pid);
    stayOpen();
    removeTemporary(temporary);
  };
  running.add(pid);
  // Not in the terminal's own group, it is not reached by a Ctrl-C there.
  const stayOpen = closeOnSignal(stop);
  return { pid, ended, hasEnded: () => over, stop };
}
