import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { demoAccount } from "../../src/local/demoAccount";
import { startLocalPacSpace, type LocalPacSpace } from "../../src/local/server";
import { MisbehavingProxy, to, type Matcher } from "../misbehave/proxy";
import { clearNotifications, clickNotification, notification } from "./harness/messages";
import { answer, palette, pick } from "./harness/quickInput";
import { Session } from "./harness/session";
import { revealRow, rowAction, treeRow, viewAction } from "./harness/views";
import { screenshot } from "./harness/pictures";
import { reloadWindow } from "./harness/workbench";
import { openSidebar, webhooks } from "./stage";

const created = to("POST", "/dashboard/webhooks");
const url = "https://example.com/killed";

describe("an extension host that is killed in the middle of a request", () => {
  let local: LocalPacSpace;
  let proxy: MisbehavingProxy;
  let session: Session;
  let page: Page;

  before(async () => {
    local = await startLocalPacSpace({ seed: "empty" });
    proxy = await MisbehavingProxy.start(local.baseUrl);
    session = await Session.start({ settings: { "pacspace.environments": { Trouble: proxy.baseUrl } } });
    page = await session.openWindow();
    await openSidebar(page);
    await palette(page, "PacSpace: Switch Environment…");
    await pick(page, "Trouble");
    await palette(page, "PacSpace: Sign In…");
    await pick(page, "Email and password");
    await answer(page, "Email", demoAccount.email);
    await answer(page, "Password", demoAccount.password);
    await notification(page, "Signed in to Trouble.");
    await clearNotifications(page);
  });

  after(async () => {
    await session.stop();
    await proxy.close();
    await local.close();
  });

  /** Holds back the answer to the next such request, and kills the host when it has taken effect. */
  async function killedAtEffect(matches: Matcher, act: () => Promise<void>): Promise<void> {
    proxy.reset();
    proxy.next(matches, { kind: "latency", ms: 0, afterMs: 120_000 });
    const effect = new Promise<void>((resolve) => {
      proxy.onStage = (stage, request) => {
        if (stage === "effect" && matches(request)) resolve();
      };
    });
    await act();
    await effect;
    await session.killExtensionHosts();
    assert.equal(proxy.count(matches), 1);
    await reloadWindow(page);
    await openSidebar(page);
  }

  it("in a create: names the webhook whose secret is lost, and makes it anew in one step", async () => {
    await killedAtEffect(created, async () => {
      await viewAction(page, webhooks, "Create Webhook");
      await answer(page, "Create Webhook", url);
      await answer(page, "A description", "Killed");
    });
    await notification(page, "its answer was lost");
    await treeRow(page, webhooks, /Killed.*secret missing/s).waitFor();
    await screenshot(page, "killed-create");
    await clickNotification(page, "its answer was lost", "Delete and Create Again");
    await notification(page, "Webhook created");
    const row = await revealRow(page, webhooks, "Killed");
    assert.doesNotMatch(await row.innerText(), /secret missing/);
    // The killed one, and the new one.
    assert.equal(proxy.count(created), 2);
    await clearNotifications(page);
  });

  it("in a toggle: shows the server's state, and toggles no second time", async () => {
    const toggled = to("POST", "/toggle");
    await killedAtEffect(toggled, async () => {
      await rowAction(await revealRow(page, webhooks, "Killed"), "Disable Webhook");
    });
    await treeRow(page, webhooks, /Killed.*disabled/s).waitFor();
    assert.equal(proxy.count(toggled), 1);
  });
});
