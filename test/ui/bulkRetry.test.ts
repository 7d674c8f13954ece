import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { createClient } from "../../src/api/client";
import { demoAccount } from "../../src/local/demoAccount";
import { startLocalPacSpace, type LocalPacSpace } from "../../src/local/server";
import { MisbehavingProxy, to } from "../misbehave/proxy";
import { answerDialog, clearNotifications, clickNotification, dialog, notification } from "./harness/messages";
import { screenshot } from "./harness/pictures";
import { answer, palette, pick } from "./harness/quickInput";
import { Session } from "./harness/session";
import { treeRows } from "./harness/views";
import { statusBarItem } from "./harness/workbench";
import { deliveries, openSidebar } from "./stage";

const retry = to("POST", "/retry");
const command = "PacSpace: Retry Failed Deliveries…";

/** The ids of all that a PacSpace itself lists as failed: an event that failed at two webhooks is retried by one. */
async function failedAt(baseUrl: string): Promise<ReadonlySet<string>> {
  const api = createClient({ baseUrl });
  try {
    await api.auth.login(demoAccount.email, demoAccount.password);
    const rows: string[] = [];
    let total: number | undefined;
    for await (const page of api.webhooks.deliveries({ status: "failed", limit: 100 })) {
      rows.push(...page.deliveries.map(({ id }) => id));
      ({ total } = page);
    }
    assert.equal(rows.length, total, "the list is whole");
    return new Set(rows);
  } finally {
    await api.close();
  }
}

describe("a bulk retry, by hand", () => {
  let session: Session;
  let page: Page;
  let pacspace: LocalPacSpace;
  let proxy: MisbehavingProxy;
  let failed: ReadonlySet<string> = new Set();
  let total = "";
  const sent = (): readonly string[] => proxy.requests.filter(retry).map(({ path }) => path.split("/").at(-2) ?? "");

  before(async () => {
    // One of its own, where a queued delivery stays queued: the other tests need failed deliveries too.
    pacspace = await startLocalPacSpace({ seed: "demo", retryDelaysMs: [3_600_000] });
    proxy = await MisbehavingProxy.start(pacspace.baseUrl);
    session = await Session.start({ viewport: { width: 1360, height: 860 } });
    page = await session.openWindow();
    await openSidebar(page);
    await palette(page, "PacSpace: Switch Environment…");
    await pick(page, "Another address…");
    await answer(page, "Another PacSpace", proxy.baseUrl);
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
    await statusBarItem(page, "Local PacSpace").waitFor();
    await session.stop();
    await proxy.close();
    await pacspace.close();
  });

  it("counts before it asks, and retries nothing until a person agrees", async () => {
    failed = await failedAt(pacspace.baseUrl);
    assert.ok(failed.size > 4, String(failed.size));
    total = failed.size.toLocaleString("en");
    await palette(page, command);
    const question = await (await dialog(page)).innerText();
    assert.ok(question.includes(`Retry ${total} failed deliveries in `), question);
    await answerDialog(page, "Cancel");
    assert.deepEqual(sent(), []);
  });

  it("tells how far it is and how long it will take while PacSpace asks to wait, and keeps what is done", async () => {
    // Three go through, then there are too many.
    for (let count = 0; count < 3; count++) proxy.next(retry, { kind: "latency", ms: 1 });
    proxy.always(retry, { kind: "answer", status: 429, headers: { "retry-after": "3600" }, body: "" });
    await palette(page, command);
    await answerDialog(page, `Retry ${total}`);
    const progress = new RegExp(`3 of ${total}, about .* left; PacSpace asks to wait 1 h 0 min`);
    await notification(page, progress);
    await screenshot(page, "bulk-retry-waits");
    await clickNotification(page, progress, "Cancel");
    await notification(page, new RegExp(`3 of ${total} deliveries are queued again\\. .* are left as they are`));
    assert.equal(sent().length, 4);
  });

  it("offers to resume at the next run, retries nothing twice, and lists what failed", async () => {
    await clearNotifications(page);
    const before = sent().slice(0, 3);
    assert.deepEqual(
      [...failed].filter((id) => !before.includes(id)),
      [...(await failedAt(pacspace.baseUrl))],
      "those that were told as done are queued, and no other",
    );
    proxy.reset();
    proxy.next(retry, { kind: "answer", status: 500, body: "" });
    await palette(page, command);
    const question = await (await dialog(page)).innerText();
    assert.ok(question.includes(`3 of ${total} deliveries are done`), question);
    assert.deepEqual(sent(), []);
    await answerDialog(page, "Resume");
    await clickNotification(page, /deliveries are queued again; 1 could not be retried/, "Show Failures");
    await page.locator(".tabs-container .tab.active .label-name").filter({ hasText: "Failed retries" }).waitFor();
    await page.locator(".monaco-editor").filter({ hasText: "queued all the same" }).first().waitFor();
    const after = sent();
    assert.equal(after.length, failed.size - 3);
    assert.deepEqual(new Set([...before, ...after]), failed, "each of them once");
    await clearNotifications(page);
  });
});
