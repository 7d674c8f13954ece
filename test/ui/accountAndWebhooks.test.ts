import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { demoAccount, mfaAccount } from "../../src/local/demoAccount";
import { answerDialog, clearNotifications, clickNotification, dialog, notification } from "./harness/messages";
import { answer, palette, pick, quickInputMessage, typeAnswer } from "./harness/quickInput";
import { until } from "./harness/until";
import { revealRow, rowAction, rowMenu, treeRow, treeRows, viewAction, welcome } from "./harness/views";
import { screenshot } from "./harness/pictures";
import { readClipboard, reloadWindow, statusBarItem } from "./harness/workbench";
import { deliveries, Handler, openSidebar, signedIn, theSession, webhooks } from "./stage";

describe("webhooks, by hand", () => {
  const handler = new Handler();
  let page: Page;
  let url = "";
  let localUrl = "";

  before(async () => {
    url = await handler.listen();
    page = await (await theSession()).openWindow();
  });

  after(async () => {
    await handler.close();
    await page.close();
  });

  it("offers a start without an account, and shows it in every view", async () => {
    await openSidebar(page);
    const offer = welcome(page, webhooks);
    await offer.getByRole("button", { name: "Sign In" }).waitFor();
    await screenshot(page, "signed-out");
    await offer.getByRole("button", { name: "Start Local PacSpace" }).click();
    const told = await (await notification(page, "Local PacSpace runs at")).innerText();
    localUrl = /http:[^,\s]+/.exec(told)?.[0] ?? "";
    await treeRows(page, webhooks).first().waitFor();
    await treeRows(page, deliveries).first().waitFor();
    await statusBarItem(page, "Local PacSpace").waitFor();
    await page.locator(".activitybar .action-item .badge-content").filter({ hasText: /^\d+$/ }).first().waitFor();
    for (const state of ["enabled", "disabled", "failing", "secret missing"]) {
      await treeRow(page, webhooks, state).waitFor();
    }
    await screenshot(page, "signed-in");
    await clearNotifications(page);
  });

  it("signs out, and in again by password and by MFA", async () => {
    await palette(page, "PacSpace: Sign Out");
    await notification(page, "Signed out of Local PacSpace");
    await welcome(page, webhooks).getByRole("button", { name: "Sign In" }).waitFor();
    // Local PacSpace is back after a reload, and who had signed out is not signed in by that.
    await reloadWindow(page);
    await until("Local PacSpace is back", () =>
      fetch(localUrl)
        .then(() => true)
        .catch(() => false),
    );
    await welcome(page, webhooks).getByRole("button", { name: "Sign In" }).waitFor();
    // Before a file is asked for.
    await palette(page, "PacSpace: Export Deliveries as CSV…");
    await notification(page, "You are not signed in to Local PacSpace");
    await clearNotifications(page);
    for (const account of [demoAccount, mfaAccount]) {
      await palette(page, "PacSpace: Sign In…");
      await pick(page, "Email and password");
      await answer(page, "Email", account.email);
      await answer(page, "Password", account.password);
      if ("code" in account) await answer(page, "The code of your authenticator", account.code);
      await notification(page, "Signed in to Local PacSpace.");
      await treeRows(page, webhooks).first().waitFor();
      await clearNotifications(page);
      if (account === demoAccount) {
        await palette(page, "PacSpace: Sign Out");
        await welcome(page, webhooks).getByRole("button", { name: "Sign In" }).waitFor();
        await clearNotifications(page);
      }
    }
  });

  it("refuses a wrong password in words, once", async () => {
    await palette(page, "PacSpace: Sign In…");
    await pick(page, "Email and password");
    await answer(page, "Email", demoAccount.email);
    await answer(page, "Password", "wrong");
    await notification(page, /password|sign in/i);
    await clearNotifications(page);
  });

  it("creates one: the URL is checked as typed, the secret stored, and copied on demand", async () => {
    await viewAction(page, webhooks, "Create Webhook");
    await typeAnswer(page, "The URL of your handler", "http://example.com/hook");
    await quickInputMessage(page, "HTTPS");
    await screenshot(page, "create-wrong-url");
    await typeAnswer(page, "Create Webhook", url);
    await page.keyboard.press("Enter");
    await answer(page, "A description", "Made by hand");
    await clickNotification(page, "Webhook created", "Copy Secret");
    await notification(page, "is on the clipboard");
    assert.match(await readClipboard(page), /^whsec_[0-9a-f]+$/);
    const row = await revealRow(page, webhooks, "Made by hand");
    assert.match(await row.innerText(), /enabled/);
    assert.doesNotMatch(await row.innerText(), /secret missing/);
    await clearNotifications(page);
  });

  it("sends a signed test event, and shows the delivery", async () => {
    const request = handler.next();
    await rowAction(await revealRow(page, webhooks, "Made by hand"), "Send Test Event");
    const { headers, body } = await request;
    for (const name of ["x-pacspace-signature", "x-pacspace-timestamp", "x-webhook-event", "x-event-id"]) {
      assert.ok(headers[name], `${name} is missing`);
    }
    assert.equal((JSON.parse(body) as { event: string }).event, "test");
    await notification(page, "The endpoint took the test event");
    await treeRow(page, deliveries, "Made by hand").waitFor();
    await clearNotifications(page);
  });

  it("disables and enables it, and says so in words", async () => {
    await rowAction(await revealRow(page, webhooks, "Made by hand"), "Disable Webhook");
    await treeRow(page, webhooks, /Made by hand.*disabled/s).waitFor();
    await rowAction(await revealRow(page, webhooks, "Made by hand"), "Enable Webhook");
    await treeRow(page, webhooks, /Made by hand.*enabled/s).waitFor();
  });

  it("deletes it only after a question that names it and its environment", async () => {
    await rowMenu(await revealRow(page, webhooks, "Made by hand"), "Delete Webhook…");
    const question = await dialog(page);
    const words = await question.innerText();
    assert.match(words, /Local PacSpace/);
    assert.match(words, /Made by hand/);
    await screenshot(page, "delete-question");
    await answerDialog(page, "Cancel");
    await treeRow(page, webhooks, "Made by hand").waitFor();
    await rowMenu(await revealRow(page, webhooks, "Made by hand"), "Delete Webhook…");
    await answerDialog(page, "Delete");
    await until("the row is gone", async () => !(await treeRow(page, webhooks, "Made by hand").isVisible()));
  });

  it("is found again by another window", async () => {
    const other = await signedIn();
    await treeRow(other, webhooks, "Billing").waitFor();
    await statusBarItem(other, "Local PacSpace").waitFor();
    await other.close();
  });
});
