import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { answerDialog, clearNotifications, clickNotification, notification } from "./harness/messages";
import { answer, palette } from "./harness/quickInput";
import { setTheme, themes } from "./harness/theme";
import { until } from "./harness/until";
import {
  expandView,
  revealRow,
  rowAction,
  rowMenu,
  treeRow,
  treeRows,
  view,
  viewAction,
  welcome,
} from "./harness/views";
import { screenshot } from "./harness/pictures";
import { readClipboard, reloadWindow, setViewport } from "./harness/workbench";
import { Handler, inspect, signedIn, webhooks } from "./stage";

const captures = "Captures";
const verify = "Verify a Webhook Signature";

async function post(url: string, headers: Readonly<Record<string, string>>): Promise<number> {
  const answer = await fetch(url, { method: "POST", headers, body: '{"event":"delta.verified"}' });
  await answer.text();
  return answer.status;
}

describe("the local loop, by hand", () => {
  let handler = new Handler();
  let page: Page;
  let handlerUrl = "";
  let url = "";

  before(async () => {
    handlerUrl = await handler.listen();
    page = await signedIn();
    await expandView(page, captures);
    // Room for rows: the other views are folded.
    for (const other of [webhooks, "Deliveries"]) await view(page, other).locator(".pane-header").click();
  });

  after(async () => {
    await handler.close();
    await page.close();
  });

  it("offers the receiver, starts it, and shows where it listens and forwards", async () => {
    const offer = welcome(page, captures);
    await offer.getByRole("button", { name: "Start the Receiver" }).waitFor();
    await screenshot(page, "captures-welcome");
    await offer.getByRole("button", { name: "Start the Receiver" }).click();
    await answer(page, "Start the Receiver", handlerUrl);
    await notification(page, /The receiver listens at http:\/\/127\.0\.0\.1:\d+/);
    const row = treeRow(page, captures, "http://127.0.0.1:");
    await row.waitFor();
    assert.match(await row.innerText(), /forwards to http:\/\/127\.0\.0\.1:\d+\/webhooks\/pacspace/);
    await rowAction(row, "Copy the Receiver's URL");
    await until("the URL is on the clipboard", async () => (url = await readClipboard(page)).startsWith("http://127"));
  });

  it("takes a test event of a webhook on its URL: verified, and answered by the handler", async () => {
    await clickNotification(page, "The receiver listens at", "Create Webhook");
    await answer(page, "(1/2)", `${url}/from-local`);
    await answer(page, "(2/2)", "My machine");
    await clickNotification(page, "Webhook created", "Send Test");
    const row = treeRow(page, captures, "verified");
    await row.waitFor();
    await until("the handler's answer is told", async () => (await row.innerText()).includes("handler: 200 in"));
    assert.match(await row.innerText(), /^test/);
    assert.match(await row.innerText(), /My machine/);
    await clearNotifications(page);
  });

  it("shows a capture in the inspector, and checks it in one click", async () => {
    const panel = await inspect(page, () => revealRow(page, captures, "verified"), /^test · /);
    await panel.getByRole("heading", { name: "test" }).waitFor();
    await panel.locator(".status").getByText("Verified").waitFor();
    await panel.getByText("POST /from-local").waitFor();
    await rowAction(treeRow(page, captures, "verified"), verify);
    await panel
      .locator(".verdict, [role=status]")
      .filter({ hasText: /valid|genuine/i })
      .first()
      .waitFor();
    await screenshot(page, "captures-verified");
  });

  it("tells a wrong signature, an unsigned request and a duplicate apart", async () => {
    const now = String(Math.floor(Date.now() / 1_000));
    const id = { "X-Webhook-Event": "delta.verified", "X-Event-ID": "evt_twice" };
    assert.equal(await post(url, { ...id, "X-PacSpace-Signature": "v1=00", "X-PacSpace-Timestamp": now }), 200);
    await treeRow(page, captures, "wrong signature").waitFor();
    await post(url, id);
    const unsigned = treeRow(page, captures, "unsigned");
    await unsigned.waitFor();
    assert.match(await unsigned.innerText(), /duplicate/);
  });

  it("keeps what a handler that is down did not get, and sends it again", async () => {
    const port = Number(new URL(handlerUrl).port);
    await handler.close();
    assert.equal(await post(url, { "X-Webhook-Event": "receipt.generated" }), 502);
    const row = treeRow(page, captures, "handler: no answer");
    await row.waitFor();
    for (const theme of themes) {
      await setTheme(page, theme);
      await setViewport(page, 1360, 860);
      await screenshot(page, `captures-${theme}-wide`);
      await setViewport(page, 640, 860);
      await screenshot(page, `captures-${theme}-narrow`);
    }
    await setTheme(page, "light");
    await setViewport(page, 1360, 860);
    handler = new Handler();
    handlerUrl = await handler.listen(port);
    await rowAction(row, "Send to the Handler Again");
    await notification(page, "The handler answered 200");
    await treeRow(page, captures, "receipt.generated")
      .getByText(/handler: 200/)
      .waitFor();
    await clearNotifications(page);
  });

  it("is back with all it kept after a reload", async () => {
    const rows = await treeRows(page, captures).count();
    await reloadWindow(page);
    await expandView(page, captures);
    await treeRow(page, captures, "http://127.0.0.1:").waitFor();
    await until("all rows are back", async () => (await treeRows(page, captures).count()) === rows);
    assert.equal(await post(url, {}), 200);
  });

  it("polls, and says how that goes", async () => {
    await palette(page, "PacSpace: Start Polling");
    const row = treeRow(page, captures, "Polling Local PacSpace");
    await row.waitFor();
    await until("it is live", async () => (await row.innerText()).includes("live"));
    await screenshot(page, "captures-polling");
    await rowMenu(row, "Stop Polling");
    await row.waitFor({ state: "hidden" });
  });

  it("deletes all after a question, and stops", async () => {
    await palette(page, "PacSpace: Delete All Captures…");
    await answerDialog(page, "Delete All");
    await until("only the receiver's row is left", async () => (await treeRows(page, captures).count()) === 1);
    await viewAction(page, captures, "Stop the Receiver");
    const offer = welcome(page, captures).getByRole("button", { name: "Start the Receiver" });
    await offer.waitFor();
    await palette(page, "View: Close All Editors");
    // It stays stopped.
    await reloadWindow(page);
    await expandView(page, captures);
    await offer.waitFor();
  });
});
