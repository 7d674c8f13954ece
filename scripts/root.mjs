import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const EXTENSION_NAME = "pacspace-webhooks";

/**
 * @param {string} directory
 * @returns {string | undefined}
 */
function packageName(directory) {
  try {
    return JSON.parse(readFileSync(join(directory, "package.json"), "utf8")).name;
  } catch {
    return undefined;
  }
}

/** @returns {string} */
function findRoot() {
  // Walking up, not "..", and by two names: this module is also bundled into a CommonJS suite under dist/.
  const start = import.meta.dirname ?? __dirname;
  for (let directory = start; ; directory = dirname(directory)) {
    if (packageName(directory) === EXTENSION_NAME) return directory;
    if (directory === dirname(directory)) {
      throw new Error(
        `No folder above ${start} holds the package.json of ${EXTENSION_NAME}. Run this from a checkout.`,
      );
    }
  }
}

/** The checkout's top folder, as an absolute path. */
export const root = findRoot();

/** Where everything fetched or kept between runs lies; git-ignored. */
export const cacheDir = join(root, ".vscode-test");
