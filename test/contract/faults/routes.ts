import { readFile } from "node:fs/promises";
import type { Account } from "../../../src/state/account";
import { createWebhook } from "../../../src/state/actions/createWebhook";
import { deleteWebhook } from "../../../src/state/actions/deleteWebhook";
import { exportDeliveries } from "../../../src/state/actions/exportDeliveries";
import { lostCreates, orphanSentence } from "../../../src/state/actions/lostCreates";
import { retryDelivery } from "../../../src/state/actions/retryDelivery";
import { toggleWebhook } from "../../../src/state/actions/setWebhookEnabled";
import { demoAccount, mfaAccount } from "../../../src/local/demoAccount";
import { to, type Matcher } from "../../misbehave/proxy";
import { send, type Client, type WebhookRow } from "../local/support";

/** What a cell of the matrix works with: things of its own on a server that all cells share. */
export interface Cell {
  readonly account: Account;
  /** Straight to the server. */
  readonly direct: Client;
  readonly directUrl: string;
  /** The session that the account began with. */
  readonly session: string | undefined;
  /** A webhook, and where the route needs it a failed delivery, for this cell alone. */
  readonly webhookId: string;
  readonly deliveryId: string;
  readonly url: string;
  readonly file: string;
  readonly signal: AbortSignal | undefined;
}

export interface Route {
  readonly name: string;
  readonly matches: Matcher;
  /** Whether it may change something: then nothing but a refusal for too many requests may be repeated. */
  readonly unsafe: boolean;
  /** It needs a failed delivery. */
  readonly retries?: true;
  /** Does what a person asks for; a sentence where the person is told something although it did not fail. */
  readonly act: (cell: Cell) => Promise<string | undefined>;
  /** How a person ends it, where it has no Cancel of its own. */
  readonly cancel?: (cell: Cell) => void;
  /** What state remains, in words. */
  readonly state: (cell: Cell) => Promise<string>;
}

const root = "/dashboard/webhooks";
const yes = (holds: boolean, words: string, otherwise: string): string => (holds ? words : otherwise);

interface ServersWebhook {
  readonly enabled: boolean;
  readonly lastTriggered?: string;
}

/** The webhook of a URL; the newest come first. */
async function webhookOf(direct: Client, url: string): Promise<{ readonly id: string } | undefined> {
  for (let page = 1; ; page++) {
    const { webhooks } = (await direct.call("GET", `?limit=100&page=${page}`)).json.data as { webhooks: WebhookRow[] };
    const found = webhooks.find((webhook) => webhook.url === url);
    if (found !== undefined || webhooks.length < 100) return found;
  }
}

async function onServer({ direct, webhookId }: Cell): Promise<ServersWebhook | undefined> {
  const { status, json } = await direct.call("GET", `/${webhookId}`);
  return status === 200 ? (json.data as ServersWebhook) : undefined;
}

const sessionState = async ({ account, session }: Cell): Promise<string> =>
  yes((await account.api()).exportSession() === session, "the session before it stays", "another session");

export const routes: readonly Route[] = [
  {
    name: "Sign in",
    matches: to("POST", "/auth/login"),
    unsafe: true,
    act: async ({ account, signal }) => {
      await account.signIn(async (api) => {
        await api.auth.login(demoAccount.email, demoAccount.password, { signal });
      });
      return undefined;
    },
    state: sessionState,
  },
  {
    name: "Complete the sign-in with a code",
    matches: to("POST", "/mfa-verify"),
    unsafe: true,
    act: async ({ account, directUrl, signal }) => {
      const { email, password, code } = mfaAccount;
      const answer = await send(directUrl, "POST", "/dashboard/auth/login", { body: { email, password } });
      await account.signIn((api) => api.auth.verifyMfa(String(answer.json.data.mfaTicket), code, { signal }));
      return undefined;
    },
    state: sessionState,
  },
  {
    name: "List the webhooks",
    matches: to("GET", root),
    unsafe: false,
    act: async ({ account }) => {
      await account.call(() => account.webhooks.load());
      return undefined;
    },
    // Another refresh: it meets the same, and ends with the account.
    cancel: ({ account }) => void account.webhooks.load().catch(() => undefined),
    state: () => Promise.resolve(""),
  },
  {
    name: "Read a webhook",
    matches: ({ method, path }) => method === "GET" && /\/webhooks\/webhook_\w+$/.test(path),
    unsafe: false,
    act: async ({ account, webhookId, signal }) => {
      await account.call((api) => api.webhooks.get(webhookId, { signal }));
      return undefined;
    },
    state: () => Promise.resolve(""),
  },
  {
    name: "Create a webhook",
    matches: to("POST", root),
    unsafe: true,
    act: async ({ account, url, signal }) => {
      const outcome = await createWebhook(account, { url }, signal);
      if (outcome.kind === "created") return undefined;
      await account.creates.settle(outcome.note);
      return orphanSentence(outcome.webhook);
    },
    state: async ({ account, direct, url }) => {
      const made = await webhookOf(direct, url);
      const stored = made !== undefined && (await account.secrets.get(made.id)) !== undefined;
      const [left] = made === undefined ? [] : await lostCreates(account);
      if (left !== undefined) {
        await account.creates.settle(left.note);
        return "created; the next refresh tells that its secret is lost";
      }
      return yes(made === undefined, "not created", stored ? "created, its secret stored" : "created, told as lost");
    },
  },
  {
    name: "Enable or disable a webhook",
    matches: to("POST", "/toggle"),
    unsafe: true,
    act: async ({ account, webhookId, signal }) => {
      await toggleWebhook(account, webhookId, signal);
      return undefined;
    },
    state: async (cell) => {
      const server = await onServer(cell);
      const row = cell.account.webhooks.get(cell.webhookId);
      const switched = yes(server?.enabled === false, "switched", "not switched");
      return `${switched}; the row ${yes(row?.enabled === server?.enabled, "says so", "is as before")}`;
    },
  },
  {
    name: "Test a webhook",
    matches: to("POST", "/test"),
    unsafe: true,
    act: async ({ account, webhookId, signal }) => {
      await account.call((api) => api.webhooks.test(webhookId, { signal }));
      return undefined;
    },
    state: async (cell) => yes((await onServer(cell))?.lastTriggered === undefined, "no event sent", "event sent"),
  },
  {
    name: "Delete a webhook",
    matches: ({ method }) => method === "DELETE",
    unsafe: true,
    act: async ({ account, webhookId, signal }) => {
      await deleteWebhook(account, webhookId, signal);
      return undefined;
    },
    state: async (cell) => {
      const deleted = yes((await onServer(cell)) === undefined, "deleted", "not deleted");
      return `${deleted}; the row ${yes(cell.account.webhooks.get(cell.webhookId) === undefined, "is gone", "stays")}`;
    },
  },
  {
    name: "List the deliveries",
    matches: to("GET", "/deliveries"),
    unsafe: false,
    act: async ({ account }) => {
      await account.call(() => account.deliveries.load());
      return undefined;
    },
    cancel: ({ account }) => account.deliveries.setFilter({ status: "delivered" }),
    state: () => Promise.resolve(""),
  },
  {
    name: "Export the deliveries",
    matches: to("GET", "/export"),
    unsafe: false,
    act: async ({ account, file, signal }) => {
      await exportDeliveries(account, { status: "delivered" }, file, { signal });
      return undefined;
    },
    state: async ({ file, direct }) => {
      const text = await readFile(file, "utf8").catch(() => undefined);
      if (text === undefined) return "no file left";
      const { text: whole } = await direct.call("GET", "/deliveries/export?status=delivered");
      return yes(text === whole, "the file is whole", "the file holds what was sent");
    },
  },
  {
    name: "Retry a delivery",
    matches: to("POST", "/retry"),
    unsafe: true,
    retries: true,
    act: async ({ account, deliveryId, signal }) => {
      await retryDelivery(account, { id: deliveryId }, signal);
      return undefined;
    },
    state: async ({ account, direct, deliveryId }) => {
      const { deliveries } = (await direct.call("GET", "/deliveries?status=failed&limit=100")).json.data as {
        deliveries: { id: string }[];
      };
      const failed = deliveries.some(({ id }) => id === deliveryId);
      const row = account.deliveries.get({ id: deliveryId });
      const same = row === undefined || (row.status === "failed") === failed;
      return `${yes(failed, "not queued", "queued")}; the row ${yes(same, "says so", "is as before")}`;
    },
  },
];
