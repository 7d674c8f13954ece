import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { clearNotifications, notification } from "./harness/messages";
import { answer, palette, pick } from "./harness/quickInput";
import { setTheme, themes } from "./harness/theme";
import { until } from "./harness/until";
import { revealRow, rowAction, viewAction } from "./harness/views";
import { screenshot } from "./harness/pictures";
import { readClipboard, writeClipboard } from "./harness/workbench";
import { Handler, inspector, signedIn, webhooks } from "./stage";

describe("a failing signature, by hand", () => {
  const handler = new Handler();
  let page: Page;

  before(async () => {
    page = await signedIn();
  });

  after(async () => {
    await handler.close();
    await page.close();
  });

  it("is led from the paste to the line to change", async () => {
    await viewAction(page, webhooks, "Create Webhook");
    await answer(page, "Create Webhook", await handler.listen());
    await answer(page, "A description", "Orders");
    await notification(page, "Webhook created");
    await clearNotifications(page);
    const delivered = handler.next();
    await rowAction(await revealRow(page, webhooks, "Orders"), "Send Test Event");
    const { headers, body } = await delivered;
    await notification(page, "The endpoint took the test event");
    await clearNotifications(page);

    await until(
      "the row says when",
      async () => !(await (await revealRow(page, webhooks, "Orders")).innerText()).includes("never triggered"),
    );

    // As a handler logs it that has parsed the body and printed it again.
    const names = ["X-PacSpace-Signature", "X-PacSpace-Timestamp", "X-Webhook-Event", "X-Event-ID"];
    const lines = names.map((name) => `${name}: ${String(headers[name.toLowerCase()])}`);
    await writeClipboard(
      page,
      ["POST /webhooks HTTP/1.1", ...lines, "", JSON.stringify(JSON.parse(body), undefined, 2)].join("\n"),
    );
    await palette(page, "PacSpace: Verify a Webhook Signature…");
    await pick(page, "The Clipboard");
    const panel = await inspector(page, /Verify/);
    await panel.getByText("Proven · body.reserialized").waitFor();
    for (const theme of themes) {
      await setTheme(page, theme);
      await panel.getByRole("button", { name: "Copy as Markdown" }).scrollIntoViewIfNeeded();
      await screenshot(page, `doctor-${theme}`);
    }
    await panel.getByRole("button", { name: "Copy", exact: true }).click();
    await until("the code is on the clipboard", async () => (await readClipboard(page)).includes("express.raw"));
    assert.doesNotMatch(await panel.locator("body").innerText(), /whsec_[0-9a-f]/);
  });
});
