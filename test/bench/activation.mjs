// Activation when the host is quiet, as VS Code reports it, against requiring a fresh copy of the built-in
// merge-conflict extension's bundle at the same moment.
import { join } from "node:path";
import { root } from "../../scripts/root.mjs";
import { explain, run, say } from "../../scripts/run.mjs";
import { ensureChromium, ensureCodeServer } from "../../scripts/setup.mjs";
import { makeTemporary, removeTemporary } from "../../scripts/temporary.mjs";
import { runInCodeServer } from "../host/inCodeServer.mjs";

const STARTS = 7;
const GOAL = 0.5;
const LIMIT_MS = 180_000;
const RIVAL = "lib/vscode/extensions/merge-conflict/dist/mergeConflictMain.js";

const median = (figures) => figures.toSorted((left, right) => left - right)[Math.floor(figures.length / 2)];

async function main() {
  const codeServer = await ensureCodeServer();
  const chromium = await ensureChromium();
  await run(process.execPath, ["esbuild.js", "--production"], { cwd: root });
  const { build } = await import("esbuild");
  const suite = join(root, "dist/bench/activation.cjs");
  const entryPoints = [join(root, "test/bench/activation/suite.ts")];
  await build({ entryPoints, outfile: suite, bundle: true, platform: "node", format: "cjs", external: ["vscode"] });
  const starts = [];
  for (let start = 0; start < STARTS; start++) {
    const stateDir = makeTemporary("activation");
    await runInCodeServer({
      codeServer,
      chromium,
      extension: root,
      suite,
      environment: { PACSPACE_RIVAL: join(codeServer.directory, "node_modules/code-server", RIVAL) },
      stateDir,
      keepDir: join(root, "test-results/activation"),
      limitMs: LIMIT_MS,
      print: (line) => (line.startsWith("{") ? starts.push(JSON.parse(line)) : say(line)),
    });
    removeTemporary(stateDir);
  }
  const ours = median(starts.map(({ load, call, finish }) => load + call + finish));
  const rival = median(starts.map((figures) => figures.rival));
  const verdict = ours / rival <= GOAL ? "met" : "MISSED";
  const parts = ["load", "call", "finish"].map((part) => `${part} ${median(starts.map((figures) => figures[part]))}`);
  say(
    `  ${starts.length} starts: ${ours} ms (${parts.join(", ")}), a fresh merge-conflict bundle: ${rival.toFixed(1)} ms`,
  );
  say(`  ratio ${(ours / rival).toFixed(2)} (goal ${GOAL}: ${verdict})`);
}

main().catch((error) => {
  console.error(explain(error));
  process.exitCode = 1;
});
