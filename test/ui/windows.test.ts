import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Page } from "playwright-core";
import { demoAccount } from "../../src/local/demoAccount";
import { answerDialog, clearNotifications, dialog, notification } from "./harness/messages";
import { answer, palette, pick } from "./harness/quickInput";
import { until } from "./harness/until";
import { revealRow, rowMenu, treeRow, treeRows, welcome } from "./harness/views";
import { screenshot } from "./harness/pictures";
import { readClipboard, statusBarItem, writeClipboard } from "./harness/workbench";
import { signedIn, theSession, webhooks } from "./stage";

/** The demo account's webhook whose secret nobody has kept. */
const keyless = "secret missing";

async function copySecret(page: Page, row: string): Promise<string> {
  await writeClipboard(page, "");
  await palette(page, "PacSpace: Copy Secret…");
  await pick(page, row);
  await notification(page, /is on the clipboard|No secret is stored here/);
  const text = await readClipboard(page);
  await clearNotifications(page);
  return text;
}

async function storeSecret(page: Page, row: string, secret: string): Promise<void> {
  await rowMenu(await revealRow(page, webhooks, row), "Store Secret…");
  await answer(page, "The secret of", secret);
  await notification(page, "is stored");
  await clearNotifications(page);
}

describe("two windows on one profile", () => {
  let one: Page;
  let other: Page;
  let name = "";

  before(async () => {
    one = await signedIn();
    other = await signedIn();
    const row = await revealRow(one, webhooks, keyless);
    name = (await row.locator(".label-name").first().innerText()).trim();
  });

  after(async () => {
    await one.close();
    await other.close();
  });

  it("see a secret that the other one stored", async () => {
    await storeSecret(one, name, "whsec_from_one");
    assert.equal(await copySecret(other, name), "whsec_from_one");
    await until(
      "no row says that a secret is missing",
      async () => !(await treeRow(other, webhooks, keyless).isVisible()),
    );
  });

  it("replace and forget in step", async () => {
    await storeSecret(other, name, "whsec_from_other");
    assert.equal(await copySecret(one, name), "whsec_from_other");
    await rowMenu(await revealRow(other, webhooks, name), "Forget Secret…");
    await answerDialog(other, "Forget");
    assert.equal(await copySecret(one, name), "");
    await treeRow(one, webhooks, keyless).waitFor();
  });

  it("sign out and in together", async () => {
    await palette(one, "PacSpace: Sign Out");
    await welcome(one, webhooks).getByRole("button", { name: "Sign In" }).waitFor();
    // Used before it comes to the front: nothing is sent with the session that is gone.
    await palette(other, "PacSpace: Refresh");
    await notification(other, "You are not signed in to Local PacSpace");
    await welcome(other, webhooks).getByRole("button", { name: "Sign In" }).waitFor();
    await clearNotifications(other);
    await palette(one, "PacSpace: Sign In…");
    await pick(one, "Email and password");
    await answer(one, "Email", demoAccount.email);
    await answer(one, "Password", demoAccount.password);
    await treeRows(one, webhooks).first().waitFor();
    await treeRows(other, webhooks).first().waitFor();
    await clearNotifications(one);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Local PacSpace's process, as it notes itself beside its data. */
async function localPid(): Promise<number> {
  const directory = dirname((await theSession()).workspace);
  const lock = readdirSync(directory, { recursive: true, encoding: "utf8" }).find((file) =>
    file.endsWith(join("local", "demo", "lock")),
  );
  assert.ok(lock, "Local PacSpace has its data open");
  return Number(readFileSync(join(directory, lock), "utf8"));
}

function parentOf(pid: number): number {
  return Number(execFileSync("ps", ["-o", "ppid=", "-p", String(pid)], { encoding: "utf8" }));
}

describe("what a window started", () => {
  it("ends when the window is closed", async () => {
    const page = await signedIn();
    const pid = await localPid();
    assert.ok(isAlive(pid));
    await page.close({ runBeforeUnload: true });
    await until("Local PacSpace has ended", () => Promise.resolve(!isAlive(pid)));
  });

  it("ends when the extension host is killed", async () => {
    const page = await signedIn();
    const pid = await localPid();
    process.kill(parentOf(pid), "SIGKILL");
    await until("Local PacSpace has ended", () => Promise.resolve(!isAlive(pid)));
    await page.close();
  });
});

describe("forgetting everything, by hand", () => {
  it("is asked with what is lost, and leaves nothing", async () => {
    const page = await signedIn();
    await palette(page, "PacSpace: Forget Everything…");
    const question = await (await dialog(page)).innerText();
    assert.match(question, /\d+ sessions, \d+ webhook secrets, \d+ earlier ones/);
    assert.match(question, /They belong to: .*Local PacSpace/);
    await screenshot(page, "forget-everything");
    await answerDialog(page, "Cancel");
    await treeRows(page, webhooks).first().waitFor();
    await palette(page, "PacSpace: Forget Everything…");
    await answerDialog(page, "Forget Everything");
    await notification(page, "It was read back that nothing is left");
    await welcome(page, webhooks).getByRole("button", { name: "Sign In" }).waitFor();
    await statusBarItem(page, "Production").waitFor();
    await page.close();
  });
});
