import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startGroup } from "./processGroup.mjs";
import { run } from "./run.mjs";

const START_LIMIT_MS = 60_000;
const LOOK_EVERY_MS = 50;
const LISTENING = /HTTP server listening on http:\/\/127\.0\.0\.1:(\d+)/;

/** Keeps the workbench to itself: no welcome page, no accounts, no look-ups on the network. */
const QUIET_SETTINGS = {
  "workbench.startupEditor": "none",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.welcomePage.walkthroughs.openOnInstall": false,
  "workbench.enableExperiments": false,
  "chat.disableAIFeatures": true,
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "git.enabled": false,
};

/**
 * @typedef {import("./setup.mjs").CodeServer} CodeServer
 * @typedef {Record<string, unknown>} Settings
 * @typedef {{ folder?: string, developmentExtension?: string, tests?: string, environment?: Record<string, string> }}
 *   Window what a window opens: a folder; and, on a server with the test driver, an extension from its source folder, a
 *   script whose run() is called in the extension host, and environment variables for that host
 * @typedef {{ origin: string, port: number, logFile: string, ended: Promise<string>, stop: () => Promise<void>,
 *   url: (window?: Window) => string }} RunningCodeServer `ended` says how the server ended, by itself or by `stop`
 */

/**
 * @param {string} stateDir
 * @returns {{ user: string, extensions: string, home: string, config: string, settings: string }}
 */
function layout(stateDir) {
  const user = join(stateDir, "user");
  return {
    user,
    extensions: join(stateDir, "extensions"),
    home: join(stateDir, "home"),
    config: join(stateDir, "config.yaml"),
    settings: join(user, "User/settings.json"),
  };
}

/**
 * @param {string} stateDir
 * @returns {string[]}
 */
function directoryFlags(stateDir) {
  const { user, extensions, config } = layout(stateDir);
  return ["--user-data-dir", user, "--extensions-dir", extensions, "--config", config];
}

/**
 * @param {string} stateDir
 * @returns {NodeJS.ProcessEnv} without what makes code-server look for a person's own settings or another VS Code
 */
function environment(stateDir) {
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, HOME: layout(stateDir).home };
  for (const name of Object.keys(env)) {
    if (/^(VSCODE_|CODE_SERVER_|ELECTRON_|XDG_|PASSWORD$|HASHED_PASSWORD$|PORT$|NODE_OPTIONS$)/.test(name))
      delete env[name];
  }
  return env;
}

/**
 * Sets user settings beside those there are. A running window does not see it: code-server reports no changes of that
 * file to it, so it has to be reloaded.
 * @param {string} stateDir
 * @param {Settings} settings
 * @returns {void}
 */
export function updateSettings(stateDir, settings) {
  const file = layout(stateDir).settings;
  mkdirSync(dirname(file), { recursive: true });
  const present = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : QUIET_SETTINGS;
  const partial = `${file}.partial`;
  writeFileSync(partial, JSON.stringify({ ...present, ...settings }, null, 2));
  renameSync(partial, file);
}

/**
 * Sets a user's own keys, before a window is opened.
 * @param {string} stateDir
 * @param {readonly { key: string, command: string, args?: unknown }[]} keys
 * @returns {void}
 */
export function setKeys(stateDir, keys) {
  const { settings } = layout(stateDir);
  mkdirSync(dirname(settings), { recursive: true });
  writeFileSync(join(dirname(settings), "keybindings.json"), JSON.stringify(keys, null, 2));
}

/**
 * @param {string} stateDir
 * @returns {void}
 */
function prepare(stateDir) {
  const { home, extensions, config, settings } = layout(stateDir);
  mkdirSync(home, { recursive: true });
  mkdirSync(extensions, { recursive: true });
  if (!existsSync(config)) writeFileSync(config, "auth: none\n");
  if (!existsSync(settings)) updateSettings(stateDir, {});
}

/**
 * @param {string} logFile
 * @returns {string} its last 3,000 characters
 */
function tail(logFile) {
  return readFileSync(logFile, "utf8").slice(-3_000);
}

/**
 * @param {import("./processGroup.mjs").ProcessGroup} group
 * @param {string} logFile
 * @returns {Promise<number>} the port
 */
async function waitUntilItListens(group, logFile) {
  for (const deadline = Date.now() + START_LIMIT_MS; ; await sleep(LOOK_EVERY_MS)) {
    const listening = LISTENING.exec(readFileSync(logFile, "utf8"));
    if (listening) return Number(listening[1]);
    if (group.hasEnded()) throw new Error(`code-server ended with ${await group.ended}. It said:\n${tail(logFile)}`);
    if (Date.now() > deadline) {
      await group.stop();
      throw new Error(`code-server did not listen within a minute. It said:\n${tail(logFile)}`);
    }
  }
}

/**
 * Starts code-server on 127.0.0.1, and answers when it listens.
 * @param {object} options
 * @param {CodeServer} options.codeServer
 * @param {string} options.stateDir settings, extensions, logs and home lie in it; used again, they are found again
 * @param {number} [options.port] 0, a free one, when absent. SecretStorage lies in the browser under the server's
 *   origin: what must be found again needs the same port again
 * @param {string} [options.password] asked once of every browser; absent, nothing is asked
 * @param {Record<string, string>} [options.environment] variables for the extension host
 * @param {boolean} [options.workspaceTrust] lets a workspace be one that nobody vouches for; else all are trusted
 * @param {number} [options.graceSeconds] how long a window that is gone may come back before its extensions are ended:
 *   one that is closed says so, but Chromium may lose its last word; three hours when absent
 * @param {boolean} [options.testDriver] lets a window load a development extension and a test suite, and hides toasts
 * @returns {Promise<RunningCodeServer>}
 * @throws {Error} when it ends or says nothing for a minute; the message has the end of its log
 */
export async function startCodeServer(options) {
  const { codeServer, stateDir, port: wanted = 0, password, graceSeconds } = options;
  const { workspaceTrust = false, testDriver = false } = options;
  prepare(stateDir);
  const logFile = join(stateDir, "server.log");
  const group = startGroup(
    codeServer.node,
    [
      codeServer.entry,
      ...["--auth", password ? "password" : "none", "--bind-addr", `127.0.0.1:${wanted}`, ...directoryFlags(stateDir)],
      ...["--disable-telemetry", "--disable-update-check"],
      ...(graceSeconds === undefined ? [] : ["--reconnection-grace-time", String(graceSeconds)]),
      ...(workspaceTrust ? [] : ["--disable-workspace-trust"]),
      ...["--disable-getting-started-override", "--disable-proxy", "--ignore-last-opened"],
      ...["--app-name", "VS Code", "--welcome-text", "The password is in the terminal that started this VS Code."],
      ...(testDriver ? ["--vscode-option", "enable-smoke-test-driver"] : []),
    ],
    {
      logFile,
      env: { ...environment(stateDir), ...options.environment, ...(password ? { PASSWORD: password } : {}) },
    },
  );
  const port = await waitUntilItListens(group, logFile);
  const host = `127.0.0.1:${port}`;
  return {
    origin: `http://${host}`,
    port,
    logFile,
    ended: group.ended,
    stop: group.stop,
    url: (window = {}) => workbenchUrl(host, window),
  };
}

/**
 * @param {string} host
 * @param {Window} window
 * @returns {string}
 */
function workbenchUrl(host, { folder, developmentExtension, tests, environment: variables }) {
  const url = new URL(`http://${host}/`);
  if (folder) url.searchParams.set("folder", folder);
  const remote = (/** @type {string} */ path) => `vscode-remote://${host}${path}`;
  const payload = [];
  if (developmentExtension) payload.push(["extensionDevelopmentPath", remote(developmentExtension)]);
  if (tests) payload.push(["extensionTestsPath", remote(tests)]);
  if (variables) payload.push(["extensionEnvironment", JSON.stringify(variables)]);
  if (payload.length > 0) url.searchParams.set("payload", JSON.stringify(payload));
  return url.href;
}

/**
 * Installs a packed extension into a state directory, in place of any version of it there.
 * @param {{ codeServer: CodeServer, stateDir: string, vsix: string }} options
 * @returns {Promise<void>}
 * @throws {Error} with what code-server said, when it refuses the package
 */
export async function installVsix({ codeServer, stateDir, vsix }) {
  prepare(stateDir);
  await run(codeServer.node, [codeServer.entry, ...directoryFlags(stateDir), "--install-extension", vsix, "--force"], {
    env: environment(stateDir),
  });
}
