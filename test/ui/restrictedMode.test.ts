import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { dismiss, palette, quickInput } from "./harness/quickInput";
import { Session } from "./harness/session";
import { statusBarItem } from "./harness/workbench";
import { openSidebar, webhooks } from "./stage";
import { welcome } from "./harness/views";

describe("a workspace that nobody vouches for", () => {
  let session: Session;
  let page: Page;
  let stranger: Server;
  const asked: string[] = [];

  before(async () => {
    stranger = createServer((request, response) => {
      asked.push(`${request.method ?? ""} ${request.url ?? ""}`);
      response.end("{}");
    });
    await new Promise<void>((resolve) => stranger.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
    session = await Session.start({ untrusted: true });
    mkdirSync(join(session.workspace, ".vscode"));
    const settings = {
      "pacspace.baseUrl": url,
      "pacspace.environments": { Production: url },
      "pacspace.local.port": (stranger.address() as AddressInfo).port,
      "pacspace.handler.url": `${url}/hook`,
      "pacspace.deliveries.refreshSeconds": 5,
    };
    writeFileSync(join(session.workspace, ".vscode", "settings.json"), JSON.stringify(settings));
    page = await session.openWindow();
  });

  after(async () => {
    await session.stop();
    stranger.closeAllConnections();
    stranger.close();
  });

  it("does not say where credentials go", async () => {
    await statusBarItem(page, "Restricted Mode").waitFor();
    await openSidebar(page);
    await welcome(page, webhooks).getByRole("button", { name: "Sign In" }).first().waitFor();
    await palette(page, "PacSpace: Switch Environment…");
    const choices = quickInput(page).getByRole("option");
    // The list is drawn row by row; this one stands above all others that may be there.
    await choices.filter({ hasText: "app.pacspace.io" }).waitFor();
    await choices.filter({ hasText: "Another address" }).waitFor();
    const texts = await choices.allInnerTexts();
    const port = (stranger.address() as AddressInfo).port;
    assert.deepEqual(
      texts.filter((text) => text.includes(String(port))),
      [],
    );
    await dismiss(page);
  });

  it("is offered no command that starts a server or sends to a handler", async () => {
    const box = quickInput(page);
    await page.keyboard.press("F1");
    await box.locator("input.input").fill(">PacSpace: ");
    await box.getByRole("option", { name: "PacSpace: Switch Environment…" }).first().waitFor();
    const offered = await box.getByRole("option").allInnerTexts();
    assert.deepEqual(
      offered.filter((text) => /Start Local|Prove|Send|Replay/.test(text)),
      [],
    );
    await dismiss(page);
  });

  it("starts no server by the button of the welcome either", async () => {
    await welcome(page, webhooks).getByRole("button", { name: "Start Local PacSpace" }).click();
    await page.waitForTimeout(2_000);
    await welcome(page, webhooks).getByRole("button", { name: "Sign In" }).first().waitFor();
  });

  it("makes nobody send anything", () => {
    assert.deepEqual(asked, []);
  });
});
