import assert from "node:assert/strict";
import { makeWebhook } from "./onServer";
import { clearNotifications, notification } from "./harness/messages";
import { screenshot } from "./harness/pictures";
import { answer, palette } from "./harness/quickInput";
import { until } from "./harness/until";
import { expandView, rowAction, treeRow, viewAction, welcome } from "./harness/views";
import { reloadWindow } from "./harness/workbench";
import { Handler, openSidebar } from "./stage";
import { theTrouble, type Trouble } from "./trouble";

const captures = "Captures";
const polling = "Polling Trouble";

describe("polling, by hand", () => {
  const handler = new Handler();
  let trouble: Trouble;
  let webhookId = "";
  /** How many events the server had sent before polling was on. */
  let history = 0;

  const event = (): Promise<unknown> => trouble.direct.call("POST", `/${webhookId}/test`);
  /** What the server itself has sent since, and what came to the handler on this machine. */
  const sent = (): readonly unknown[] =>
    trouble.receiver.received.slice(history).map((one) => one.headers["x-event-id"]);
  const handedOn = (): readonly unknown[] => handler.received.map((one) => one.headers["x-event-id"]);

  async function isLive(): Promise<void> {
    const row = treeRow(trouble.page, captures, polling);
    await until("it is live", async () => (await row.innerText()).includes("live"));
  }

  before(async () => {
    trouble = await theTrouble();
    webhookId = await makeWebhook(trouble, "polled");
    await event();
    history = trouble.receiver.received.length;
    await expandView(trouble.page, captures);
  });

  after(async () => {
    await viewAction(trouble.page, captures, "Stop the Receiver");
    await handler.close();
  });

  it("hands on what comes from now on, and nothing of the history", async () => {
    const { page } = trouble;
    await welcome(page, captures).getByRole("button", { name: "Start the Receiver" }).click();
    await answer(page, "Start the Receiver", await handler.listen());
    await notification(page, "The receiver listens at");
    await palette(page, "PacSpace: Start Polling");
    await isLive();
    await event();
    await until("it is handed on", () => Promise.resolve(handler.received.length > 0));
    assert.deepEqual(handedOn(), sent());
    await treeRow(page, captures, "handler: 200 in").waitFor();
  });

  it("goes on after a reload", async () => {
    await reloadWindow(trouble.page);
    await expandView(trouble.page, captures);
    await isLive();
    await event();
    await until("it is handed on", () => Promise.resolve(handler.received.length > 1));
    assert.deepEqual(handedOn(), sent());
    // A window that is closed at once takes with it what VS Code has not written down yet.
    await reloadWindow(trouble.page);
    await expandView(trouble.page, captures);
    await isLive();
  });

  it("names what came while the window was closed, and hands it on when asked to: each once, in order", async () => {
    const before = handedOn();
    await trouble.page.goto("about:blank");
    await trouble.session.closedWindowsEnded();
    for (let count = 0; count < 3; count++) await event();
    const page = (trouble.page = await trouble.session.openWindow());
    await openSidebar(page);
    await expandView(page, captures);
    const row = treeRow(page, captures, polling);
    await until("they are named", async () => (await row.innerText()).includes("3 missed"));
    await screenshot(page, "captures-missed");
    assert.deepEqual(handedOn(), before, "nobody has asked for them");
    await rowAction(row, "Send Missed Deliveries");
    await notification(page, "3 missed deliveries were handed on.");
    assert.equal(before.length, 2);
    assert.deepEqual(handedOn(), sent());
    await until("none is named any more", async () => !(await row.innerText()).includes("missed"));
    await clearNotifications(page);
  });
});
