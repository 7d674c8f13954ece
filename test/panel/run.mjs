// Runs the panel suite: Chromium on the inspector's page as it was built, without VS Code around it.
//   PANEL_GREP=text  only tests whose title has the text
import { join } from "node:path";
import { root } from "../../scripts/root.mjs";
import { ensureChromium } from "../../scripts/setup.mjs";
import { existing, runSuite } from "../mocha/runSuite.mjs";

await runSuite("panel", "dist/test/panel/suite.cjs", async () => {
  existing(join(root, "dist/webview/inspector.js"), "Build it first: node esbuild.js --production");
  await ensureChromium();
});
