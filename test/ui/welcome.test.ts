import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { demoAccount } from "../../src/local/demoAccount";
import { startLocalPacSpace, type LocalPacSpace } from "../../src/local/server";
import { clearNotifications, notification } from "./harness/messages";
import { answer, palette, pick, quickInputMessage, typeAnswer } from "./harness/quickInput";
import { treeRow, view, viewAction, welcome } from "./harness/views";
import { screenshot } from "./harness/pictures";
import { reloadWindow, statusBarItem } from "./harness/workbench";
import { deliveries, openSidebar, theSession, webhooks } from "./stage";

const week = 7 * 86_400_000;

describe("what stands in place of rows", () => {
  let page: Page;
  let local: LocalPacSpace;
  let ahead = 0;

  function start(port: number): Promise<LocalPacSpace> {
    return startLocalPacSpace({ port, seed: "empty", now: () => new Date(Date.now() + ahead) });
  }

  async function signIn(): Promise<void> {
    await pick(page, "Email and password");
    await answer(page, "Email", demoAccount.email);
    await answer(page, "Password", demoAccount.password);
    await notification(page, "Signed in to");
    await clearNotifications(page);
  }

  function offer(name: string, button: string): ReturnType<Page["getByRole"]> {
    return welcome(page, name).getByRole("button", { name: button, exact: true });
  }

  before(async () => {
    local = await start(0);
    page = await (await theSession()).openWindow();
    await openSidebar(page);
  });

  after(async () => {
    // The windows of other tests find the environment that they know.
    await palette(page, "PacSpace: Switch Environment…");
    await pick(page, "Local PacSpace");
    await statusBarItem(page, "Local PacSpace").waitFor();
    // A window that is closed at once takes with it what VS Code has not written down yet.
    await reloadWindow(page);
    await page.close();
    await local.close();
  });

  it("is an offer to sign in, in an environment that has no session", async () => {
    await palette(page, "PacSpace: Switch Environment…");
    await pick(page, "Another address…");
    await typeAnswer(page, "Another PacSpace", "http://");
    await quickInputMessage(page, "full URL");
    await answer(page, "Another PacSpace", local.baseUrl);
    await statusBarItem(page, new URL(local.baseUrl).host).waitFor();
    await offer(webhooks, "Sign In").waitFor();
    assert.match(await welcome(page, deliveries).innerText(), /once you are signed in/);
  });

  it("is an offer to create a webhook, and to send a test", async () => {
    await offer(webhooks, "Sign In").click();
    await signIn();
    await offer(webhooks, "Create Webhook").waitFor();
    await offer(deliveries, "Send Test Event").waitFor();
    await screenshot(page, "welcome-empty");
  });

  it("says that the server can't be reached, and tries again", async () => {
    await local.close();
    await viewAction(page, webhooks, "Refresh");
    await notification(page, "Nothing answers at");
    await clearNotifications(page);
    await offer(webhooks, "Try Again").waitFor();
    assert.match(await welcome(page, deliveries).innerText(), /once it can be reached/);
    await screenshot(page, "welcome-unreachable");
    local = await start(local.port);
    // Its sessions were in memory, and ended with it.
    await offer(webhooks, "Try Again").click();
    await offer(webhooks, "Sign In").waitFor();
    assert.match(await welcome(page, webhooks).innerText(), /session has ended/);
    await clearNotifications(page);
  });

  it("is no old row once there is a session again, and says when that has ended", async () => {
    await offer(webhooks, "Sign In").click();
    await signIn();
    await offer(webhooks, "Create Webhook").click();
    await answer(page, "The public HTTPS address", "https://example.com/hook");
    await answer(page, "A description", "Only one");
    await treeRow(page, webhooks, "Only one").waitFor();
    await clearNotifications(page);
    ahead = 2 * week;
    await viewAction(page, webhooks, "Refresh");
    await notification(page, "missing or has expired");
    await clearNotifications(page);
    // Rows that are known stay, and the view says of when they are.
    await treeRow(page, webhooks, "Only one").waitFor();
    assert.match(await view(page, webhooks).locator(".pane-body .message").innerText(), /Not refreshed/);
    await screenshot(page, "session-ended");
    await viewAction(page, webhooks, "Sign In");
    await signIn();
    await offer(deliveries, "Send Test Event").waitFor();
  });
});
