// npm start: builds the extension and opens VS Code on it, signed in to Local PacSpace with the demo account.
//   npm start -- --unattended   opens it in a browser without a window, with all it stores removed at the end
//   npm start -- --check      does so, waits until it is ready, and looks that Ctrl-C ends all of it
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { withLock } from "./lock.mjs";
import { cacheDir, root } from "./root.mjs";
import { explain, say } from "./run.mjs";
import { ensureDependencies } from "./setup.mjs";
import { closeOnSignal } from "./shutdown.mjs";
import { makeTemporary } from "./temporary.mjs";

const LOOK_EVERY_MS = 200;

/** @typedef {{ ended: Promise<string>, stop: () => Promise<void>, where: string }} Started a VS Code that runs: how it
 * ended, what ends it, and what tells a person where it is */

/**
 * @param {string} reportFile
 * @returns {boolean} whether the helper extension has reported that all is ready
 * @throws {Error} with what it reported otherwise
 */
function isReady(reportFile) {
  if (!existsSync(reportFile)) return false;
  const { error } = JSON.parse(readFileSync(reportFile, "utf8"));
  if (error !== undefined) throw new Error(`Local PacSpace could not be started: ${error}`);
  return true;
}

/**
 * @param {string} reportFile
 * @param {Started} started
 * @returns {Promise<void>} whenever that is: who opens the window may take a while
 * @throws {Error} when VS Code ends before that
 */
async function untilReady(reportFile, started) {
  /** @type {string | undefined} */
  let end;
  void started.ended.then((how) => (end = how));
  while (!isReady(reportFile)) {
    if (end !== undefined) throw new Error(`VS Code ended with ${end} before it was ready.`);
    await sleep(LOOK_EVERY_MS);
  }
}

/**
 * @param {string} stateDir
 * @param {boolean} unattended
 * @returns {Promise<void>}
 */
async function openUntilStopped(stateDir, unattended) {
  const { findDesktopCommand, startDesktop } = await import("./startDesktop.mjs");
  const { startServed } = await import("./startServed.mjs");
  const workspace = join(stateDir, "workspace");
  const reportFile = join(stateDir, "report.json");
  mkdirSync(workspace, { recursive: true });
  rmSync(reportFile, { force: true });
  const options = {
    ...{ stateDir, workspace, unattended },
    helperDir: join(root, "scripts/start-helper"),
    environment: { PACSPACE_START_REPORT: reportFile },
  };
  const command = unattended ? undefined : findDesktopCommand();
  const started = command ? await startDesktop({ ...options, command }) : await startServed(options);
  try {
    say(`\n${started.where}\n`);
    say("Ctrl-C stops it.");
    process.exitCode = 0; // from here on, being told to stop is no failure
    closeOnSignal(async () => say("Stopping …"));
    void untilReady(reportFile, started).then(
      () => say("Ready: Local PacSpace runs, and the window is signed in to it."),
      (error) => say(explain(error)),
    );
    await started.ended;
  } finally {
    await started.stop();
  }
}

/**
 * @param {boolean} unattended
 * @returns {Promise<void>}
 */
async function start(unattended) {
  await ensureDependencies();
  const stateDir = unattended ? makeTemporary("start") : join(cacheDir, "start");
  await withLock(`${stateDir}.lock`, "npm start", () => openUntilStopped(stateDir, unattended));
}

try {
  if (process.argv.includes("--check")) await (await import("./checkStart.mjs")).checkStart();
  else await start(process.argv.includes("--unattended"));
  process.exit();
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
}
