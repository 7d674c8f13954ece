import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import type { Random } from "../fuzz/random";
import { to, type Behaviour, type Matcher } from "../misbehave/proxy";
import { answerDialog, clickNotification } from "./harness/messages";
import { answer, typeAnswer } from "./harness/quickInput";
import { until } from "./harness/until";
import { revealRow, rowAction, rowMenu, treeRow, treeRows, viewAction } from "./harness/views";
import { deliveryOf, failOnce, isSecretOf, makeWebhook, webhookRow, webhooksTo } from "./onServer";
import { copiedSecret, deliveries, openSidebar, webhooks } from "./stage";
import type { Trouble } from "./trouble";

const listed = to("GET", "/dashboard/webhooks");
const created = to("POST", "/dashboard/webhooks");
const toggled = to("POST", "/toggle");
const retried = to("POST", "/retry");
const deleted: Matcher = ({ method }) => method === "DELETE";
/** What must not be pressed twice. */
const unsafe: readonly Matcher[] = [created, toggled, retried, deleted];

/** When the extension host is killed, seen from a create. */
const moments = ["begun", "sent", "effect", "answered", "later"] as const;
/** Each part of a request takes up to so many milliseconds, so that a chance moment can hit every one of them. */
const longestPart = 40;
/** In milliseconds: storing a secret takes 30 of them on a quiet machine, and several times as much on a busy one. */
const longestLater = 600;

/** What becomes of the request beside it: never forwarded, forwarded with its answer held back, or done. */
const fates: readonly [Behaviour, ...Behaviour[]] = [
  { kind: "silence" },
  { kind: "latency", ms: 0, afterMs: 60_000 },
  { kind: "latency", ms: longestPart },
];

/** How a create ended: it never took effect, its secret is stored, or its webhook was named as lost. */
export type End = "nothing" | "stored" | "named";

/** A button that is pressed beside the create, and how its row is compared with the server afterwards. */
export interface Press {
  readonly matches: Matcher;
  readonly act: (page: Page) => Promise<void>;
  readonly compare: (page: Page) => Promise<void>;
  readonly ids: readonly string[];
}

async function toggle(stage: Trouble, round: number): Promise<Press> {
  const name = `Switch ${round}.`;
  const id = await makeWebhook(stage, name);
  return {
    matches: toggled,
    ids: [id],
    act: async (page) => rowAction(await revealRow(page, webhooks, name), "Disable Webhook"),
    compare: async (page) => {
      const state = (await webhookRow(stage, id))?.enabled === true ? "enabled" : "disabled";
      await revealRow(page, webhooks, new RegExp(`${name.replace(".", "\\.")}.*${state}`, "s"));
    },
  };
}

async function remove(stage: Trouble, round: number): Promise<Press> {
  const name = `Doomed ${round}.`;
  const id = await makeWebhook(stage, name);
  return {
    matches: deleted,
    ids: [id],
    act: async (page) => {
      await rowMenu(await revealRow(page, webhooks, name), "Delete Webhook…");
      await answerDialog(page, "Delete");
    },
    compare: async (page) => {
      if ((await webhookRow(stage, id)) !== undefined) await revealRow(page, webhooks, name);
      else await until("the row is gone", async () => !(await treeRow(page, webhooks, name).isVisible()));
    },
  };
}

async function retry(stage: Trouble, round: number): Promise<Press> {
  const name = `Failing ${round}.`;
  const id = await makeWebhook(stage, name);
  await failOnce(stage, id);
  assert.equal((await deliveryOf(stage, id))?.status, "failed");
  return {
    matches: retried,
    ids: [id],
    act: async (page) => rowAction(await revealRow(page, deliveries, name), "Retry Delivery"),
    compare: async (page) => {
      const status = (await deliveryOf(stage, id))?.status;
      assert.ok(status === "failed" || status === "delivered", `the delivery is ${status}`);
      const row = await revealRow(page, deliveries, name);
      await until(`the delivery is shown as ${status}`, async () => (await labelOf(row)).includes(status));
    },
  };
}

async function labelOf(row: Locator): Promise<string> {
  return (await row.getAttribute("aria-label")) ?? "";
}

const presses = [toggle, retry, remove] as const;

/** Makes what the round with this number presses; the window shows it from its next start on. */
export function prepare(stage: Trouble, round: number): Promise<Press> {
  return (presses[round % presses.length] ?? toggle)(stage, round);
}

/** Waits until a new extension host has read the list; VS Code restarts two by itself, and then asks. */
async function restarted({ page, proxy }: Trouble): Promise<void> {
  const ask = page.getByRole("button", { name: "Restart Remote Extension Host" }).first();
  await until("a new extension host has read the list", async () => {
    if (proxy.count(listed) > 0 && proxy.running === 0) return true;
    if (await ask.isVisible()) await ask.click({ timeout: 3_000 }).catch(() => undefined);
    return false;
  });
}

/** Ends a window as a crash of the browser's tab does, and opens it anew. */
async function crashed(stage: Trouble): Promise<void> {
  await stage.page.close();
  stage.page = await stage.session.openWindow();
  await openSidebar(stage.page);
}

/** Finds out how a create ended, as a person does: by the notice, the row and what can be copied. */
async function endOf(stage: Trouble, url: string, name: string): Promise<End> {
  const { page, direct } = stage;
  const made = await webhooksTo(stage, url);
  assert.ok(made.length <= 1, "one create made two webhooks");
  const id = made[0]?.id;
  if (id === undefined) return "nothing";
  const notice = page.locator(".notifications-toasts .notification-list-item").filter({ hasText: id }).first();
  const row = await revealRow(page, webhooks, name);
  let secret: string | undefined;
  await until(`the secret of ${name} is stored, or named as lost`, async () => {
    if (await notice.isVisible()) return true;
    // The notice follows a moment later.
    if ((await row.innerText()).includes("secret missing")) return false;
    secret = await copiedSecret(page, row);
    return secret !== undefined;
  });
  if (secret === undefined) {
    await treeRow(page, webhooks, new RegExp(`${name.replace(".", "\\.")}.*secret missing`, "s")).waitFor();
    await clickNotification(page, id, "Leave It");
  } else {
    assert.ok(await isSecretOf(stage, id, secret), "another webhook's secret was stored");
    assert.ok(!(await notice.isVisible()), "a webhook is named as lost whose secret is stored");
  }
  await direct.call("DELETE", `/${id}`);
  return secret === undefined ? "named" : "stored";
}

/**
 * Creates a webhook by hand while another button's request is under way, kills the extension host at a chance moment,
 * and compares what the next one shows with what the server has.
 * @param press what is pressed beside it; it is shown already
 * @param withPage whether the window ends at the same moment
 * @returns how the create ended, and what the next round presses: the restart has shown it
 */
export async function killRound(
  stage: Trouble,
  round: number,
  random: Random,
  press: Press,
  withPage: boolean,
): Promise<{ readonly end: End; readonly next: Press }> {
  const { proxy, session, direct, receiver } = stage;
  const name = `Killed ${round}.`;
  const url = `${receiver.url}/killed/${round}`;
  const moment = moments[round % moments.length] ?? "begun";
  const laterMs = random.below(moment === "later" ? longestLater : longestPart);
  const part = (): number => random.below(longestPart);
  proxy.reset();
  const held = moment === "effect" ? 60_000 : part();
  proxy.always(created, { kind: "latency", ms: part(), afterMs: held });
  // Never forwarded, forwarded with its answer held back, or done.
  proxy.always(press.matches, random.pick(fates));
  let begin = (): void => undefined;
  const killHosts = await session.extensionHostKiller();
  const dead = new Promise<void>((resolve, reject) => {
    const kill = async (): Promise<void> => {
      killHosts();
      if (withPage) await stage.page.close();
    };
    const killSoon = (): void => void setTimeout(() => void kill().then(resolve, reject), laterMs);
    proxy.onStage = (stageOfRequest, request) => {
      if (stageOfRequest === (moment === "later" ? "answered" : moment) && created(request)) killSoon();
    };
    begin = moment === "begun" ? killSoon : () => undefined;
  });
  await press.act(stage.page);
  await viewAction(stage.page, webhooks, "Create Webhook");
  await answer(stage.page, "Create Webhook", url);
  await typeAnswer(stage.page, "A description", name);
  begin();
  // The window may be gone before the key is up.
  await stage.page.keyboard.press("Enter").catch(() => undefined);
  await dead;
  await proxy.settled();
  for (const matches of unsafe) assert.ok(proxy.count(matches) <= 1, "a request was sent twice");
  proxy.onStage = undefined;
  proxy.reset();
  const following = await prepare(stage, round + 1);
  if (withPage) await crashed(stage);
  else await restarted(stage);
  await treeRows(stage.page, webhooks).first().waitFor();
  const end = await endOf(stage, url, name);
  await press.compare(stage.page);
  for (const matches of unsafe) assert.equal(proxy.count(matches), 0, "a request was sent again");
  // Toasts that stand there would hide the next ones.
  await stage.page.keyboard.press("Escape");
  for (const id of press.ids) await direct.call("DELETE", `/${id}`);
  return { end, next: following };
}
