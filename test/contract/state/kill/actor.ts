import { createWebhook } from "../../../../src/state/actions/createWebhook";
import { deleteWebhook } from "../../../../src/state/actions/deleteWebhook";
import { retryDelivery } from "../../../../src/state/actions/retryDelivery";
import { toggleWebhook } from "../../../../src/state/actions/setWebhookEnabled";
import { openAccount } from "../openAccount";
import { FileSecrets } from "./fileSecrets";

/** What the process is to do, all at the same time. */
export interface Orders {
  readonly baseUrl: string;
  readonly secretsFolder: string;
  readonly notesFolder: string;
  readonly create: string;
  readonly toggle: string;
  readonly remove: string;
  readonly retry: string;
}

export type Report =
  | { readonly type: "ready" }
  /** A person was told that this webhook's secret is lost. */
  | { readonly type: "named"; readonly id: string }
  | { readonly type: "done" };

const report = (message: Report): void => void process.send?.(message);

async function main(): Promise<void> {
  const orders = JSON.parse(process.argv[2] ?? "") as Orders;
  const account = openAccount(orders.baseUrl, new FileSecrets(orders.secretsFolder), orders.notesFolder, 20_000);
  await account.call(() => account.webhooks.load());
  await account.call(() => account.deliveries.load());
  const go = new Promise((resolve) => process.once("message", resolve));
  report({ type: "ready" });
  await go;
  await Promise.allSettled([
    createWebhook(account, { url: orders.create }).then(async (outcome) => {
      if (outcome.kind !== "orphaned") return;
      report({ type: "named", id: outcome.webhook.id });
      await account.creates.settle(outcome.note);
    }),
    toggleWebhook(account, orders.toggle),
    deleteWebhook(account, orders.remove),
    retryDelivery(account, { id: orders.retry }),
  ]);
  report({ type: "done" });
}

// The channel keeps it alive until it is killed, and ends it with the test.
process.on("disconnect", () => process.exit());
void main();
