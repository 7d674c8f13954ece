import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { clearNotifications, notification } from "./harness/messages";
import {
  answer,
  answerFileDialog,
  palette,
  pick,
  quickInput,
  quickInputMessage,
  typeAnswer,
} from "./harness/quickInput";
import { setTheme, themes } from "./harness/theme";
import { until } from "./harness/until";
import { revealRow, rowAction, viewAction } from "./harness/views";
import { screenshot } from "./harness/pictures";
import { readClipboard, writeClipboard } from "./harness/workbench";
import { deliveries, Handler, inspect, inspector, signedIn, theSession, webhooks, type Received } from "./stage";

const verify = "PacSpace: Verify a Webhook Signature…";
const names = ["X-PacSpace-Signature", "X-PacSpace-Timestamp", "X-Webhook-Event", "X-Event-ID"];

/** A request as raw HTTP. */
function raw({ headers, body }: Received): string {
  const lines = names.map((name) => `${name}: ${String(headers[name.toLowerCase()])}`);
  return ["POST /webhooks HTTP/1.1", ...lines, "", body].join("\r\n");
}

/** As a handler logs it that has parsed the body and printed it again. */
function printedAgain(request: Received): string {
  return raw({ ...request, body: JSON.stringify(JSON.parse(request.body), undefined, 2) }).replaceAll("\r\n", "\n");
}

const sha256 = (bytes: Uint8Array | string): string => createHash("sha256").update(bytes).digest("hex");

/** Opens a file of the workspace in the editor that is in front. */
async function openFile(page: Page, name: string): Promise<void> {
  await page.keyboard.press("Control+P");
  await quickInput(page).locator("input.input").fill(name);
  await quickInput(page).locator(".monaco-list-row").filter({ hasText: name }).first().waitFor();
  await page.keyboard.press("Enter");
  await page.locator(".tabs-container .tab.active").filter({ hasText: name }).waitFor();
  await page.locator(".monaco-editor .view-line").first().waitFor();
}

describe("signatures, by hand", () => {
  const handler = new Handler();
  let page: Page;
  let test: Received;
  let workspace = "";

  before(async () => {
    page = await signedIn();
    ({ workspace } = await theSession());
    await viewAction(page, webhooks, "Create Webhook");
    await answer(page, "Create Webhook", await handler.listen());
    await answer(page, "A description", "Orders");
    await notification(page, "Webhook created");
    await clearNotifications(page);
    const delivered = handler.next();
    await rowAction(await revealRow(page, webhooks, "Orders"), "Send Test Event");
    test = await delivered;
    await notification(page, "The endpoint took the test event");
    await clearNotifications(page);
  });

  after(async () => {
    await handler.close();
    await page.close();
  });

  it("finds a delivery valid that was made seconds ago", async () => {
    await until(
      "the row says when",
      async () => !(await (await revealRow(page, webhooks, "Orders")).innerText()).includes("never triggered"),
    );
    // Another test event may be open still.
    const title = new RegExp(`^test · ${String(test.headers["x-event-id"]).slice(-6)}`);
    const panel = await inspect(page, () => revealRow(page, deliveries, "Orders"), title);
    await panel.getByRole("tab", { name: "Verify" }).click();
    await panel.getByRole("button", { name: "Check Signature" }).click();
    await panel.getByRole("heading", { name: "Valid", exact: true }).waitFor();
    await screenshot(page, "verify-valid");
    await palette(page, "View: Close All Editors");
  });

  it("takes a delivery that is chosen, and a file byte for byte, and checks them at once", async () => {
    await palette(page, verify);
    await pick(page, "A Delivery…");
    await typeAnswer(page, "Choose a delivery among those loaded", "Orders");
    await quickInput(page).locator(".monaco-list-row").filter({ hasText: "Orders" }).first().waitFor();
    await screenshot(page, "verify-choose-delivery");
    await page.keyboard.press("Enter");
    const delivery = await inspector(page, /^test · /);
    await delivery.getByRole("heading", { name: "Valid", exact: true }).waitFor();

    const file = join(workspace, "request.http");
    writeFileSync(file, raw(test));
    await palette(page, verify);
    await pick(page, "A File…");
    await answerFileDialog(page, "The File That Holds the Request", file);
    const panel = await inspector(page, /Verify/);
    await panel.getByText("Read request.http as a raw HTTP request with 4 headers.").waitFor();
    await panel.getByRole("heading", { name: "Valid", exact: true }).waitFor();
    assert.equal(await panel.locator(".note").count(), 0, "nothing is doubtful about a file");
    await screenshot(page, "verify-file");
  });

  it("takes what is selected in an editor, and says what editors change", async () => {
    await palette(page, "File: New Untitled Text File");
    await page.locator(".tabs-container .tab.active").filter({ hasText: "Untitled-1" }).waitFor();
    await page.locator(".monaco-editor textarea, .monaco-editor .native-edit-context").first().focus();
    await writeClipboard(page, raw(test));
    await page.keyboard.press("Control+V");
    await page.locator(".monaco-editor .view-line").getByText("X-Event-ID").waitFor();
    await page.keyboard.press("Control+A");
    await palette(page, verify);
    await screenshot(page, "verify-ways");
    await pick(page, "The Selection");
    const panel = await inspector(page, /Verify/);
    await panel.getByText("Read the selection in Untitled-1 as a raw HTTP request with 4 headers.").waitFor();
    for (const warning of [
      "The editor gives every line end as LF, also those that are CRLF in the file.",
      "A byte-order mark at the beginning of the file is not part of the text.",
      "The selection ends without a line end: what was sent may have one.",
    ]) {
      await panel.locator(".note").getByText(warning).waitFor();
    }
    const facts = await panel.locator(".body-facts").innerText();
    assert.ok(facts.includes(`${Buffer.byteLength(test.body)} bytes`) && facts.includes(sha256(test.body)), facts);
    await panel.getByRole("heading", { name: "Valid", exact: true }).waitFor();
    await screenshot(page, "verify-selection");
    // What is not saved would be asked for when all are closed.
    await page.locator(".tabs-container .tab").filter({ hasText: "Untitled-1" }).click();
    await palette(page, "View: Revert and Close Editor");
    await inspector(page, /Verify/);
  });

  it("takes a body as base64 and a secret in a password box, of which it shows a fingerprint alone", async () => {
    const secret = "whsec_typed-by-hand";
    const body = Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x0d, 0x0a, 0xff, 0x00, 0x7d]);
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const signature = createHmac("sha256", secret).update(`${timestamp}.`).update(body).digest("hex");
    const panel = await inspector(page, /Verify/);
    await panel.getByRole("button", { name: "Base64…" }).click();
    await typeAnswer(page, "The Body as Base64", "77u/ew0K/w?");
    await quickInputMessage(page, /base64/i);
    await answer(page, "The Body as Base64", body.toString("base64"));
    await panel.getByText("From base64").waitFor();
    const facts = await panel.locator(".body-facts").innerText();
    assert.ok(facts.includes("9 bytes") && facts.includes(sha256(body)), facts);
    await panel.getByRole("textbox", { name: "X-PacSpace-Signature" }).fill(`v1=${signature}`);
    await panel.getByRole("textbox", { name: "X-PacSpace-Timestamp" }).fill(timestamp);
    await panel.getByRole("button", { name: "Check Signature" }).click();
    await panel.getByRole("heading", { name: "Invalid", exact: true }).waitFor();

    await panel.getByRole("button", { name: "Type a Secret…" }).click();
    await typeAnswer(page, "Secret to Check With", secret);
    assert.equal(await quickInput(page).locator("input.input").getAttribute("type"), "password");
    await screenshot(page, "verify-secret-box");
    await page.keyboard.press("Enter");
    const key = panel.getByLabel("Secret", { exact: true }).locator("option:checked");
    await key.filter({ hasText: /^Typed secret · [0-9a-f]{8}$/ }).waitFor({ state: "attached" });
    await panel.getByRole("button", { name: "Check Signature" }).click();
    await panel.getByRole("heading", { name: "Valid", exact: true }).waitFor();
    await screenshot(page, "verify-typed");
    for (const frame of page.frames()) assert.ok(!(await frame.content()).includes(secret));
    // A panel keeps it until it is closed, and what follows is signed with a stored one.
    await panel.getByLabel("Secret", { exact: true }).selectOption({ index: 0 });
    await palette(page, "View: Close All Editors");
  });

  it("leads from the paste of a failing one to the line to change", async () => {
    await palette(page, verify);
    await quickInput(page).getByPlaceholder("Where is the request?").waitFor();
    await writeClipboard(page, printedAgain(test));
    await pick(page, "The Clipboard");
    const panel = await inspector(page, /Verify/);
    await panel.getByText("Proven · body.reserialized").waitFor();
    for (const theme of themes) {
      await setTheme(page, theme);
      await panel.getByRole("button", { name: "Copy as Markdown" }).scrollIntoViewIfNeeded();
      await screenshot(page, `doctor-${theme}`);
    }
    await panel.getByRole("button", { name: "Copy", exact: true }).click();
    await until("the code is on the clipboard", async () => (await readClipboard(page)).includes("express.raw"));
    assert.doesNotMatch(await panel.locator("body").innerText(), /whsec_[0-9a-f]/);
  });

  it("puts that line into the file beside it", async () => {
    const code = await readClipboard(page);
    const file = join(workspace, "handler.js");
    writeFileSync(file, "app.listen(3000);\n");
    await openFile(page, "handler.js");
    await palette(page, "View: Move Editor into Next Group");
    const panel = await inspector(page, /Verify/);
    await panel.getByRole("button", { name: "Insert into Editor" }).click();
    const lines = page.locator(".monaco-editor .view-lines");
    await lines.getByText("express.raw(").first().waitFor();
    await screenshot(page, "doctor-inserted");
    await palette(page, "File: Save");
    await until("it is saved", () => Promise.resolve(readFileSync(file, "utf8").includes("express.raw(")));
    assert.equal(readFileSync(file, "utf8"), `${code}app.listen(3000);\n`);
    await palette(page, "View: Close All Editors");
  });
});
