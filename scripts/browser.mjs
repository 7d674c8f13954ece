import { chromium } from "playwright-core";
import { closeOnSignal } from "./shutdown.mjs";

/**
 * Chromium asks its maker's servers for updates, variations and sync at every start; where they cannot be reached, each
 * question fails loudly in its log.
 */
const KEEP_TO_ITSELF = [
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
  "--disable-gpu",
];

/**
 * Starts Chromium without a window, on a profile directory: storage and cookies are found again with the same one.
 * @param {object} options
 * @param {string} options.executable the browser's path
 * @param {string} options.profileDir
 * @param {{ width: number, height: number }} [options.viewport] in CSS pixels; 1280 × 800 when absent
 * @param {number} [options.zoom] how many of the screen's pixels one in CSS takes; 1 when absent
 * @param {string[]} [options.permissions] what pages may do without asking, for example "clipboard-read"
 * @returns {Promise<import("playwright-core").BrowserContext>} to be closed by the caller; its first page is open
 */
export async function launchBrowser({
  executable,
  profileDir,
  viewport = { width: 1280, height: 800 },
  zoom = 1,
  permissions = [],
}) {
  const context = await chromium.launchPersistentContext(profileDir, {
    executablePath: executable,
    headless: true,
    viewport,
    deviceScaleFactor: zoom,
    permissions,
    // Chromium refuses to start as root with its sandbox on; everyone else keeps it.
    chromiumSandbox: process.getuid?.() !== 0,
    args: KEEP_TO_ITSELF,
    // Its crash handler writes under the home folder, whatever the profile.
    env: { ...process.env, HOME: profileDir, XDG_CONFIG_HOME: profileDir, XDG_CACHE_HOME: profileDir },
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  context.on(
    "close",
    closeOnSignal(() => context.close()),
  );
  return context;
}
