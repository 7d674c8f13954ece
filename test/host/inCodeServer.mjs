import { cpSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { launchBrowser } from "../../scripts/browser.mjs";
import { startCodeServer } from "../../scripts/codeServer.mjs";

/**
 * @typedef {import("../../scripts/setup.mjs").CodeServer} CodeServer
 * @typedef {{ extension: string, suite: string, environment: Record<string, string>, stateDir: string,
 *   keepDir: string, limitMs: number, print: (line: string) => void }} HostRun the extension's source folder; the
 *   script whose run() is called; variables for the extension host; a folder for all that is written; where to leave what
 *   explains a failure; the limit; and what gets the suite's lines
 */

const MARK = "[T] ";
const WORTH_A_LOOK = 5;

/**
 * @param {readonly string[]} complaints
 * @returns {string} the first lines of the first ones that are about more than a closed network or the window's end
 */
function digest(complaints) {
  const telling = complaints.filter((text) => !/ENOTFOUND|^Canceled/.test(text)).slice(0, WORTH_A_LOOK);
  return telling.map((text) => text.split("\n").slice(0, WORTH_A_LOOK).join("\n")).join("\n");
}

/**
 * Splits what the suite printed from what the host printed.
 * @param {HostRun["print"]} print
 * @returns {{ take: (line: string) => boolean, seen: () => boolean }} `take` tells whether the line was the suite's
 */
export function suiteLines(print) {
  let any = false;
  return {
    take: (line) => {
      const at = line.indexOf(MARK);
      if (at < 0) return false;
      any = true;
      print(line.slice(at + MARK.length));
      return true;
    },
    seen: () => any,
  };
}

/**
 * @param {import("playwright-core").Page} page
 * @param {{ ended: Promise<string> }} server
 * @param {number} limitMs
 * @returns {Promise<{ status: Promise<number> }>} with the status that the extension host ends with
 */
async function watchForEnd(page, server, limitMs) {
  /** @type {(status: number) => void} */
  let done = () => undefined;
  /** @type {(reason: Error) => void} */
  let fail = () => undefined;
  /** @type {Promise<number>} */
  const status = new Promise((resolve, reject) => {
    done = resolve;
    fail = reject;
  });
  status.catch(() => undefined); // it may fail before anyone waits for it
  await page.exposeFunction("codeAutomationExit", (/** @type {number} */ code) => done(code));
  page.on("crash", () => fail(new Error("The workbench's page crashed.")));
  void server.ended.then((how) => fail(new Error(`code-server ended with ${how} while the tests ran.`)));
  setTimeout(() => fail(new Error(`The tests were not done within ${limitMs / 60_000} minutes.`)), limitMs).unref();
  return { status };
}

/**
 * Runs a suite in the extension host of VS Code as code-server serves it.
 * @param {HostRun & { codeServer: CodeServer, chromium: string }} options
 * @returns {Promise<number>} the extension host's status
 * @throws {Error} when the suite did not come to its end
 */
export async function runInCodeServer(options) {
  const { codeServer, chromium, stateDir, keepDir, limitMs, print } = options;
  const serverDir = join(stateDir, "code-server");
  const workspace = join(stateDir, "workspace");
  mkdirSync(workspace, { recursive: true });
  const server = await startCodeServer({ codeServer, stateDir: serverDir, testDriver: true });
  const lines = suiteLines(print);
  /** @type {string[]} */
  const complaints = [];
  /** @type {import("playwright-core").BrowserContext | undefined} */
  let browser;
  let status = 1;
  try {
    browser = await launchBrowser({ executable: chromium, profileDir: join(stateDir, "profile") });
    const page = browser.pages()[0] ?? (await browser.newPage());
    await page.exposeFunction("codeAutomationLog", (/** @type {string} */ level, /** @type {unknown[]} */ words) => {
      const text = words.map((word) => (typeof word === "string" ? word : JSON.stringify(word))).join(" ");
      if (!lines.take(text) && (level === "error" || level === "warn")) complaints.push(text);
    });
    const end = await watchForEnd(page, server, limitMs);
    await page.goto(
      server.url({
        folder: workspace,
        developmentExtension: options.extension,
        tests: options.suite,
        environment: options.environment,
      }),
    );
    status = await end.status;
    return status;
  } finally {
    if (status !== 0) {
      mkdirSync(keepDir, { recursive: true });
      await browser
        ?.pages()[0]
        ?.screenshot({ path: join(keepDir, "window.png") })
        .catch(() => undefined);
      if (!lines.seen()) print(`The suite printed nothing. The workbench said:\n${digest(complaints)}`);
    }
    await browser?.close();
    await server.stop();
    if (status !== 0) keepLogs(serverDir, keepDir);
  }
}

/**
 * @param {string} serverDir
 * @param {string} keepDir
 * @returns {void}
 */
function keepLogs(serverDir, keepDir) {
  for (const name of ["server.log", "user/logs"]) {
    const from = join(serverDir, name);
    if (existsSync(from)) cpSync(from, join(keepDir, name), { recursive: true });
  }
}
