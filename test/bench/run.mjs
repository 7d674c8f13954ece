// npm run bench: prints ratios, each against a rival named beside it, both taken in one run. Nothing here fails a build.
//   npm run bench -- list export   runs those named
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { root } from "../../scripts/root.mjs";
import { explain, run, say } from "../../scripts/run.mjs";
import { ensureCodeServer, ensureDependencies } from "../../scripts/setup.mjs";

const folder = join(root, "test/bench");
/** What is about crypto runs on the extension host's own Node: its OpenSSL is not the machine's. */
const onHostNode = new Set(["doctor", "receiver"]);
/** What is about memory runs on the machine's Node, too: each V8 has its own mind about how much it takes. */
const onBothNodes = new Set(["receiver"]);
const wanted = new Set(process.argv.slice(2));

/** Bundles the benches as the product is bundled, so that what is measured is what ships. */
async function buildBenches(names) {
  const { build } = await import("esbuild");
  await build({
    entryPoints: [
      ...names.map((name) => ({ in: join(folder, `${name}.bench.ts`), out: `${name}.bench` })),
      { in: join(root, "src/receiver/main.ts"), out: "receiverMain" },
    ],
    outdir: join(root, "dist/bench"),
    outExtension: { ".js": ".cjs" },
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    mainFields: ["module", "main"],
    external: ["playwright-core", "axe-core"],
    logOverride: { "empty-import-meta": "silent" },
    logLevel: "warning",
  });
}

try {
  await ensureDependencies();
  const names = readdirSync(folder)
    .filter((file) => file.endsWith(".bench.ts"))
    .map((file) => basename(file, ".bench.ts"))
    .filter((name) => wanted.size === 0 || wanted.has(name));
  await buildBenches(names);
  for (const name of names) {
    say(`\n${name}`);
    const nodes = [
      ...(onHostNode.has(name) ? [(await ensureCodeServer()).node] : []),
      ...(!onHostNode.has(name) || onBothNodes.has(name) ? [process.execPath] : []),
    ];
    for (const node of nodes) {
      await run(node, ["--expose-gc", join(root, "dist/bench", `${name}.bench.cjs`)], { cwd: root, show: true });
    }
  }
  if (wanted.size === 0 || wanted.has("activation")) {
    say("\nactivation");
    await run(process.execPath, [join(folder, "activation.mjs")], { cwd: root, show: true });
  }
} catch (error) {
  console.error(explain(error));
  process.exitCode = 1;
}
