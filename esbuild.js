// Builds what ships into dist/: the host's entry, one bundle for each part that is loaded on first use, the webview.
//   node esbuild.js [--production] [--watch] [--tests]
const { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } = require("node:fs");
const path = require("node:path");
const esbuild = require("esbuild");

const options = new Set(process.argv.slice(2));
const production = options.has("--production");
const { version } = JSON.parse(readFileSync(path.join(__dirname, "package.json"), "utf8"));

/** Bytes that a bundle may have in production; VS Code's start-up pays for each of them. */
const budgets = { "dist/extension.js": 60_000, "dist/webview/inspector.js": 250_000 };

/** Parts loaded on first use: the module that is imported dynamically, and its bundle's name. */
const parts = {
  "src/host/platform/connect.ts": "api",
  "src/host/panel/inspectorPanels.ts": "panel",
  "src/host/tree/present.ts": "rows",
  "src/host/signatureChecks.ts": "signatures",
  "src/core/doctor/diagnose.ts": "doctor",
  "src/host/documents/deliveryDocuments.ts": "documents",
  "src/host/commands/commandRunner.ts": "commands",
  "src/host/proof/handlerProof.ts": "proof",
  "src/host/platform/localProcess.ts": "localProcess",
  "src/host/platform/secretRelay.ts": "relay",
  "src/host/receiver/receiverDesk.ts": "receiver",
  "src/host/unfinished/unfinishedWork.ts": "unfinished",
  "src/host/sending/sending.ts": "sending",
  "src/state/retryJournal.ts": "retries",
};

/** A dynamic import of a part becomes a require of its bundle; any other one is an oversight. */
const lazyParts = {
  name: "lazy-parts",
  setup(build) {
    build.onResolve({ filter: /^\./ }, ({ kind, path: specifier, resolveDir }) => {
      if (kind !== "dynamic-import") return undefined;
      const file = path.relative(__dirname, path.resolve(resolveDir, `${specifier}.ts`)).replaceAll("\\", "/");
      const name = parts[file];
      return name === undefined
        ? { errors: [{ text: `${file} is imported dynamically but is no part of esbuild.js.` }] }
        : { path: `./${name}.js`, external: true };
    });
  },
};

/**
 * VS Code's API as a module with the names that we use. Imported as it comes, each file that imports it would copy all
 * of its hundreds of getters when a bundle loads: that took more time than all the rest.
 */
const vscodeApi = {
  name: "vscode-api",
  setup(build) {
    build.onResolve({ filter: /^vscode$/ }, ({ namespace }) =>
      namespace === "vscode-api" ? { path: "vscode", external: true } : { path: "vscode", namespace: "vscode-api" },
    );
    build.onLoad({ filter: /.*/, namespace: "vscode-api" }, () => {
      const files = readdirSync("src", { recursive: true }).filter((file) => /^(host|extension)\b.*\.ts$/.test(file));
      const names = files.flatMap((file) => [
        ...readFileSync(path.join("src", file), "utf8").matchAll(/\bvscode\.([A-Za-z]\w*)/g),
      ]);
      const unique = [...new Set(names.map(([, name]) => name))].sort();
      const exported = unique.map((name) => `export const ${name} = /* @__PURE__ */ (() => api.${name})();`);
      return { contents: ['const api = require("vscode");', ...exported].join("\n"), loader: "js" };
    });
  },
};

/**
 * undici brings its HTTP parser twice, for processors with SIMD and for all. One that works everywhere is enough: what
 * takes time here is the network and the disk.
 */
const oneParser = {
  name: "one-parser",
  setup(build) {
    build.onResolve({ filter: /\/llhttp_simd-wasm\.js$/ }, ({ path: specifier, resolveDir }) => ({
      path: path.join(resolveDir, specifier.replace("llhttp_simd-wasm", "llhttp-wasm")),
    }));
  },
};

const shared = {
  bundle: true,
  minify: production,
  sourcemap: production ? false : "linked",
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
};

const host = {
  ...shared,
  platform: "node",
  target: "node20",
  format: "cjs",
  // jsonc-parser's UMD build requires its own files by computed paths, which no bundler follows.
  mainFields: ["module", "main"],
  external: ["vscode"],
  supported: { "dynamic-import": false },
};

const webview = {
  ...shared,
  platform: "browser",
  target: "es2022",
  format: "iife",
  tsconfig: "src/webview/tsconfig.json",
  entryPoints: ["src/webview/inspector.ts", "src/webview/inspector.css"],
  outdir: "dist/webview",
};

function builds() {
  return [
    { ...host, entryPoints: { extension: "src/extension.ts" }, outdir: "dist", plugins: [lazyParts, vscodeApi] },
    ...Object.entries(parts).map(([file, name]) => ({
      ...host,
      entryPoints: { [name]: file },
      outdir: "dist",
      plugins: [lazyParts, vscodeApi, oneParser],
    })),
    // Each runs on its own: two processes, and a worker thread.
    {
      ...host,
      entryPoints: {
        local: "src/local/main.ts",
        doctorWorker: "src/host/doctorWorker.ts",
        receiverMain: "src/receiver/main.ts",
      },
      outdir: "dist",
      plugins: [lazyParts],
    },
    // Not in the .vsix: npm run proof:pack makes a package of its own from it.
    {
      ...host,
      entryPoints: { proof: "src/conformance/main.ts" },
      outdir: "dist/proof",
      banner: { js: "#!/usr/bin/env node" },
      define: { PROOF_VERSION: JSON.stringify(version) },
    },
    webview,
  ];
}

/** @param modules what the webview is made of */
async function writeAssets(modules) {
  const { writeIconFont } = await import("./scripts/iconFont.mjs");
  mkdirSync("dist/webview", { recursive: true });
  await writeIconFont("dist/webview", modules);
}

/** The schema of samples, made from the event catalogue: it can't say anything else. */
async function writeSchema() {
  const entryPoints = ["src/core/events/sampleSchema.ts"];
  const { outputFiles } = await esbuild.build({
    ...host,
    metafile: false,
    sourcemap: false,
    entryPoints,
    write: false,
  });
  const module = { exports: {} };
  new Function("module", outputFiles[0].text)(module);
  writeFileSync("dist/sample-event.schema.json", JSON.stringify(module.exports.sampleSchema()));
}

function checkBudgets() {
  for (const [file, most] of Object.entries(budgets)) {
    const bytes = statSync(file).size;
    console.log(`${file}: ${bytes} of ${most} bytes`);
    if (bytes > most)
      throw new Error(`${file} has ${bytes} bytes, its budget is ${most}: load what is new on first use.`);
  }
}

async function testBuilds() {
  const { testFilesPlugin } = await import("./scripts/testFilesPlugin.mjs");
  const suites = ["host", "panel", "ui"];
  return suites.map((name) => ({
    ...host,
    minify: false,
    sourcemap: "linked",
    supported: {},
    entryPoints: [`test/${name}/suite.ts`],
    outdir: `dist/test/${name}`,
    // Those that no extension host loads: Node goes by the ending.
    outExtension: name === "host" ? {} : { ".js": ".cjs" },
    external: ["vscode", "mocha", "playwright-core", "axe-core"],
    plugins: [testFilesPlugin],
    logOverride: { "empty-import-meta": "silent" },
  }));
}

async function main() {
  process.chdir(__dirname);
  if (options.has("--watch")) {
    const { metafile } = await esbuild.build({ ...webview, write: false });
    await writeAssets(Object.keys(metafile.inputs));
    await writeSchema();
    for (const build of builds()) await (await esbuild.context(build)).watch();
    return;
  }
  if (options.has("--tests")) {
    await Promise.all((await testBuilds()).map((build) => esbuild.build(build)));
    return;
  }
  for (const name of ["extension", "local", "doctorWorker", "receiverMain", "proof/proof", ...Object.values(parts)])
    rmSync(`dist/${name}.js.map`, { force: true });
  const results = await Promise.all(builds().map((build) => esbuild.build(build)));
  // What went into each bundle: the notices and the package suite read it.
  const inputs = results.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  writeFileSync("dist/inputs.json", JSON.stringify([...new Set(inputs)].sort(), undefined, 1));
  await writeAssets(Object.keys(results.at(-1).metafile.inputs));
  await writeSchema();
  if (production) checkBudgets();
  console.log(`built ${version}${production ? " for production" : ""}`);
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
