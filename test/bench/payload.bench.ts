import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { root } from "../../scripts/root.mjs";
import { quickInput } from "../ui/harness/quickInput";
import { Session } from "../ui/harness/session";
import { largePayload, timed } from "../panel/largeText";
import { PanelBrowser, PanelPage } from "../panel/panelPage";
import { showing, target, viewOf } from "../panel/samples";
import { median, report } from "./measure";

/** A payload of ten megabytes in the inspector, beside VS Code's own editor with the same text in a file. */

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
  const browser = await PanelBrowser.start();
  const session = await Session.start({ vsix: [vsix], viewport: { width: 1280, height: 800 } });
  try {
    writeFileSync(join(session.workspace, "payload.json"), text);
    const page = await session.openWindow();
    for (let round = 0; round < rounds; round++) {
      ours.push(await inspector(browser));
      rivals.push(await editor(page));
    }
  } finally {
    await session.stop();
    await browser.stop();
  }
  process.stdout.write(`  ${(text.length / 1e6).toFixed(1)} MB of JSON, ${rounds} times each, by turns\n`);
  tell(ours, rivals);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
