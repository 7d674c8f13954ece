import { existsSync, writeFileSync } from "node:fs";
import * as http from "node:http";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { root } from "../../scripts/root.mjs";
import { answer, palette } from "../ui/harness/quickInput";
import { Session } from "../ui/harness/session";
import { expandView, openContainer, treeRow, view } from "../ui/harness/views";
import { median, report } from "./measure";

/** From the last byte of a delivery to its row in the Captures view, beside a new file's row in VS Code's own explorer. */

const rounds = 9;
const patienceMs = 20_000;

/** Waits in the page for a row with a text, and gives the time of day at which it stood there. */
function rowTime(page: Page, pane: string, text: string): Promise<number> {
  return page.evaluate<number>(`new Promise((resolve, reject) => {
    const isThere = () => [...document.querySelectorAll(${JSON.stringify(`.pane ${pane}`)})]
      .some((row) => row.textContent.includes(${JSON.stringify(text)}));
    const observer = new MutationObserver(() => { if (isThere()) done(); });
    const done = () => { observer.disconnect(); resolve(performance.timeOrigin + performance.now()); };
    observer.observe(document.body, { subtree: true, childList: true, characterData: true });
    setTimeout(() => reject(new Error("no row came")), ${patienceMs});
  })`);
}

/** @returns the time of day at which the request's last byte had been written */
function post(url: string, event: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { "X-Webhook-Event": event, "Content-Type": "application/json" };
    const request = http.request(url, { method: "POST", headers, agent: false }, (response) => response.resume());
    request.on("error", reject);
    request.end('{"event":"bench"}', () => resolve(performance.timeOrigin + performance.now()));
  });
}

async function capture(page: Page, url: string, round: number): Promise<number> {
  const event = `bench.row_${round}`;
  const shown = rowTime(page, ".monaco-list-row", event);
  const sent = await post(url, event);
  return (await shown) - sent;
}

async function file(page: Page, folder: string, round: number): Promise<number> {
  const name = `row-${round}.txt`;
  const shown = rowTime(page, ".monaco-list-row", name);
  const begun = performance.timeOrigin + performance.now();
  writeFileSync(join(folder, name), "bench");
  return (await shown) - begun;
}

async function main(): Promise<void> {
  const vsix = join(root, "dist/pacspace-webhooks.vsix");
  if (!existsSync(vsix)) throw new Error(`${vsix} is missing. Make it first: npm run package`);
  const session = await Session.start({ vsix: [vsix], viewport: { width: 1280, height: 800 } });
  const ours: number[] = [];
  const rivals: number[] = [];
  try {
    const page = await session.openWindow();
    await openContainer(page, "PacSpace");
    await expandView(page, "Captures");
    for (const other of ["Webhooks", "Deliveries"]) await view(page, other).locator(".pane-header").click();
    await palette(page, "PacSpace: Start the Receiver…");
    await answer(page, "Start the Receiver", "");
    const row = treeRow(page, "Captures", "http://127.0.0.1:");
    await row.waitFor();
    const [url = ""] = /http:\/\/127\.0\.0\.1:\d+/.exec(await row.innerText()) ?? [];
    for (let round = 0; round < rounds; round++) ours.push(await capture(page, url, round));
    await openContainer(page, "Explorer");
    await page.locator(".explorer-folders-view").waitFor();
    for (let round = 0; round < rounds; round++) rivals.push(await file(page, session.workspace, round));
  } finally {
    await session.stop();
  }
  report("row after the last byte", median(ours), "a new file's row in the explorer", median(rivals), 1);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
