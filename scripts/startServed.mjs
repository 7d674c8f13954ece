import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { installVsix, startCodeServer } from "./codeServer.mjs";
import { packageVsix } from "./package.mjs";
import { root } from "./root.mjs";
import { onPath, run, say } from "./run.mjs";
import { ensureChromium, ensureCodeServer } from "./setup.mjs";

/** @typedef {import("./start.mjs").Started} Started */

/**
 * @param {string} file
 * @param {() => string} make
 * @returns {string} what the file has, made at its first use; readable by its owner alone
 */
function kept(file, make) {
  if (!existsSync(file)) writeFileSync(file, make(), { mode: 0o600 });
  return readFileSync(file, "utf8");
}

/**
 * A development extension needs a flag in the page's address that a plain code-server ignores; an installed one needs
 * nothing, and works in any browser.
 * @param {import("./setup.mjs").CodeServer} codeServer
 * @param {string} stateDir
 * @param {string} helperDir
 * @returns {Promise<void>}
 */
async function installExtensions(codeServer, stateDir, helperDir) {
  const shipped = await packageVsix();
  const helper = join(stateDir, "helper.vsix");
  const vsce = join(root, "node_modules/@vscode/vsce/vsce");
  const options = ["--no-dependencies", "--allow-missing-repository", "--skip-license", "--out", helper];
  await run(process.execPath, [vsce, "package", ...options], { cwd: helperDir });
  for (const vsix of [shipped, helper]) await installVsix({ codeServer, stateDir, vsix });
}

/**
 * Where the browser keeps what the window stored depends on the port: the one of the last start is taken again.
 * @param {Omit<Parameters<typeof startCodeServer>[0], "port">} options
 * @param {string} portFile
 * @returns {ReturnType<typeof startCodeServer>}
 */
async function startOnTheSamePort(options, portFile) {
  const last = existsSync(portFile) ? Number(readFileSync(portFile, "utf8")) : 0;
  try {
    return await startCodeServer({ ...options, port: last });
  } catch (error) {
    if (last === 0 || !(error instanceof Error) || !error.message.includes("EADDRINUSE")) throw error;
    say(`Port ${last} of the last start is taken; another one is used, and this start begins with empty storage.`);
    return startCodeServer(options);
  }
}

/**
 * Opens VS Code as code-server serves it, with both extensions installed.
 * @param {{ stateDir: string, helperDir: string, workspace: string, environment: Record<string, string>,
 *   unattended: boolean }} options
 * @returns {Promise<Started>}
 */
export async function startServed({ stateDir, helperDir, workspace, environment, unattended }) {
  const codeServer = await ensureCodeServer();
  say("Packing and installing the extension …");
  await installExtensions(codeServer, stateDir, helperDir);
  // Whoever reaches this VS Code can run programs as its owner; other users of the machine reach the port as well.
  const password = kept(join(stateDir, "password"), () => randomBytes(12).toString("base64url"));
  const portFile = join(stateDir, "port");
  const server = await startOnTheSamePort({ codeServer, stateDir, password, environment }, portFile);
  writeFileSync(portFile, String(server.port));
  const url = server.url({ folder: workspace });
  const browser = unattended ? await openWithoutWindow(url, password, join(stateDir, "profile")) : undefined;
  if (!unattended) openInOwnBrowser(url);
  const stop = async () => {
    await browser?.close();
    await server.stop();
  };
  return {
    ended: server.ended,
    stop,
    where: `VS Code runs at  ${url}\nOpen it in a browser. Its password, asked once:  ${password}`,
  };
}

/**
 * Opens it as a person would, in a browser without a window.
 * @param {string} url
 * @param {string} password
 * @param {string} profileDir
 * @returns {Promise<import("playwright-core").BrowserContext>}
 */
async function openWithoutWindow(url, password, profileDir) {
  const executable = await ensureChromium();
  const { launchBrowser } = await import("./browser.mjs");
  const browser = await launchBrowser({ executable, profileDir });
  const page = browser.pages()[0] ?? (await browser.newPage());
  await page.goto(url);
  const field = page.locator("input[type=password]");
  if (await field.isVisible()) {
    await field.fill(password);
    await field.press("Enter");
  }
  return browser;
}

/**
 * Opens the person's own browser where there is a screen for it.
 * @param {string} url
 * @returns {void}
 */
function openInOwnBrowser(url) {
  const hasScreen = process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  const opener = hasScreen ? onPath("xdg-open") : undefined;
  if (opener) void run(opener, [url]).catch(() => say("The browser could not be opened by xdg-open."));
}
