import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { downloadAndUnzipVSCode, SilentReporter } from "@vscode/test-electron";
import { cacheDir } from "../../scripts/root.mjs";
import { onPath } from "../../scripts/run.mjs";
import { closeOnSignal } from "../../scripts/shutdown.mjs";
import { suiteLines } from "./inCodeServer.mjs";

/** How long the download server may be silent: reached at all, it answers in well under a second. */
const SILENCE_LIMIT_MS = 5_000;

/** @typedef {{ executable: string, wrapper: string[] }} Desktop VS Code's program, and the words that give it a display */

/** @returns {string[] | undefined} the words before a program that needs a display; undefined when there is no display */
function displayWrapper() {
  if (process.platform !== "linux" || process.env.DISPLAY || process.env.WAYLAND_DISPLAY) return [];
  const xvfb = onPath("xvfb-run");
  return xvfb ? [xvfb, "-a"] : undefined;
}

/**
 * Looks for a desktop VS Code to test in: downloaded before, or to be had now. Where its server cannot be reached, that
 * is found out within seconds.
 * @returns {Promise<Desktop | { missing: string }>} `missing` says why there is none
 */
export async function findDesktop() {
  const wrapper = displayWrapper();
  if (!wrapper) return { missing: "there is no display, and no xvfb-run to make one" };
  try {
    const executable = await downloadAndUnzipVSCode({
      version: process.env.PACSPACE_VSCODE_VERSION ?? "stable",
      cachePath: cacheDir,
      timeout: SILENCE_LIMIT_MS,
      reporter: new SilentReporter(),
    });
    return { executable, wrapper };
  } catch (error) {
    return { missing: `VS Code could not be downloaded (${error instanceof Error ? error.message : String(error)})` };
  }
}

/**
 * Runs a suite in the extension host of desktop VS Code.
 * @param {import("./inCodeServer.mjs").HostRun & { desktop: Desktop }} options
 * @returns {Promise<number>} VS Code's status
 * @throws {Error} when it cannot be started or did not come to its end
 */
export async function runInDesktop({ desktop, extension, suite, environment, stateDir, limitMs, print }) {
  const workspace = join(stateDir, "workspace");
  mkdirSync(workspace, { recursive: true });
  const [command = desktop.executable, ...args] = [
    ...desktop.wrapper,
    desktop.executable,
    workspace,
    ...["--no-sandbox", "--disable-gpu-sandbox", "--disable-updates", "--disable-workspace-trust"],
    ...["--skip-welcome", "--skip-release-notes", "--disable-telemetry"],
    `--user-data-dir=${join(stateDir, "user")}`,
    `--extensions-dir=${join(stateDir, "extensions")}`,
    `--extensionDevelopmentPath=${extension}`,
    `--extensionTestsPath=${suite}`,
  ];
  const code = spawn(command, args, { env: { ...process.env, ...environment }, stdio: ["ignore", "pipe", "pipe"] });
  const lines = suiteLines(print);
  /** @type {string[]} */
  const others = [];
  for (const stream of [code.stdout, code.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      if (!lines.take(line)) others.push(line);
    });
  }
  const stayOpen = closeOnSignal(async () => void code.kill());
  const overdue = setTimeout(() => code.kill("SIGKILL"), limitMs);
  /** @type {number | NodeJS.Signals | null} */
  const status = await new Promise((resolve, reject) => {
    code.on("error", reject);
    code.on("close", (number, signal) => resolve(number ?? signal));
  }).finally(() => clearTimeout(overdue));
  stayOpen();
  if (!lines.seen()) print(`The suite printed nothing. VS Code said:\n${others.slice(-20).join("\n")}`);
  if (typeof status !== "number") throw new Error(`VS Code was ended by ${status}.`);
  return status;
}
