import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { demoAccount } from "../../src/local/demoAccount";
import { MisbehavingProxy, to } from "../misbehave/proxy";
import { answerDialog, clearNotifications, clickNotification, dialog, notification } from "./harness/messages";
import { answer, palette, pick } from "./harness/quickInput";
import { treeRows } from "./harness/views";
import { screenshot, statusBarItem } from "./harness/workbench";
import { deliveries, signedIn } from "./stage";

const retry = to("POST", "/retry");
const command = "PacSpace: Retry Failed Deliveries…";

describe("a bulk retry, by hand", () => {
  let page: Page;
  let proxy: MisbehavingProxy;

  before(async () => {
    page = await signedIn();
    // Where Local PacSpace runs by default.
    proxy = await MisbehavingProxy.start("http://127.0.0.1:4400");
    await palette(page, "PacSpace: Switch Environment…");
    await pick(page, "Another address…");
    await answer(page, "Its address, as your dashboard shows it", proxy.baseUrl);
    await statusBarItem(page, new URL(proxy.baseUrl).host).waitFor();
    await palette(page, "PacSpace: Sign In…");
    await pick(page, "Email and password");
    await answer(page, "Email", demoAccount.email);
    await answer(page, "Password", demoAccount.password);
    await treeRows(page, deliveries).first().waitFor();
    await clearNotifications(page);
  });

  after(async () => {
    await palette(page, "PacSpace: Switch Environment…");
    await pick(page, "Local PacSpace");
    await proxy.close();
    await page.close();
  });

  it("counts before it asks, tells how far it is while PacSpace asks to wait, and can be cancelled", async () => {
    // Three go through, then there are too many.
    for (let count = 0; count < 3; count++) proxy.next(retry, { kind: "latency", ms: 1 });
    proxy.always(retry, { kind: "answer", status: 429, headers: { "retry-after": "3600" }, body: "" });
    await palette(page, command);
    const question = await (await dialog(page)).innerText();
    const [label = ""] = /Retry \d+(?= failed)/.exec(question) ?? [];
    assert.notEqual(label, "");
    await answerDialog(page, label);
    await notification(page, /3 of \d+, about .* left; PacSpace asks to wait 1 h 0 min/);
    await screenshot(page, "bulk-retry-waits");
    await clickNotification(page, /3 of \d+/, "Cancel");
    await notification(page, /3 of \d+ deliveries are queued again\. \d+ are left as they are/);
    assert.equal(proxy.count(retry), 4);
  });

  it("resumes where it stopped, and lists what failed", async () => {
    const before = proxy.requests.filter(retry).map(({ path }) => path);
    proxy.reset();
    proxy.next(retry, { kind: "answer", status: 500, body: "" });
    await clickNotification(page, /are left as they are/, "Resume…");
    assert.match(await (await dialog(page)).innerText(), /3 of \d+ deliveries are done/);
    await answerDialog(page, "Resume");
    await clickNotification(page, /deliveries are queued again; 1 could not be retried/, "Show Failures");
    await page.locator(".tabs-container .tab.active .label-name").filter({ hasText: "Failed retries" }).waitFor();
    await page.locator(".monaco-editor").filter({ hasText: "queued all the same" }).first().waitFor();
    await screenshot(page, "bulk-retry-failures");
    const sent = proxy.requests.filter(retry).map(({ path }) => path);
    assert.deepEqual(
      sent.filter((path) => before.slice(0, 3).includes(path)),
      [],
      "nothing is retried twice",
    );
    await clearNotifications(page);
  });
});
