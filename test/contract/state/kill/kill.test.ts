import { createHmac } from "node:crypto";
import { once } from "node:events";
import * as path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { demoAccount } from "../../../../src/local/demoAccount";
import { startLocalPacSpace, type LocalPacSpace } from "../../../../src/local/server";
import type { Account } from "../../../../src/state/account";
import { createWebhook } from "../../../../src/state/actions/createWebhook";
import { deleteWebhook } from "../../../../src/state/actions/deleteWebhook";
import { lostCreates } from "../../../../src/state/actions/lostCreates";
import { MisbehavingProxy, to, type Matcher } from "../../../misbehave/proxy";
import {
  signIn,
  startReceiver,
  temporaryDirectory,
  type Client,
  type DeliveryRow,
  type Receiver,
  type WebhookRow,
} from "../../local/support";
import { bundled, nextMessage, started } from "../../program";
import { openAccount } from "../openAccount";
import type { Orders, Report } from "./actor";
import { FileSecrets } from "./fileSecrets";

/** How often the process is killed: `KILL_ROUNDS=200` takes some minutes. */
const rounds = Number(process.env.KILL_ROUNDS ?? 20);
/** Each part of an action takes up to so many milliseconds, so that a random moment can hit every one of them. */
const longestPart = 40;
const moments = ["begun", "sent", "effect", "answered", "done"] as const;

const created = to("POST", "/dashboard/webhooks");
const unsafe: readonly (readonly [string, Matcher])[] = [
  ["create", created],
  ["toggle", to("POST", "/toggle")],
  ["retry", to("POST", "/retry")],
  ["delete", ({ method }) => method === "DELETE"],
];

let actor: string;
let local: LocalPacSpace;
let proxy: MisbehavingProxy;
let receiver: Receiver;
let direct: Client;
let folder: Awaited<ReturnType<typeof temporaryDirectory>>;

beforeAll(async () => {
  folder = await temporaryDirectory();
  actor = await bundled(path.join(import.meta.dirname, "actor.ts"), folder.path);
  local = await startLocalPacSpace({ seed: "demo" });
  proxy = await MisbehavingProxy.start(local.baseUrl);
  receiver = await startReceiver();
  direct = await signIn(local.baseUrl);
});

afterAll(async () => {
  await receiver.close();
  await proxy.close();
  await local.close();
  await folder.remove();
});

/** Numbers from 0 up to 1, the same ones in every run (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const secretsFolder = (): string => path.join(folder.path, "secrets");
const notesFolder = (): string => path.join(folder.path, "creates");
const openWindow = (): Account => openAccount(proxy.baseUrl, new FileSecrets(secretsFolder()), notesFolder(), 20_000);

const webhookRows = async (): Promise<readonly WebhookRow[]> => {
  const rows: WebhookRow[] = [];
  for (let page = 1; ; page++) {
    const { webhooks } = (await direct.call("GET", `?limit=100&page=${page}`)).json.data;
    rows.push(...webhooks);
    if (webhooks.length < 100) return rows;
  }
};
const deliveryRows = async (): Promise<readonly DeliveryRow[]> =>
  (await direct.call("GET", "/deliveries?limit=50")).json.data.deliveries;

/** A failed delivery that can be retried. */
async function failedDelivery(): Promise<string> {
  const { deliveries } = (await direct.call("GET", "/deliveries?status=failed&limit=1&sortOrder=asc")).json.data;
  return deliveries[0].id;
}

/** Starts the process, and kills it at the moment and so many milliseconds later. */
async function killed(orders: Orders, moment: (typeof moments)[number], laterMs: number): Promise<readonly Report[]> {
  const child = started(actor, orders);
  const gone = once(child, "exit");
  const ready = await nextMessage<Report>(child);
  const reports: Report[] = [ready];
  const kill = (): void => void setTimeout(() => child.kill("SIGKILL"), laterMs);
  child.on("message", (report: Report) => {
    reports.push(report);
    if (report.type === "done" && moment === "done") kill();
  });
  proxy.onStage = (stage, request) => {
    if (stage === moment && created(request)) kill();
  };
  child.send("go");
  if (moment === "begun") kill();
  await gone;
  proxy.onStage = undefined;
  return reports;
}

/** Whether a secret is a webhook's: its test event is signed by it. */
async function isSecretOf(id: string, secret: string): Promise<boolean> {
  const before = receiver.received.length;
  await direct.call("POST", `/${id}/test`);
  const event = receiver.received[before];
  const timestamp = String(event?.headers["x-pacspace-timestamp"]);
  const signature = createHmac("sha256", secret).update(`${timestamp}.${event?.body.toString()}`).digest("hex");
  return event?.headers["x-pacspace-signature"] === `v1=${signature}`;
}

/** What the window that opens next shows is what the server has. */
async function expectServersState(window: Account, orders: Orders): Promise<void> {
  const webhooks = await webhookRows();
  while (window.webhooks.snapshot.hasMore) await window.webhooks.loadMore();
  const shown = window.webhooks.snapshot.webhooks;
  expect(shown.map(({ id, enabled }) => ({ id, enabled }))).toEqual(
    webhooks.map(({ id, enabled }) => ({ id, enabled })),
  );
  expect(shown.some(({ id }) => id === orders.toggle)).toBe(true);
  const before = await deliveryRows();
  await window.call(() => window.deliveries.load());
  const after = await deliveryRows();
  // A delivery that is being sent anew may change its state between two looks.
  for (const { id, webhookId, status } of window.deliveries.snapshot.rows) {
    const is = (row: DeliveryRow): boolean => row.id === id && row.webhookId === webhookId;
    expect([before.find(is)?.status, after.find(is)?.status]).toContain(status);
  }
}

test(
  `a process killed ${rounds} times in the middle of a create, a toggle, a retry and a delete loses nothing unsaid`,
  { timeout: 60_000 + rounds * 10_000 },
  async () => {
    const first = openWindow();
    await first.signIn(async (api) => {
      await api.auth.login(demoAccount.email, demoAccount.password);
    });
    await first.call(() => first.webhooks.load());
    const toggle = first.webhooks.snapshot.webhooks[0]?.id ?? "";
    const ends = { nothing: 0, stored: 0, named: 0 };
    for (let round = 0; round < rounds; round++) {
      const random = randomOf(round + 1);
      const part = (): number => Math.floor(random() * longestPart);
      const moment = moments[round % moments.length] ?? "begun";
      const doomed = await createWebhook(first, { url: `${receiver.url}/doomed/${round}` });
      const orders: Orders = {
        baseUrl: proxy.baseUrl,
        secretsFolder: secretsFolder(),
        notesFolder: notesFolder(),
        create: `${receiver.url}/killed/${round}`,
        toggle,
        remove: doomed.webhook.id,
        retry: await failedDelivery(),
      };
      proxy.reset();
      for (const [, matches] of unsafe) {
        // An answer to a create that took effect is held back where the moment lies between the two.
        const afterMs = moment === "effect" && matches === created ? 60_000 : part();
        proxy.always(matches, { kind: "latency", ms: part(), afterMs });
      }
      const reports = await killed(orders, moment, 2 * part());
      await proxy.settled();
      for (const [name, matches] of unsafe) expect(proxy.count(matches), name).toBeLessThanOrEqual(1);
      proxy.reset();

      const window = openWindow();
      await window.call(() => window.webhooks.load());
      const named = await lostCreates(window);
      const made = (await webhookRows()).filter(({ url }) => url === orders.create);
      expect(made.length).toBeLessThanOrEqual(1);
      const [webhook] = made;
      if (webhook === undefined) {
        expect(named).toEqual([]);
        ends.nothing++;
      } else {
        const stored = await window.secrets.get(webhook.id);
        const told =
          named.some((orphan) => orphan.webhook.id === webhook.id) ||
          reports.some((report) => report.type === "named" && report.id === webhook.id);
        expect({ moment, stored: stored !== undefined, told }).toEqual({ moment, stored: !told, told });
        if (stored !== undefined) expect(await isSecretOf(webhook.id, stored.secret)).toBe(true);
        ends[told ? "named" : "stored"]++;
      }
      await expectServersState(window, orders);
      for (const orphan of named) {
        await deleteWebhook(window, orphan.webhook.id);
        await window.creates.settle(orphan.note);
        const again = await createWebhook(window, { url: orphan.note.url });
        expect(again).toMatchObject({ kind: "created", secretStored: true });
      }
      expect(await lostCreates(window)).toEqual([]);
      await window.close();
    }
    console.log(`${rounds} kills: ${JSON.stringify(ends)}`);
    expect(ends.named).toBeGreaterThan(0);
    expect(ends.stored).toBeGreaterThan(0);
    await first.close();
  },
);
