// Runs the host suite in a real VS Code: the desktop's when it can be had, else the one that code-server serves.
//   PACSPACE_HOST=desktop|code-server  takes that one, and fails where it cannot be had
//   HOST_GREP=text                     only tests whose title has the text
//   LONG_LIFE_ROUNDS=number            how many rounds the long life has
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { root } from "../../scripts/root.mjs";
import { explain, say } from "../../scripts/run.mjs";
import { ensureChromium, ensureCodeServer } from "../../scripts/setup.mjs";
import { makeTemporary } from "../../scripts/temporary.mjs";
import { runInCodeServer } from "./inCodeServer.mjs";
import { findDesktop, runInDesktop } from "./inDesktop.mjs";

const LONG_LIFE_ROUNDS = Number(process.env.LONG_LIFE_ROUNDS || 500);
/** The suite takes some minutes; a round of the long life, with a second for each, a tenth of it. */
const LIMIT_MS = 15 * 60_000 + LONG_LIFE_ROUNDS * 1_000;

/** @returns {Promise<(run: import("./inCodeServer.mjs").HostRun) => Promise<number>>} */
async function chooseHost() {
  const asked = process.env.PACSPACE_HOST || undefined;
  if (asked !== undefined && asked !== "desktop" && asked !== "code-server") {
    throw new Error(`PACSPACE_HOST is "${asked}". It takes "desktop" or "code-server".`);
  }
  const desktop = asked === "code-server" ? { missing: "PACSPACE_HOST asks for code-server" } : await findDesktop();
  if (!("missing" in desktop)) {
    say(`Host: desktop VS Code, ${desktop.executable}`);
    return (run) => runInDesktop({ ...run, desktop });
  }
  if (asked === "desktop") throw new Error(`PACSPACE_HOST asks for desktop VS Code, but ${desktop.missing}.`);
  const codeServer = await ensureCodeServer();
  const chromium = await ensureChromium();
  say(`Host: VS Code served by code-server, since ${desktop.missing}.`);
  return (run) => runInCodeServer({ ...run, codeServer, chromium });
}

/**
 * @param {string} resultFile
 * @returns {import("../mocha/runFiles").Outcome | undefined} undefined when the suite did not come to its end
 */
function readOutcome(resultFile) {
  return existsSync(resultFile) ? JSON.parse(readFileSync(resultFile, "utf8")) : undefined;
}

/**
 * Makes two authorities of an organisation's own: Node reads such files when it starts, before any test could write them.
 * @param {string} folder gets their certificates, and a file for the tests with their keys
 * @returns {Promise<Record<string, string>>} the variables by which Node knows one as the system's, the other as extra
 */
async function makeAuthorities(folder) {
  const source = join(root, "test/contract/api/certificate.ts");
  const { outputFiles } = await build({ entryPoints: [source], platform: "node", format: "esm", write: false });
  const code = Buffer.from(outputFiles[0]?.contents ?? []).toString("base64");
  /** @type {typeof import("../contract/api/certificate")} */
  const { authority } = await import(`data:text/javascript;base64,${code}`);
  const authorities = { system: authority("Authority of the system"), extra: authority("Extra authority") };
  for (const [name, { cert }] of Object.entries(authorities)) writeFileSync(join(folder, `${name}.pem`), cert);
  writeFileSync(join(folder, "authorities.json"), JSON.stringify(authorities));
  return {
    PACSPACE_AUTHORITIES: join(folder, "authorities.json"),
    SSL_CERT_FILE: join(folder, "system.pem"),
    NODE_EXTRA_CA_CERTS: join(folder, "extra.pem"),
  };
}

/** @returns {Promise<number>} the exit status */
async function main() {
  const extension = resolve(process.env.PACSPACE_TEST_EXTENSION ?? root);
  const suite = resolve(process.env.PACSPACE_TEST_SUITE ?? join(root, "dist/test/host/suite.js"));
  if (!existsSync(suite))
    throw new Error(`${suite} is missing. Build it first: node esbuild.js --production && node esbuild.js --tests`);
  const runInHost = await chooseHost();
  const stateDir = makeTemporary("host");
  const keepDir = join(root, "test-results/host");
  rmSync(keepDir, { recursive: true, force: true });
  const resultFile = join(stateDir, "result.json");
  try {
    const environment = {
      PACSPACE_RESULT_FILE: resultFile,
      PACSPACE_STATE_DIR: stateDir,
      HOST_GREP: process.env.HOST_GREP ?? "",
      LONG_LIFE_ROUNDS: String(LONG_LIFE_ROUNDS),
      ...(await makeAuthorities(stateDir)),
    };
    const status = await runInHost({
      ...{ extension, suite, environment, stateDir, keepDir },
      limitMs: LIMIT_MS,
      print: say,
    });
    const outcome = readOutcome(resultFile);
    if (outcome) return status === 0 && outcome.failed === 0 && outcome.passed > 0 ? 0 : 1;
    throw new Error(`VS Code ended with status ${status} before the suite did. See ${keepDir}.`);
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    // The closing line belongs to every run; the suite that should have printed it did not get there.
    if (!existsSync(resultFile)) say("host: 0 passed, 1 failed");
    return 1;
  }
}

process.exitCode = await main().catch((error) => {
  process.stderr.write(`${explain(error)}\n`);
  return 1;
});
