// Runs the UI suite: Chromium on VS Code as code-server serves it, with the packed extension installed.
//   PACSPACE_VSIX=file  another package than the one that `npm run package` makes
//   UI_GREP=text        only tests whose title has the text
import { existsSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../../scripts/root.mjs";
import { explain } from "../../scripts/run.mjs";
import { ensureChromium, ensureCodeServer } from "../../scripts/setup.mjs";

/**
 * @param {string} file
 * @param {string} remedy
 * @returns {string}
 */
function existing(file, remedy) {
  if (!existsSync(file)) throw new Error(`${file} is missing. ${remedy}`);
  return file;
}

let printed = false;
try {
  const vsix = resolve(process.env.PACSPACE_VSIX || join(root, "dist/pacspace-webhooks.vsix"));
  process.env.PACSPACE_VSIX = existing(vsix, "Make it first: npm run package");
  const suite = resolve(process.env.PACSPACE_TEST_SUITE || join(root, "dist/test/ui/suite.cjs"));
  const { run } = await import(pathToFileURL(existing(suite, "Build it first: node esbuild.js --tests")).href);
  await ensureCodeServer();
  await ensureChromium();
  rmSync(join(root, "test-results/ui"), { recursive: true, force: true });
  printed = true;
  await run();
  process.exit(0);
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  if (!printed) process.stdout.write("ui: 0 passed, 1 failed\n");
  process.exit(1);
}
