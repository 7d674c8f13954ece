import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { consoleErrors } from "./harness/consoleErrors";
import { clearNotifications, notification, messages } from "./harness/messages";
import { answer } from "./harness/quickInput";
import { changeStoredSecrets } from "./harness/secretStorage";
import { until } from "./harness/until";
import { revealRow, rowMenu, treeRow, treeRows } from "./harness/views";
import { screenshot } from "./harness/pictures";
import { readClipboard, reloadWindow, writeClipboard } from "./harness/workbench";
import { copiedSecret, openSidebar, signedIn, webhooks } from "./stage";

const lost = "Billing";
const damaged = "Ledger";
const unreadable = "can't be read any more";

async function idOf(page: Page, row: string): Promise<string> {
  await writeClipboard(page, "");
  await rowMenu(await revealRow(page, webhooks, row), "Copy Webhook Id…");
  await until("the id is on the clipboard", async () => (await readClipboard(page)) !== "");
  return readClipboard(page);
}

describe("entries of SecretStorage that are gone or damaged in the browser's storage", () => {
  let page: Page;

  before(async () => {
    page = await signedIn();
  });

  after(() => page.close());

  it("are one warning, show in the rows, and are mended by Store Secret", async () => {
    const secrets = new Map<string, string>();
    const ids = new Map<string, string>();
    for (const row of [lost, damaged]) {
      secrets.set(row, (await copiedSecret(page, await revealRow(page, webhooks, row))) ?? "");
      ids.set(row, await idOf(page, row));
    }
    await changeStoredSecrets(page, (entries) => {
      const isOf = (row: string, key: string): boolean => key.includes(ids.get(row) ?? "?");
      const kept = [...entries].filter(([key]) => !isOf(lost, key));
      assert.equal(kept.length, entries.size - 1);
      assert.ok(kept.some(([key]) => isOf(damaged, key)));
      return new Map(kept.map(([key, value]) => [key, isOf(damaged, key) ? '{"secret":"whsec_cut' : value]));
    });
    await reloadWindow(page);
    await openSidebar(page);
    await notification(page, `The secrets of 2 webhooks ${unreadable}`);
    for (const row of [lost, damaged]) {
      await treeRow(page, webhooks, new RegExp(`${row}.*secret missing`, "s")).waitFor();
    }
    await screenshot(page, "damaged-secrets");
    assert.equal(await messages(page).filter({ hasText: unreadable }).count(), 1);
    assert.ok((await treeRows(page, webhooks).count()) > 2);
    await clearNotifications(page);
    for (const [row, secret] of secrets) {
      await rowMenu(await revealRow(page, webhooks, row), "Store Secret…");
      await answer(page, "The secret of", secret);
      await notification(page, "is stored");
      await clearNotifications(page);
      assert.equal(await copiedSecret(page, await revealRow(page, webhooks, row)), secret);
    }
    assert.deepEqual(consoleErrors(page), []);
  });
});
