// npm run package: builds for production and packs the .vsix.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./root.mjs";
import { explain, run, say } from "./run.mjs";
import { ensureDependencies } from "./setup.mjs";

/**
 * Builds and packs. The same sources make the same bytes: files come in order, and with one date, which is the earliest
 * that a zip can tell unless SOURCE_DATE_EPOCH says another.
 * @param {string} [file] where the .vsix shall be
 * @returns {Promise<string>} the .vsix's path
 */
export async function packageVsix(file = join(root, "dist", "pacspace-webhooks.vsix")) {
  await ensureDependencies();
  await run(process.execPath, ["esbuild.js", "--production"], { cwd: root });
  await run(process.execPath, ["scripts/notices.mjs"], { cwd: root });
  const vsce = join(root, "node_modules/@vscode/vsce/vsce");
  // Bundled code needs no node_modules; README pictures stay relative because there is no repository to point at.
  const options = ["--no-dependencies", "--no-rewrite-relative-links", "--allow-missing-repository", "--out", file];
  // A zip holds local times, so the time zone counts as well.
  const env = { SOURCE_DATE_EPOCH: String(Date.UTC(1980, 0, 1) / 1_000), ...process.env, TZ: "UTC" };
  await run(process.execPath, [vsce, "package", ...options], { cwd: root, env });
  say(`packed ${file}`);
  return file;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  packageVsix().catch((error) => {
    console.error(explain(error));
    process.exitCode = 1;
  });
}
