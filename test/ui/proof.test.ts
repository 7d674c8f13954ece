import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { clearNotifications, notification } from "./harness/messages";
import { answer, palette, pick } from "./harness/quickInput";
import { setTheme, themes } from "./harness/theme";
import { until } from "./harness/until";
import { screenshot } from "./harness/pictures";
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
});
