// Runs the UI suite: Chromium on VS Code as code-server serves it, with the packed extension installed.
//   PACSPACE_VSIX=file  another package than the one that `npm run package` makes
//   UI_GREP=text        only tests whose title has the text
import { join, resolve } from "node:path";
import { root } from "../../scripts/root.mjs";
import { ensureChromium, ensureCodeServer } from "../../scripts/setup.mjs";
import { existing, runSuite } from "../mocha/runSuite.mjs";

await runSuite("ui", "dist/test/ui/suite.cjs", async () => {
  const vsix = resolve(process.env.PACSPACE_VSIX || join(root, "dist/pacspace-webhooks.vsix"));
  process.env.PACSPACE_VSIX = existing(vsix, "Make it first: npm run package");
  await ensureCodeServer();
  await ensureChromium();
});
