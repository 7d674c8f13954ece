import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { root } from "../../../scripts/root.mjs";

/** Git-ignored. */
const results = join(root, "test-results");
let folder = results;

/**
 * Says whose pictures are taken from now on; those of its last run are deleted.
 * @param suite its name: they lie in test-results, in a folder of that name
 */
export function takePicturesOf(suite: string): void {
  folder = join(results, suite);
  rmSync(folder, { recursive: true, force: true });
}

/**
 * Takes a picture of a window, or of one thing in it.
 * @param name the file's, without its ending
 * @param whole for a page, whether with what lies below its lower edge
 * @returns the file's path
 */
export async function screenshot(target: Page | Locator, name: string, whole = false): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name.replaceAll(/[^\w.-]+/g, "-")}.png`);
  await target.screenshot({ path, ...(whole && { fullPage: true }) });
  return path;
}
