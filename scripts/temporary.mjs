import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** @type {Set<string>} */
const made = new Set();
process.on("exit", () => made.forEach(removeTemporary));

/**
 * Makes a folder for temporary files, removed when this process ends at the latest.
 * @param {string} purpose goes into its name
 * @returns {string} its absolute path; short, since sockets in it have at most some 100 characters for theirs
 */
export function makeTemporary(purpose) {
  const directory = mkdtempSync(join(tmpdir(), `pacspace-${purpose}-`));
  made.add(directory);
  return directory;
}

/**
 * @param {string} directory one that {@link makeTemporary} made
 * @returns {void}
 */
export function removeTemporary(directory) {
  rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
  made.delete(directory);
}
