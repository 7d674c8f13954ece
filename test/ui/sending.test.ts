import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { answerDialog, clearNotifications, clickNotification, dialog, notification } from "./harness/messages";
import { answer, dismiss, palette, pick, quickInput, typeAnswer } from "./harness/quickInput";
import { setTheme, themes } from "./harness/theme";
import { rowMenu, treeRows } from "./harness/views";
import { screenshot } from "./harness/pictures";
import { deliveries, Handler, signedIn } from "./stage";

describe("samples and replay, by hand", () => {
  const handler = new Handler();
  let page: Page;
  let url = "";

  before(async () => {
    page = await signedIn();
    url = await handler.listen();
  });

  after(async () => {
    await handler.close();
    await page.close();
  });

  const tab = (name: string): Locator => page.locator(".tabs-container .tab").filter({ hasText: name });

  it("sends an event to a URL that is checked as it is typed, and shows the answer", async () => {
    await palette(page, "PacSpace: Send Sample Event…");
    await pick(page, "delta.verified");
    await pick(page, "Send it now");
    await typeAnswer(page, "Choose or type the URL", "localhost:3000");
    await quickInput(page).getByText("is no full URL").waitFor();
    await answer(page, "Choose or type the URL", url);
    await screenshot(page, "sample-keys");
    await pick(page, "Throw-away secret");
    await clickNotification(page, /delta\.verified: your handler answered 200 .* throw-away secret/, "Show Answer");
    await tab("delta.verified.http").waitFor();
    await page.locator(".monaco-editor").getByText("HTTP 200").first().waitFor();
    assert.equal(handler.received.at(-1)?.headers["x-webhook-event"], "delta.verified");
    await clearNotifications(page);
  });

  it("asks before anything goes to another machine, and sends nothing until a person agrees", async () => {
    const far = new Handler();
    // To the extension this is no address of the loopback, though the system leads it there.
    const farUrl = (await far.listen()).replace("127.0.0.1", "0.0.0.0");
    const question = async (what: string): Promise<void> => {
      await answer(page, "Choose or type the URL", farUrl);
      const words = await (await dialog(page)).innerText();
      assert.ok(words.includes(`Send ${what} to ${new URL(farUrl).origin}?`), words);
      assert.match(words, /It is not this machine\./);
    };
    const sample = async (): Promise<void> => {
      await palette(page, "PacSpace: Send Sample Event…");
      await pick(page, "delta.verified");
      await pick(page, "Send it now");
      await question("the sample event");
    };
    try {
      await sample();
      await screenshot(page, "send-elsewhere");
      await answerDialog(page, "Cancel");
      const row = treeRows(page, deliveries).filter({ hasText: /\w\.\w/ });
      await rowMenu(row.first(), "Replay to a Local Handler…");
      await question("the delivery");
      await answerDialog(page, "Cancel");
      await sample();
      assert.deepEqual(far.received, []);
      await answerDialog(page, "Send");
      await pick(page, "Throw-away secret");
      await notification(page, /delta\.verified: your handler answered 200/);
      // The one that a person agreed to, and none of the two before.
      assert.deepEqual(
        far.received.map(({ headers }) => headers["x-webhook-event"]),
        ["delta.verified"],
      );
      await clearNotifications(page);
    } finally {
      await far.close();
    }
  });

  it("opens the payload first if wished, and sends what stands in the editor", async () => {
    await palette(page, "PacSpace: Send Sample Event…");
    await pick(page, "delta.failed");
    await pick(page, "Edit the payload first");
    await tab("delta.failed").waitFor();
    await page.locator(".editor-actions").getByRole("button", { name: "Send Sample Event…" }).first().click();
    await pick(page, url);
    await pick(page, "Throw-away secret");
    await tab("delta.failed.http").waitFor();
    const body = handler.received.at(-1)?.body ?? "";
    assert.match(body, /^\{\n {2}"event": "delta\.failed"/);
    assert.doesNotMatch(body, /\{\{/);
    await clearNotifications(page);
    for (const theme of themes) {
      await setTheme(page, theme);
      await screenshot(page, `sample-${theme}`);
    }
  });

  it("offers what was sent last first", async () => {
    await palette(page, "PacSpace: Send Sample Event…");
    await quickInput(page).locator(".monaco-list-row").filter({ hasText: "checkpoint.verified" }).waitFor();
    const [first, second] = await quickInput(page).locator(".monaco-list-row").allInnerTexts();
    assert.match(first ?? "", /^delta\.failed[^]*used before/);
    assert.match(second ?? "", /^delta\.verified/);
    await dismiss(page);
  });

  it("replays the selected deliveries in order, oldest first, and sums up", async () => {
    const rows = treeRows(page, deliveries).filter({ hasText: /\w\.\w/ });
    const before = handler.received.length;
    await rows.nth(0).click();
    await rows.nth(1).click({ modifiers: ["ControlOrMeta"] });
    await rows.nth(2).click({ modifiers: ["ControlOrMeta"] });
    await rowMenu(rows.nth(2), "Replay to a Local Handler…");
    await pick(page, url);
    await pick(page, "As it was");
    await pick(page, "One after the other, without a pause");
    await notification(page, "3 of 3 deliveries were taken.");
    const sent = handler.received.slice(before);
    assert.equal(sent.length, 3);
    const times = sent.map(({ headers }) => Number(headers["x-pacspace-timestamp"]));
    assert.deepEqual(
      times,
      times.toSorted((left, right) => left - right),
    );
    await clearNotifications(page);
  });

  it("replays with a pause and tells how far it is, until it is cancelled: the sum says what was left", async () => {
    const rows = treeRows(page, deliveries).filter({ hasText: /\w\.\w/ });
    const before = handler.received.length;
    await rows.nth(0).click();
    for (const at of [1, 2, 3, 4]) await rows.nth(at).click({ modifiers: ["ControlOrMeta"] });
    await rowMenu(rows.nth(4), "Replay to a Local Handler…");
    await pick(page, url);
    await pick(page, "As it was");
    await pick(page, "A pause of 5 s between them");
    const progress = await notification(page, /Replaying….*[1-4] of 5/);
    // It is drawn along the message's lower edge, beside what has the words.
    const bar = progress.locator("xpath=..").locator(".monaco-progress-container.discrete .progress-bit");
    const width = parseFloat(/width: *([\d.]+)%/.exec((await bar.getAttribute("style")) ?? "")?.[1] ?? "");
    assert.ok(width > 10 && width < 90, `the bar is at ${width} %`);
    await clickNotification(page, /Replaying…/, "Cancel");
    const sum = await notification(page, "of 5 deliveries were taken.");
    const [, taken, left] = /([0-5]) of 5 .* ([0-5]) (?:was|were) not sent/.exec(await sum.innerText()) ?? [];
    const sent = handler.received.length - before;
    assert.ok(sent >= 1 && sent < 5, `${sent} were sent`);
    assert.deepEqual([Number(taken), Number(left)], [sent, 5 - sent]);
    await clearNotifications(page);
    assert.equal(handler.received.length - before, sent, "none goes out after the sum");
  });
});
