import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { to, type Behaviour, type Matcher } from "../misbehave/proxy";
import { consoleErrors } from "./harness/consoleErrors";
import { answerDialog, dialog, notification } from "./harness/messages";
import { answer } from "./harness/quickInput";
import { until } from "./harness/until";
import { revealRow, rowAction, treeRow, treeRows, view, viewAction } from "./harness/views";
import { deliveryOf, failOnce, isSecretOf, makeWebhook, webhooksTo } from "./onServer";
import { copiedSecret, deliveries, webhooks } from "./stage";
import { theTrouble, type Trouble } from "./trouble";

const created = to("POST", "/dashboard/webhooks");
const retried = to("POST", "/retry");
const listed = to("GET", "/dashboard/webhooks");
const deliveriesListed = to("GET", "/dashboard/webhooks/deliveries");

const page200 = "<!doctype html><title>Welcome</title><p>Please come in";
/** With the effect behind it where the request has one. */
const misbehaviours: Readonly<Record<string, Behaviour>> = {
  "a connection that ends": { kind: "resetAfter" },
  "a web page": { kind: "answerAfter", status: 200, body: page200 },
  "half of the JSON": { kind: "cutJson" },
  "an error of the server": { kind: "answerAfter", status: 500, body: '{"statusCode":500,"message":"Broken"}' },
};

const kept = ["Kept one", "Kept two"];
const failing = (what: string): string => `Failed before ${what}`;

describe("a window whose server misbehaves", () => {
  let stage: Trouble;
  let page: Page;
  /** The webhooks with a failed delivery each, by the misbehaviour that its retry meets. */
  const ids = new Map<string, string>();
  /** How many errors the window had reported before: of extension hosts that another test killed. */
  let earlier = 0;

  before(async () => {
    stage = await theTrouble();
    stage.proxy.reset();
    page = stage.page;
    earlier = consoleErrors(page).length;
    for (const name of kept) await makeWebhook(stage, name);
    for (const what of Object.keys(misbehaviours)) {
      const id = await makeWebhook(stage, failing(what));
      await failOnce(stage, id);
      ids.set(what, id);
    }
    await viewAction(page, webhooks, "Refresh");
    await treeRow(page, webhooks, "Kept two").waitFor();
    for (const what of Object.keys(misbehaviours)) await treeRow(page, deliveries, failing(what)).waitFor();
  });

  afterEach(async () => {
    stage.proxy.reset();
    await page.keyboard.press("Escape");
  });

  /** Nothing turns any more, and the rows are there. */
  async function expectCalm(name: string): Promise<void> {
    const turning = view(page, name).locator(".monaco-progress-container.active");
    await until(`the view "${name}" shows no progress`, async () => (await turning.count()) === 0);
    for (const row of kept) await revealRow(page, webhooks, row);
  }

  /** Misbehaves at each such request from now on, and says when the first one has come. */
  function misbehave(matches: Matcher, behaviour: Behaviour): () => Promise<void> {
    stage.proxy.always(matches, behaviour);
    return () => until("the request has come", () => Promise.resolve(stage.proxy.count(matches) > 0));
  }

  for (const [what, behaviour] of Object.entries(misbehaviours)) {
    it(`keeps its rows after a refresh that gets ${what}`, async () => {
      const came = misbehave(listed, behaviour);
      await viewAction(page, webhooks, "Refresh");
      await came();
      await view(page, webhooks).getByText("these rows are from before").waitFor();
      await expectCalm(webhooks);
      assert.ok((await treeRows(page, webhooks).count()) >= 2);
    });
  }

  // It takes its limit of half a minute while the next ones go on, none of which reads deliveries.
  it("takes no answer at all to a refresh", async () => {
    const came = misbehave(deliveriesListed, { kind: "silence" });
    await viewAction(page, webhooks, "Refresh");
    await came();
    await view(page, deliveries).locator(".monaco-progress-container.active").first().waitFor();
    await expectCalm(webhooks);
  });

  for (const [what, behaviour] of Object.entries(misbehaviours)) {
    it(`makes a webhook anew in one step when the answer to its create is ${what}`, async () => {
      const name = `Made after ${what}`;
      const url = `${stage.receiver.url}/${name.replaceAll(" ", "-")}`;
      stage.proxy.next(created, behaviour);
      await viewAction(page, webhooks, "Create Webhook");
      await answer(page, "Create Webhook", url);
      await answer(page, "A description", name);
      assert.match(await (await dialog(page)).innerText(), /The answer was lost, and with it the secret/);
      const [lost] = await webhooksTo(stage, url);
      await answerDialog(page, "Delete and Create Again");
      await notification(page, `Webhook created for ${url}`);
      await expectCalm(webhooks);
      const made = await webhooksTo(stage, url);
      assert.equal(made.length, 1);
      assert.notEqual(made[0]?.id, lost?.id);
      assert.equal(stage.proxy.count(created), 2);
      const secret = await copiedSecret(page, await revealRow(page, webhooks, name));
      assert.ok(await isSecretOf(stage, made[0]?.id ?? "", secret ?? ""), "its secret is stored");
    });
  }

  it("ends the refresh that got no answer by its limit, and shows what a repeat of it brings", async () => {
    await treeRow(page, deliveries, "Made after a web page").waitFor({ timeout: 50_000 });
    await expectCalm(deliveries);
  });

  for (const [what, behaviour] of Object.entries(misbehaviours)) {
    it(`shows the server's state of a delivery when the answer to its retry is ${what}`, async () => {
      const came = misbehave(retried, behaviour);
      const row = await revealRow(page, deliveries, failing(what));
      await rowAction(row, "Retry Delivery");
      await came();
      await until("the endpoint has it", async () => {
        return (await deliveryOf(stage, ids.get(what) ?? ""))?.status === "delivered";
      });
      // It is read once, and may be on its way still.
      await until("the row is as the server had it then", async () =>
        /, (?:pending|delivered), /.test((await row.getAttribute("aria-label")) ?? ""),
      );
      await expectCalm(deliveries);
      assert.equal(stage.proxy.count(retried), 1);
    });
  }

  it("has reported no error, and left no promise unhandled", () => {
    assert.deepEqual(consoleErrors(page).slice(earlier), []);
    const log = stage.session.extensionHostLog();
    assert.match(log, /pacspace/);
    assert.doesNotMatch(log, /rejected promise not handled|unhandled/i);
  });
});
