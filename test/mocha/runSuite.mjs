import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../../scripts/root.mjs";
import { explain } from "../../scripts/run.mjs";

/**
 * @param {string} file
 * @param {string} remedy
 * @returns {string} the file
 * @throws {Error} when it isn't there
 */
export function existing(file, remedy) {
  if (!existsSync(file)) throw new Error(`${file} is missing. ${remedy}`);
  return file;
}

/**
 * Runs a suite in this process, and ends the process with its status; a suite that could not start has failed.
 * @param {string} title the suite's, as in its closing line
 * @param {string} bundle below the project's root
 * @param {() => Promise<unknown>} prepare makes ready what it needs
 */
export async function runSuite(title, bundle, prepare) {
  let started = false;
  try {
    await prepare();
    const suite = existing(join(root, bundle), "Build it first: node esbuild.js --tests");
    const { run } = await import(pathToFileURL(suite).href);
    started = true;
    await run();
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    if (!started) process.stdout.write(`${title}: 0 passed, 1 failed\n`);
    process.exit(1);
  }
}
