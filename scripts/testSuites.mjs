import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { root } from "./root.mjs";
import { explain } from "./run.mjs";
import { makeTemporary, removeTemporary } from "./temporary.mjs";

/**
 * @typedef {{ passed: number, failed: number }} Counts
 * @typedef {(line: string) => void} Print
 * @typedef {(print: Print) => Promise<Counts>} Part
 */

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();
for (const name of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
  process.on(name, () => {
    // What is running cleans up after itself; then nothing more is started.
    const ends = [...running].map((child) => once(child, "close"));
    for (const child of running) child.kill(name);
    void Promise.all(ends).then(() => process.exit(1));
  });
}

/**
 * @param {readonly string[]} args a script and what it is given
 * @param {Print} print gets each line it prints
 * @param {(line: string) => void} [onLine] gets each line of its standard output as well
 * @returns {Promise<boolean>} whether it ended with status 0
 */
async function node(args, print, onLine) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  createInterface({ input: child.stdout }).on("line", (line) => {
    print(line);
    onLine?.(line);
  });
  createInterface({ input: child.stderr }).on("line", print);
  try {
    return await new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => resolve(code === 0));
    });
  } finally {
    running.delete(child);
  }
}

/**
 * A check that passes or fails as a whole, and counts as one test.
 * @param {...string} args a script and what it is given
 * @returns {Part}
 */
export function check(...args) {
  return async (print) => ((await node(args, print)) ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });
}

/**
 * Something done in this process, that counts as one test.
 * @param {() => Promise<unknown>} action
 * @returns {Part}
 */
export function step(action) {
  return async (print) => {
    try {
      await action();
      return { passed: 1, failed: 0 };
    } catch (error) {
      print(explain(error));
      return { passed: 0, failed: 1 };
    }
  };
}

/**
 * One project of vitest.config.mts. A test left out counts as failed.
 * @param {string} project
 * @returns {Part}
 */
export function vitest(project) {
  return async (print) => {
    const directory = makeTemporary("vitest");
    const file = join(directory, "results.json");
    const ok = await node(
      [
        ...["node_modules/vitest/vitest.mjs", "run", "--project", project],
        ...["--reporter=default", "--reporter=json", `--outputFile.json=${file}`],
      ],
      print,
    );
    const counts = readVitest(file, print);
    removeTemporary(directory);
    // A file that cannot be loaded, or an error outside of every test, shows in the status alone.
    return !ok && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  };
}

/**
 * @param {string} file
 * @param {Print} print
 * @returns {Counts}
 */
function readVitest(file, print) {
  try {
    const results = JSON.parse(readFileSync(file, "utf8"));
    const leftOut = results.numPendingTests + results.numTodoTests;
    if (leftOut > 0) print(`${leftOut} tests were left out: a skipped test counts as failed.`);
    return { passed: results.numPassedTests, failed: results.numFailedTests + leftOut };
  } catch {
    return { passed: 0, failed: 0 }; // it ended before it wrote any
  }
}

/**
 * A runner of our own, whose closing line is `name: N passed, N failed`.
 * @param {string} name
 * @param {string} script
 * @returns {Part}
 */
export function runner(name, script) {
  const closing = new RegExp(`^${name}: (\\d+) passed, (\\d+) failed$`);
  return async (print) => {
    let counts = { passed: 0, failed: 0 };
    const ok = await node([script], print, (line) => {
      const [, passed, failed] = closing.exec(line) ?? [];
      if (passed !== undefined) counts = { passed: Number(passed), failed: Number(failed) };
    });
    return !ok && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  };
}
