import type { Locator, Page } from "playwright-core";
import { palette } from "./quickInput";

const START_LIMIT_MS = 60_000;

/** Returns when a window's workbench is drawn and has its extension host. */
export async function waitForWorkbench(page: Page): Promise<void> {
  await page.locator(".monaco-workbench .part.statusbar").waitFor({ timeout: START_LIMIT_MS });
  // Until then the workbench knows no extension's views and commands.
  await page.locator(".activitybar .action-item").first().waitFor({ timeout: START_LIMIT_MS });
}

/** Reloads a window by VS Code's own command: the browser's reload gives it no time to keep which editors are open. */
export async function reloadWindow(page: Page): Promise<void> {
  const gone = page.waitForEvent("framenavigated", (frame) => frame === page.mainFrame());
  await palette(page, "Developer: Reload Window");
  await gone;
  await waitForWorkbench(page);
}

/** Resizes a window; in CSS pixels. */
export async function setViewport(page: Page, width: number, height: number): Promise<void> {
  await page.setViewportSize({ width, height });
}

/** @returns the text on the clipboard of the session's browser */
export async function readClipboard(page: Page): Promise<string> {
  return page.evaluate<string>("navigator.clipboard.readText()");
}

/** Puts a text on the clipboard of the session's browser. */
export async function writeClipboard(page: Page, text: string): Promise<void> {
  await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
}

/** @returns the status bar's item whose text has the given one */
export function statusBarItem(page: Page, text: string): Locator {
  return page.locator(".part.statusbar .statusbar-item").filter({ hasText: text });
}
