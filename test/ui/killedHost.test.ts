import assert from "node:assert/strict";
import { Random } from "../fuzz/random";
import { to, type Matcher } from "../misbehave/proxy";
import { clearNotifications, clickNotification, notification } from "./harness/messages";
import { answer } from "./harness/quickInput";
import { revealRow, rowAction, treeRow, viewAction } from "./harness/views";
import { screenshot } from "./harness/pictures";
import { reloadWindow } from "./harness/workbench";
import { killRound, prepare } from "./killRounds";
import { openSidebar, webhooks } from "./stage";
import { theTrouble, type Trouble } from "./trouble";

const created = to("POST", "/dashboard/webhooks");
/** How often it is killed at a chance moment: `KILL_HOST_ROUNDS=200` takes a quarter of an hour. */
const rounds = Number(process.env.KILL_HOST_ROUNDS ?? 20);
const url = "https://example.com/killed";

describe("an extension host that is killed in the middle of a request", () => {
  let stage: Trouble;

  before(async () => {
    stage = await theTrouble();
  });

  /** Holds back the answer to the next such request, and kills the host when it has taken effect. */
  async function killedAtEffect(matches: Matcher, act: () => Promise<void>): Promise<void> {
    const { page, proxy, session } = stage;
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
    const { page, proxy } = stage;
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
    const { page, proxy } = stage;
    const toggled = to("POST", "/toggle");
    await killedAtEffect(toggled, async () => {
      await rowAction(await revealRow(page, webhooks, "Killed"), "Disable Webhook");
    });
    await treeRow(page, webhooks, /Killed.*disabled/s).waitFor();
    assert.equal(proxy.count(toggled), 1);
  });

  it(`killed ${rounds} times at chance moments, loses nothing unsaid and presses nothing twice`, async function () {
    this.timeout(60_000 + rounds * 60_000);
    const random = (round: number): Random => new Random(round + 1);
    const ends = { nothing: 0, stored: 0, named: 0 };
    const began = performance.now();
    let press = await prepare(stage, 0);
    await viewAction(stage.page, webhooks, "Refresh");
    for (let round = 0; round < rounds; round++) {
      // A window that ends with its extension host costs three times as much.
      const withPage = round % 18 === 4;
      const outcome = await killRound(stage, round, random(round), press, withPage);
      ends[outcome.end]++;
      press = outcome.next;
    }
    console.log(`${rounds} kills in ${Math.round((performance.now() - began) / 1_000)} s: ${JSON.stringify(ends)}`);
    assert.ok(ends.stored > 0 && ends.named > 0, "both ends are seen");
  });
});
