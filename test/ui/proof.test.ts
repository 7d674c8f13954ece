import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { clearNotifications, notification } from "./harness/messages";
import { answer, palette, pick } from "./harness/quickInput";
import { setTheme, themes } from "./harness/theme";
import { until } from "./harness/until";
import { screenshot } from "./harness/pictures";
import { openContainer } from "./harness/views";
import { reloadWindow } from "./harness/workbench";
import { Handler, theSession } from "./stage";

const secret = `whsec_${"0123456789abcdef".repeat(4)}`;

describe("the proof of a handler, by hand", () => {
  const handler = new Handler();
  let page: Page;

  before(async () => {
    page = await (await theSession()).openWindow();
  });

  after(async () => {
    await handler.close();
    await page.close();
  });

  it("has its cases there without a command where the workspace has a .pacspace folder", async () => {
    const { workspace } = await theSession();
    const folder = join(workspace, ".pacspace");
    const first = page
      .locator(".test-explorer .monaco-list-row")
      .filter({ hasText: "A delivery as PacSpace sends it" });
    // What else would activate the extension is closed.
    await palette(page, "View: Close All Editors");
    // VS Code shows this icon only where something has tests.
    assert.equal(await page.locator(".activitybar [aria-label^=Testing]").count(), 0);
    mkdirSync(join(folder, "events"), { recursive: true });
    writeFileSync(join(folder, "events", "x.json"), "{}");
    try {
      await reloadWindow(page);
      await openContainer(page, "Testing");
      await first.first().waitFor();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("shows in the Test Explorer what a handler that takes everything does wrong", async () => {
    const url = await handler.listen();
    await palette(page, "PacSpace: Prove a Webhook Handler…");
    await answer(page, "Your Webhook Handler", url);
    await pick(page, "Type a secret…");
    await answer(page, "The Secret That Your Handler Has", secret);
    await notification(page, /The handler fails \d+ of \d+ cases/);
    await clearNotifications(page);
    const rows = page.locator(".test-explorer .monaco-list-row");
    await rows.filter({ hasText: "A delivery as PacSpace sends it is accepted" }).first().waitFor();
    await screenshot(page, "proof-failing");
    assert.ok(handler.received.length > 20);
  });

  it("is run again from there, and keeps the URL and asks for no secret twice", async () => {
    const before = handler.received.length;
    await palette(page, "Test: Run All Tests");
    await until("the handler is asked again", () => Promise.resolve(handler.received.length > before + 20));
    await page
      .locator(".monaco-workbench .part.panel")
      .getByText("The handler is still alive at the end")
      .first()
      .waitFor();
    for (const theme of themes) {
      await setTheme(page, theme);
      await screenshot(page, `proof-${theme}`);
    }
  });

  it("says of a failed case what the handler did, what it should do, and the fix", async () => {
    const panel = page.locator(".monaco-workbench .part.panel");
    await panel
      .locator(".monaco-list-row")
      .filter({ hasText: "A signature with one bit changed is refused" })
      .first()
      .click();
    const message = panel.locator(".test-output-peek-message-container").filter({ hasText: /one.bit.changed/ });
    await message.waitFor();
    const lines = (await message.innerText()).replaceAll("\u00a0", " ").split("\n");
    assert.deepEqual(
      lines.filter((line) => line !== ""),
      [
        "The handler answered 200 (“seen”) to a signature with one bit changed.",
        "It should answer 4xx, best 401.",
        "Fix: Check the signature before the answer is sent, and compare all of it.",
      ],
    );
  });
});
