import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { demoAccount } from "../../src/local/demoAccount";
import { startLocalPacSpace } from "../../src/local/server";
import { MisbehavingProxy, to } from "../misbehave/proxy";
import { axe } from "./harness/axe";
import { consoleErrors } from "./harness/consoleErrors";
import { answerDialog, clearNotifications, clickNotification, dialog, notification } from "./harness/messages";
import {
  answer,
  answerFileDialog,
  dismiss,
  palette,
  pick,
  quickInput,
  quickInputMessage,
  typeAnswer,
} from "./harness/quickInput";
import { setTheme, themes } from "./harness/theme";
import { until } from "./harness/until";
import {
  badge,
  revealRow,
  rowAction,
  rowNames,
  treeRow,
  treeRows,
  view,
  viewAction,
  viewDescription,
} from "./harness/views";
import { screenshot } from "./harness/pictures";
import { readClipboard, reloadWindow, setViewport, statusBarItem, writeClipboard } from "./harness/workbench";
import { deliveries, inspect, inspector, openSidebar, signedIn, theSession, webhooks } from "./stage";

async function applyStatus(page: Page, status: string): Promise<void> {
  await viewAction(page, deliveries, "Filter Deliveries");
  await pick(page, "Status");
  await pick(page, status);
  await pick(page, "Apply");
  await until("the filter is described", async () => (await viewDescription(page, deliveries)).includes(status));
}

/** Compares the number on PacSpace's icon with the rows that say they have failed. */
async function badgeCountsTheFailed(page: Page): Promise<readonly string[]> {
  const rows = (await rowNames(page, deliveries)).filter((name) => /, (pending|delivered|failed), /.test(name));
  const failed = rows.filter((name) => name.includes(", failed, ")).length;
  await until(`the badge counts ${failed}`, async () => (await badge(page, "PacSpace")) === String(failed));
  return rows;
}

describe("deliveries, by hand", () => {
  let page: Page;

  before(async () => {
    page = await signedIn();
  });

  after(() => page.close());

  it("counts on its icon how many of those loaded have failed", async () => {
    const rows = await badgeCountsTheFailed(page);
    assert.equal(rows.length, 50);
    assert.ok(rows.some((name) => !name.includes(", failed, ")));
  });

  it("filters, says by what, and loads more", async () => {
    await applyStatus(page, "failed");
    await treeRow(page, deliveries, "Today")
      .or(treeRow(page, deliveries, "Yesterday"))
      .first()
      .waitFor();
    await screenshot(page, "filtered");
    const filtered = await badgeCountsTheFailed(page);
    assert.ok(filtered.length === 50 && filtered.every((name) => name.includes(", failed, ")));
    const rows = view(page, deliveries).locator(".pane-body .monaco-list").first();
    await rows.hover();
    const more = treeRow(page, deliveries, "Load more");
    await until("the end of the list", async () => {
      await page.mouse.wheel(0, 100_000);
      return more.isVisible();
    });
    const before = await more.innerText();
    for (let looks = 0; (await more.isVisible()) && (await more.innerText()) === before; looks++) {
      assert.ok(looks < 300, "more rows came");
      // VS Code drops a click on a row that it draws anew just then: a person clicks again after a while.
      if (looks % 50 === 0) {
        // What the mouse rests on has a hover that may lie over it.
        await page.mouse.move(0, 0);
        await more.click();
      }
      await rows.hover();
      await page.mouse.wheel(0, 100_000);
      await sleep(100);
    }
  });

  it("keeps the filter over a reload, and clears it", async () => {
    await reloadWindow(page);
    await openSidebar(page);
    await treeRows(page, deliveries).first().waitFor();
    assert.match(await viewDescription(page, deliveries), /failed/);
    await viewAction(page, deliveries, "Clear Delivery Filter");
    await until(
      "no filter",
      async () => !(await view(page, deliveries).locator(".description").innerText()).includes("failed"),
    );
  });

  it("builds a filter step by step, and says what is wrong with a day as it is typed", async () => {
    // Without a filter there is none.
    const description = async (): Promise<string> =>
      (await view(page, deliveries).locator(".pane-header .description").allInnerTexts()).join("");
    const day = new Date(Date.now() - 20 * 86_400_000).toISOString().slice(0, 10);
    // In the view's order, and without how long ago, which may change meanwhile.
    const inView = async (): Promise<readonly string[]> =>
      (await rowNames(page, deliveries)).map((name) => name.replace(/, (?:now|\d+ \w+ ago)$/, ""));
    const rows = await inView();
    await viewAction(page, deliveries, "Filter Deliveries");
    await pick(page, "From");
    await typeAnswer(page, "A UTC day", "2026-02-30");
    await quickInputMessage(page, "From must be a day that exists, written YYYY-MM-DD");
    await page.keyboard.press("Enter");
    await screenshot(page, "filter-wrong-day");
    await quickInputMessage(page, "From must be a day that exists");
    await typeAnswer(page, "Filter Deliveries", day);
    await answer(page, "A UTC day", day);
    await pick(page, "Event");
    await pick(page, "delta.failed");
    await quickInput(page).getByRole("option", { name: "Event, delta.failed" }).waitFor();
    await screenshot(page, "filter-steps");
    await dismiss(page);
    await quickInput(page).waitFor({ state: "hidden" });
    assert.equal(await description(), "");
    assert.deepEqual(await inView(), rows, "left half-way, it changes nothing");

    await viewAction(page, deliveries, "Filter Deliveries");
    for (const [step, choice] of [
      ["Event", "delta.verified"],
      ["Webhook", "Legacy importer"],
      ["Sort by", "attempts ↓"],
    ] as const) {
      await pick(page, step);
      await pick(page, choice);
    }
    await pick(page, "From");
    await answer(page, "A UTC day", day);
    await pick(page, "Apply");
    await until(
      "the filter is described",
      async () => (await description()) === `from ${day} · delta.verified · Legacy importer · by attempts ↓`,
    );
    // Those that were tried most often come first: without that order most of the rows loaded have one attempt.
    const matching = /^delta\.verified, failed, Legacy importer, 3 attempts, (\d+ (min|h) ago|1?\d d ago|20 d ago)$/;
    await until("only rows that match are left", async () => {
      const shown = (await rowNames(page, deliveries)).filter((name) => !name.startsWith("Load more"));
      return shown.length > 1 && shown.every((name) => matching.test(name));
    });
    await screenshot(page, "filter-whole");

    await viewAction(page, deliveries, "Filter Deliveries");
    await pick(page, "Clear all");
    await until("nothing is filtered", async () => (await description()) === "");
    await until("the rows are back", async () => (await inView()).join() === rows.join());
  });

  it("retries a failed one", async () => {
    await applyStatus(page, "failed");
    const failed = treeRows(page, deliveries).filter({ hasText: "." }).nth(1);
    await rowAction(failed, "Retry Delivery");
    await notification(page, "queued again");
    await clearNotifications(page);
  });

  it("asks before it retries all, with the count and the environment", async () => {
    await palette(page, "PacSpace: Retry Failed Deliveries…");
    assert.match(await (await dialog(page)).innerText(), /Retry \d+ failed deliveries in Local PacSpace\?/);
    await screenshot(page, "retry-question");
    await answerDialog(page, "Cancel");
    await palette(page, "PacSpace: Retry Failed Deliveries…");
    const retry = (await dialog(page)).getByRole("button", { name: /^Retry \d+$/ });
    await retry.click();
    await notification(page, "deliveries are queued again");
    await viewAction(page, deliveries, "Clear Delivery Filter");
    await clearNotifications(page);
  });

  it("exports to a file", async () => {
    const file = join((await theSession()).workspace, "deliveries.csv");
    await palette(page, "PacSpace: Export Deliveries as CSV…");
    await answerFileDialog(page, "Export Deliveries of Local PacSpace", file);
    await clickNotification(page, "Exported", "Open");
    await page.locator(".tabs-container .tab.active").filter({ hasText: "deliveries.csv" }).waitFor();
    await page
      .locator(".monaco-editor .view-line")
      .getByText(/^id,event,/)
      .waitFor();
    await screenshot(page, "exported");
    const [head = "", ...lines] = readFileSync(file, "utf8").trimEnd().split("\r\n");
    assert.match(head, /^id,event,/);
    assert.ok(lines.length >= 500);
    await palette(page, "View: Close All Editors");
    await clearNotifications(page);
  });

  it("says how far an export from a slow server is, and leaves nothing behind when it is cancelled", async () => {
    const { workspace } = await theSession();
    const local = await startLocalPacSpace({ seed: "demo" });
    const slow = await MisbehavingProxy.start(local.baseUrl);
    slow.always(to("GET", "/export"), { kind: "trickle", bytes: 1_500, everyMs: 250 });
    await palette(page, "PacSpace: Switch Environment…");
    await pick(page, "Another address…");
    await answer(page, "Another PacSpace", slow.baseUrl);
    await statusBarItem(page, new URL(slow.baseUrl).host).waitFor();
    await palette(page, "PacSpace: Sign In…");
    await pick(page, "Email and password");
    await answer(page, "Email", demoAccount.email);
    await answer(page, "Password", demoAccount.password);
    await notification(page, "Signed in to");
    await clearNotifications(page);
    const kept = join(workspace, "kept.csv");
    writeFileSync(kept, "what was there\r\n");
    const before = readdirSync(workspace);
    for (const file of [kept, join(workspace, "new.csv")]) {
      await palette(page, "PacSpace: Export Deliveries as CSV…");
      await answerFileDialog(page, "Export Deliveries of", file);
      const progress = await notification(page, /Exporting deliveries: \d+ KB/);
      const kilobytes = async (): Promise<number> => Number(/(\d+) KB/.exec(await progress.innerText())?.[1]);
      const first = await kilobytes();
      await until("the bytes so far rise", async () => (await kilobytes()) > first);
      assert.ok(readdirSync(workspace).some((name) => name.endsWith(".part")));
      await screenshot(page, "export-slow");
      await clickNotification(page, "Exporting deliveries", "Cancel");
      await progress.waitFor({ state: "hidden" });
      await until("the server is no longer asked", () => Promise.resolve(slow.running === 0));
      await until("nothing is left behind", () => Promise.resolve(readdirSync(workspace).join() === before.join()));
    }
    assert.equal(readFileSync(kept, "utf8"), "what was there\r\n");
    await palette(page, "PacSpace: Switch Environment…");
    await pick(page, "Local PacSpace");
    await treeRow(page, webhooks, "Billing").waitFor();
    await slow.close();
    await local.close();
  });

  it("opens one in the inspector, and verifies its signature and a wrong one", async () => {
    const panel = await inspect(page, () => revealRow(page, deliveries, "Billing"));
    for (const tab of ["Headers", "Answer", "Attempts", "Raw", "Payload"]) {
      await panel.getByRole("tab", { name: tab }).click();
      await panel.getByRole("tabpanel").first().waitFor();
    }
    await panel.getByRole("tab", { name: "Verify" }).click();
    await panel.getByRole("button", { name: "Check Signature" }).click();
    // It is one of the past: genuine, and too old to be accepted now.
    await panel.getByRole("heading", { name: /^Authentic; / }).waitFor();
    await screenshot(page, "verify-good");
    await panel.getByRole("textbox", { name: "X-PacSpace-Signature" }).fill(`v1=${"0".repeat(64)}`);
    await panel.getByRole("button", { name: "Check Signature" }).click();
    await panel.getByRole("heading", { name: "Invalid", exact: true }).waitFor();
    await screenshot(page, "verify-bad");
  });

  it("comes back after a reload with the panel, the session and the secrets", async () => {
    await reloadWindow(page);
    await openSidebar(page);
    await treeRow(page, webhooks, "Billing").waitFor();
    const panel = await inspector(page);
    await panel.getByRole("tab", { name: "Payload" }).waitFor();
    await panel.getByText("Billing", { exact: true }).first().waitFor();
    const missing = treeRows(page, webhooks).filter({ hasText: "secret missing" });
    await until("only one secret is missing", async () => (await missing.count()) === 1);
  });

  it("has brought no error to the window's console until now", () => {
    // The examinations that follow add styles to the panel, which its policy refuses and the console tells.
    assert.deepEqual(consoleErrors(page), []);
  });

  for (const theme of themes) {
    it(`finds nothing by axe in the panel: ${theme}, wide and narrow`, async () => {
      await setTheme(page, theme);
      for (const [name, width] of [
        ["wide", 1360],
        ["narrow", 680],
      ] as const) {
        await setViewport(page, width, 860);
        for (const tab of ["Payload", "Headers", "Answer", "Attempts", "Raw", "Verify"]) {
          const panel = await inspector(page);
          await panel.getByRole("tab", { name: tab }).click();
          assert.deepEqual(await axe(panel), [], `${tab}, ${theme}, ${name}`);
          if (tab === "Payload" || tab === "Verify") await screenshot(page, `panel-${tab}-${theme}-${name}`);
        }
        const panel = await inspector(page);
        await panel.getByRole("textbox", { name: "X-PacSpace-Signature" }).fill(`v1=${"0".repeat(64)}`);
        await panel.getByRole("button", { name: "Check Signature" }).click();
        await panel.getByRole("heading", { name: "Invalid", exact: true }).waitFor();
        assert.deepEqual(await axe(panel), [], `the verdict, ${theme}, ${name}`);
        await screenshot(page, `panel-verdict-${theme}-${name}`);
      }
      await setViewport(page, 1360, 860);
    });
  }

  it("has a panel of its own for a request that is pasted", async () => {
    await palette(page, "PacSpace: Verify a Webhook Signature…");
    await pick(page, "By Hand");
    const panel = await inspector(page, /Verify/);
    await panel.getByRole("textbox", { name: "X-PacSpace-Signature" }).waitFor();
    await screenshot(page, "verify-by-hand");
  });

  it("reads a request off the clipboard, searches long beside the window, and says what would decide", async () => {
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const headers = `-H 'X-PacSpace-Signature: v1=${"ab".repeat(32)}' -H 'X-PacSpace-Timestamp: ${timestamp}'`;
    const rows = Array.from({ length: 200 }, (_, n) => `{"id":"rec_${n}","delta":${n}.50}`);
    const body = `{"event":"test","data":[${rows.join(",")}]}`;
    await writeClipboard(page, `curl https://example.com/hook ${headers} --data-raw '${body}'`);
    await palette(page, "PacSpace: Verify a Webhook Signature…");
    await pick(page, "The Clipboard");
    const panel = await inspector(page, /Verify/);
    await panel.getByText("Read the clipboard as a curl command with").waitFor();
    await panel.getByRole("button", { name: "Stop" }).waitFor();
    await panel.getByRole("heading", { name: "One further fact would decide" }).waitFor();
    await panel.getByText("What was tried:").click();
    await panel.getByRole("rowheader", { name: "two changes of the body" }).waitFor();
    await screenshot(page, "verify-pasted");
    assert.deepEqual(await axe(panel), []);
    await panel.getByRole("button", { name: "Copy as Markdown" }).click();
    await until("the report is on the clipboard", async () =>
      (await readClipboard(page)).startsWith("## PacSpace webhook signature: invalid"),
    );
  });

  it("lists environments and takes another address, checked as typed", async () => {
    await palette(page, "PacSpace: Switch Environment…");
    await pick(page, "Another address…");
    await typeAnswer(page, "Its address", "http://example.com");
    await page.locator(".quick-input-message").filter({ hasText: "https" }).waitFor();
    await answer(page, "Another PacSpace", "https://staging.example.com");
    await page.locator(".statusbar-item").filter({ hasText: "staging.example.com" }).waitFor();
    await palette(page, "PacSpace: Switch Environment…");
    await pick(page, "Local PacSpace");
    await treeRow(page, webhooks, "Billing").waitFor();
  });
});
