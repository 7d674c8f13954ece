import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { root } from "../../scripts/root.mjs";
import { answer, palette, quickInput } from "../ui/harness/quickInput";
import { Session } from "../ui/harness/session";
import { until } from "../ui/harness/until";
import { expandView, openContainer, rowAction, treeRow } from "../ui/harness/views";
import { webview } from "../ui/harness/webview";
import { screenshot } from "../ui/harness/pictures";
import { readClipboard } from "../ui/harness/workbench";
import { largePayload, timed } from "../panel/largeText";
import { PanelBrowser, PanelPage } from "../panel/panelPage";
import { showing, target, viewOf } from "../panel/samples";
import { median, report } from "./measure";

/**
 * A payload of ten megabytes in the inspector, beside VS Code's own editor with the same text in a file: the page by
 * itself, and in a real window from the click on a capture's row on.
 */

interface Figures {
  /** Until the first rows are drawn. */
  readonly opened: number;
  /** Between two frames while the wheel turns. */
  readonly frame: number;
  readonly slowFrame: number;
  /** JavaScript memory that it brought to the page. */
  readonly megabytes: number;
}

const text = largePayload();
const rounds = 3;
const goalMs = 1_000;
const captures = "Captures";

async function heap(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  return usedSize / 1e6;
}

/** Turns the wheel over the middle of a thing for three seconds. */
async function framesOf(page: Page, selector: string): Promise<readonly number[]> {
  await page.locator(selector).first().hover();
  const recording = page.evaluate<number[]>(`(async () => {
    const times = [];
    const end = performance.now() + 3_000;
    for (let last = await new Promise(requestAnimationFrame); last < end; ) {
      const now = await new Promise(requestAnimationFrame);
      times.push(now - last);
      last = now;
    }
    return times.sort((one, other) => one - other);
  })()`);
  let over = false;
  void recording.then(() => (over = true));
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- set by the recording's end
  while (!over) await page.mouse.wheel(0, 300);
  return recording;
}

function figures(opened: number, frames: readonly number[], megabytes: number): Figures {
  return { opened, frame: median(frames), slowFrame: frames[Math.floor(frames.length * 0.95)] ?? NaN, megabytes };
}

async function inspector(browser: PanelBrowser): Promise<Figures> {
  const delivery = viewOf(`{"id":"evt_large","event":"export.large","status":"pending","payload":${text}}`);
  const panel = await PanelPage.open(browser, "dark", 1280, [{ type: "subject", subject: showing(delivery), target }]);
  try {
    const before = await heap(panel.page);
    const whole = { type: "wholeText", of: "payload", text: { text, bytes: Buffer.byteLength(text), cut: false } };
    await panel.page.evaluate(`window.large = ${JSON.stringify(whole)}; 0`);
    const opened = await panel.page.evaluate<number>(
      timed(
        `window.postMessage(window.large, "*")`,
        `document.querySelector("[role=tree] [aria-level='2']") !== null && document.querySelector(".note") === null`,
      ),
    );
    await panel.page.evaluate(`delete window.large`);
    await panel.page.evaluate(`document.querySelector("[aria-label='Open all']").click()`);
    await panel.settled();
    const frames = await framesOf(panel.page, ".tree");
    return figures(opened, frames, (await heap(panel.page)) - before);
  } finally {
    await panel.close();
  }
}

/** From the click on a row of the view, in milliseconds. */
interface Opening {
  /** Until the first rows of the tree can be seen, read from the beginning of a long payload. */
  readonly firstRows: number;
  /** Until they are those of the whole payload. */
  readonly whole: number;
}

/** Notes when the rows of a tree can be seen; as late as it is asked, when they are there already. */
const watchForRows = `{
  const look = () => {
    const rows = document.querySelector("[role=tree] [aria-level='2']");
    const isWhole = rows !== null && document.querySelector(".note") === null;
    // The frame after is the first that can be seen.
    if (rows !== null && window.rowsSeen === undefined) requestAnimationFrame(() => (window.rowsSeen ??= Date.now()));
    requestAnimationFrame(isWhole ? () => (window.wholeSeen = Date.now()) : look);
  };
  look();
}`;

/** Has the window note when it is clicked. */
const watchForClick = `addEventListener("click", () => (window.clicked = Date.now()), { capture: true, once: true }); 0`;

/** Starts the receiver in a window, and sends it the payload and a small one. */
async function capture(page: Page): Promise<void> {
  await openContainer(page, "PacSpace");
  await expandView(page, captures);
  await palette(page, "PacSpace: Start the Receiver…");
  await answer(page, "Start the Receiver", "");
  await rowAction(treeRow(page, captures, "http://127.0.0.1:"), "Copy the Receiver's URL");
  await until("the URL is on the clipboard", async () => (await readClipboard(page)).startsWith("http://127"));
  for (const [event, body] of [
    ["export.large", text],
    ["export.small", '{"event":"export.small","rows":[]}'],
  ] as const) {
    const headers = { "X-Webhook-Event": event, "X-Event-ID": event };
    const taken = await fetch(await readClipboard(page), { method: "POST", headers, body });
    if (taken.status !== 200) throw new Error(`The receiver answered ${taken.status}: ${await taken.text()}`);
    await treeRow(page, captures, event).waitFor();
  }
}

/** Opens a capture by a click on its row. */
async function opening(page: Page, event: string): Promise<Opening> {
  await page.evaluate(watchForClick);
  await treeRow(page, captures, event).click();
  const tab = page.locator(".tabs-container .tab.active .label-name").filter({ hasText: event });
  const panel = await webview(page, await tab.innerText());
  await panel.evaluate(watchForRows);
  await until("all rows are there", () => panel.evaluate<boolean>("window.wholeSeen !== undefined"));
  const clicked = await page.evaluate<number>("clicked");
  const [firstRows, whole] = await panel.evaluate<[number, number]>("[rowsSeen, wholeSeen]");
  await screenshot(page, `bench-${event}`);
  await palette(page, "View: Close All Editors");
  return { firstRows: firstRows - clicked, whole: whole - clicked };
}

async function editor(page: Page): Promise<Figures> {
  const before = await heap(page);
  await page.keyboard.press("Control+P");
  await quickInput(page).locator("input.input").fill("payload.json");
  await quickInput(page).locator(".monaco-list-row").filter({ hasText: "payload.json" }).first().waitFor();
  // Where it was left is where it opens again: any row will do.
  const opening = page.evaluate<number>(
    timed("", `[...document.querySelectorAll(".view-line")].some((line) => line.textContent.includes("recordId"))`),
  );
  await page.keyboard.press("Enter");
  const opened = await opening;
  const frames = await framesOf(page, ".monaco-editor .lines-content");
  const megabytes = (await heap(page)) - before;
  await page.keyboard.press("Control+K");
  await page.keyboard.press("w");
  await page.locator(".view-line").first().waitFor({ state: "hidden" });
  return figures(opened, frames, megabytes);
}

function tellOpening(large: readonly Opening[], small: readonly Opening[], rivals: readonly Figures[]): void {
  const rival = median(rivals.map(({ opened }) => opened));
  const firstRows = median(large.map((one) => one.firstRows));
  report("in a window, from the click to the first rows", firstRows, "the goal", goalMs, 1);
  report("the same", firstRows, "VS Code's editor", rival, 1);
  report("the same, the first time", large[0]?.firstRows ?? NaN, "the goal", goalMs, 1);
  const whole = median(large.map((one) => one.whole));
  report("to the tree of all of it", whole, "VS Code's editor", rival, 1);
  const least = median(small.map((one) => one.whole));
  process.stdout.write(`  a payload of 30 bytes, from the click to its rows: ${least.toFixed(0)} ms\n`);
}

function tell(ours: readonly Figures[], rivals: readonly Figures[]): void {
  const middle = (of: readonly Figures[], name: keyof Figures): number => median(of.map((one) => one[name]));
  const words: readonly (readonly [keyof Figures, string, string])[] = [
    ["opened", "first rows", "ms"],
    ["frame", "a frame while scrolling, median", "ms"],
    ["slowFrame", "a frame while scrolling, 95 %", "ms"],
    ["megabytes", "JavaScript memory", "MB"],
  ];
  for (const [name, what, unit] of words) {
    report(what, middle(ours, name), "VS Code's editor", middle(rivals, name), 1, unit);
  }
}

async function main(): Promise<void> {
  const vsix = join(root, "dist/pacspace-webhooks.vsix");
  if (!existsSync(vsix)) throw new Error(`${vsix} is missing. Make it first: npm run package`);
  const ours: Figures[] = [];
  const rivals: Figures[] = [];
  const large: Opening[] = [];
  const small: Opening[] = [];
  const browser = await PanelBrowser.start();
  const session = await Session.start({ vsix: [vsix], viewport: { width: 1280, height: 800 } });
  try {
    writeFileSync(join(session.workspace, "payload.json"), text);
    const page = await session.openWindow();
    await capture(page);
    for (let round = 0; round < rounds; round++) {
      ours.push(await inspector(browser));
      large.push(await opening(page, "export.large"));
      small.push(await opening(page, "export.small"));
      rivals.push(await editor(page));
    }
  } catch (error) {
    for (const page of session.context.pages()) await screenshot(page, "bench-payload-failed");
    throw error;
  } finally {
    await session.stop();
    await browser.stop();
  }
  process.stdout.write(`  ${(text.length / 1e6).toFixed(1)} MB of JSON, ${rounds} times each, by turns\n`);
  tell(ours, rivals);
  tellOpening(large, small, rivals);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
