import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import type { Page } from "playwright-core";
import { demoAccount } from "../../src/local/demoAccount";
import { answerDialog, clearNotifications, notification } from "./harness/messages";
import { answer, palette, pick } from "./harness/quickInput";
import { until } from "./harness/until";
import { revealRow, rowMenu, treeRow } from "./harness/views";
import { readClipboard, writeClipboard } from "./harness/workbench";
import { Handler, inspector, signedIn, webhooks } from "./stage";

const random = (): string => randomBytes(20).toString("hex");

/** What a person gives, and must be told to nobody again. */
const canaries = {
  "a password": `pass-${random()}`,
  "a stored secret": `whsec_${random()}`,
  "the secret that replaces it": `whsec_${random()}`,
  "a handler's secret": `whsec_${random()}`,
  "a body to check": `body-${random()}`,
} as const;

/** From now on, keeps every text that messages, pickers, questions, rows and the status bar show, however briefly. */
async function record(page: Page): Promise<void> {
  await page.evaluate(`(() => {
    const places = ".notification-list-item, .quick-input-widget, .monaco-dialog-box, .monaco-hover, .monaco-alert, .part";
    const told = window.told = new Set();
    const look = () => {
      for (const place of document.querySelectorAll(places)) {
        told.add(place.textContent);
        for (const named of place.querySelectorAll("[aria-label], [title]"))
          told.add((named.getAttribute("aria-label") ?? "") + " " + (named.getAttribute("title") ?? ""));
        for (const box of place.querySelectorAll("input:not([type=password]), textarea")) told.add(box.value);
      }
    };
    document.addEventListener("input", look, true);
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
  })()`);
}

describe("secrets, by hand", () => {
  const handler = new Handler();
  /** The demo account's webhook whose secret nobody has kept. */
  const keyless = "secret missing";
  let page: Page;
  let name = "";
  const copies: string[] = [];

  before(async () => {
    page = await signedIn();
    name = (await (await revealRow(page, webhooks, keyless)).locator(".label-name").first().innerText()).trim();
    await record(page);
  });

  after(async () => {
    await handler.close();
    await page.close();
  });

  async function storeSecret(secret: string): Promise<void> {
    await rowMenu(await revealRow(page, webhooks, name), "Store Secret…");
    await answer(page, "The secret of", secret);
    await notification(page, "is stored");
    await clearNotifications(page);
  }

  it("are given to commands as a person gives them", async () => {
    await palette(page, "PacSpace: Sign In…");
    await pick(page, "Email and password");
    await answer(page, "Email", demoAccount.email);
    await answer(page, "Password", canaries["a password"]);
    await notification(page, /password|sign in/i);
    await clearNotifications(page);
    await storeSecret(canaries["a stored secret"]);
    await storeSecret(canaries["the secret that replaces it"]);
    await palette(page, "PacSpace: Copy Secret…");
    await pick(page, name);
    await notification(page, "is on the clipboard");
    assert.equal(await readClipboard(page), canaries["the secret that replaces it"]);
    await clearNotifications(page);
    await palette(page, "PacSpace: Send Sample Event…");
    await pick(page, "delta.verified");
    await pick(page, "Send it now");
    await answer(page, "Choose or type the URL", await handler.listen());
    await pick(page, "Type a secret…");
    await answer(page, "Kept until this window closes", canaries["a handler's secret"]);
    await notification(page, /your handler answered 200/);
    assert.equal(handler.received.length, 1);
    await clearNotifications(page);
  });

  it("are in no report of a signature that was checked", async () => {
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const headers = `-H 'X-PacSpace-Signature: v1=${"ab".repeat(32)}' -H 'X-PacSpace-Timestamp: ${timestamp}'`;
    const body = JSON.stringify({ event: "test", note: canaries["a body to check"] });
    await writeClipboard(page, `curl https://example.com/hook ${headers} --data-raw '${body}'`);
    await palette(page, "PacSpace: Verify a Webhook Signature…");
    await pick(page, "The Clipboard");
    const panel = await inspector(page, /Verify/);
    await panel.getByRole("button", { name: "Copy as Markdown" }).click();
    await until("the report is on the clipboard", async () =>
      (await readClipboard(page)).startsWith("## PacSpace webhook signature: invalid"),
    );
    copies.push(await readClipboard(page));
  });

  it("can be forgotten again", async () => {
    await rowMenu(await revealRow(page, webhooks, name), "Forget Secret…");
    await answerDialog(page, "Forget");
    await treeRow(page, webhooks, keyless).waitFor();
  });

  it("are told in no message, picker, question, row or report", async () => {
    const told = await page.evaluate<string[]>("[...window.told]");
    for (const mark of [
      "is stored",
      "is on the clipboard",
      "your handler answered 200",
      "Type a secret…",
      demoAccount.email,
    ]) {
      assert.ok(
        told.some((text) => text.includes(mark)),
        `what was told is kept: ${mark}`,
      );
    }
    const found = Object.entries(canaries).filter(([, text]) => [...told, ...copies].some((one) => one.includes(text)));
    assert.deepEqual(
      found.map(([what]) => what),
      [],
    );
  });
});
