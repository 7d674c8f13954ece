import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { closeOnSignal } from "./shutdown.mjs";

const STILL_RUNNING_EVERY_MS = 15_000;
const SHOWN_LINES = 30;

/**
 * Prints one progress line.
 * @param {string} text
 * @returns {void}
 */
export function say(text) {
  process.stdout.write(`${text}\n`);
}

/**
 * @param {unknown} error
 * @returns {string} its sentence, and those of its causes
 */
export function explain(error) {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}\n${explain(error.cause)}`;
}

/**
 * @param {string} name a program's name without its ending
 * @returns {string | undefined} the absolute path of the first such program on PATH
 */
export function onPath(name) {
  const endings = process.platform === "win32" ? [".exe", ".cmd", ".bat"] : [""];
  for (const directory of (process.env.PATH ?? "").split(delimiter)) {
    for (const ending of endings) {
      const file = join(directory, name + ending);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // Not in this folder.
      }
    }
  }
  return undefined;
}

/**
 * @param {string} output
 * @returns {string} its first and last lines: some programs tell the cause first, some last
 */
function abridge(output) {
  const lines = output.trim().split("\n");
  if (lines.length <= 2 * SHOWN_LINES) return lines.join("\n");
  return [...lines.slice(0, SHOWN_LINES), "…", ...lines.slice(-SHOWN_LINES)].join("\n");
}

/**
 * Runs a program to its end. Its output is kept back and shown only when it fails, unless `show` is set.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean, doing?: string }} [options] `doing` is what the
 *   "still …" lines say every 15 s while it lasts
 * @returns {Promise<string>} what it printed; nothing with `show`
 * @throws {Error} when it cannot be started or does not end with status 0; the message ends with what it printed
 */
export async function run(command, args, options = {}) {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: options.show ? ["ignore", "inherit", "inherit"] : ["ignore", "pipe", "pipe"],
    // Node starts .cmd files through a shell only.
    shell: process.platform === "win32" && !command.endsWith(".exe"),
  });
  let output = "";
  const keep = (/** @type {Buffer} */ chunk) => {
    output += chunk.toString();
  };
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  const stayOpen = closeOnSignal(async () => void child.kill());
  const began = Date.now();
  const ticking = options.doing
    ? setInterval(
        () => say(`  … still ${options.doing} (${Math.round((Date.now() - began) / 1000)} s)`),
        STILL_RUNNING_EVERY_MS,
      )
    : undefined;
  try {
    const status = await new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code, signal) => resolve(code ?? signal));
    });
    if (status !== 0) {
      throw new Error(`${[command, ...args].join(" ")} ended with ${status}.\n${abridge(output)}`);
    }
    return output;
  } finally {
    clearInterval(ticking);
    stayOpen();
  }
}

/**
 * Runs npm: the one that started this process, else the one on PATH.
 * @param {readonly string[]} args
 * @param {Parameters<typeof run>[2] & { nodeDir?: string }} [options] `nodeDir` holds the bin/node that npm is to run
 *   in and to build native modules for, when that is not this process's own
 * @returns {Promise<string>} as {@link run}
 * @throws {Error} as {@link run}, and when there is no npm
 */
export async function runNpm(args, { nodeDir, ...options } = {}) {
  const node = nodeDir ? join(nodeDir, "bin", "node") : process.execPath;
  const env = { ...(options.env ?? process.env) };
  if (nodeDir) {
    env.PATH = join(nodeDir, "bin") + delimiter + (env.PATH ?? "");
    env.npm_config_nodedir = nodeDir;
  }
  const running = process.env.npm_execpath;
  if (running?.endsWith("npm-cli.js")) return run(node, [running, ...args], { ...options, env });
  const npm = onPath("npm");
  if (!npm) throw new Error("npm is not on PATH. Install Node.js 20 or newer together with npm, then run this again.");
  return run(npm, args, { ...options, env });
}
