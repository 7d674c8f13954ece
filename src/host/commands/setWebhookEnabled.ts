import * as vscode from "vscode";
import type { Account } from "../../state/account";
import { setWebhookEnabled, toggleWebhook, type EnabledState } from "../../state/actions/setWebhookEnabled";
import type { Services } from "../services";
import type { Command } from "./command";
import { askWebhookTarget, eachWebhook, readWebhookTarget, type WebhookTargets } from "./webhookTarget";

type Change = (account: Account, id: string, signal: AbortSignal) => Promise<EnabledState>;

function switching(
  services: Services,
  id: Command<never, never>["id"],
  title: string,
  change: Change,
): Command<WebhookTargets, EnabledState> {
  return {
    id,
    progress: { place: { view: "pacspace.webhooks" }, title },
    read: readWebhookTarget,
    ask: (nodes) => askWebhookTarget(services, nodes, title),
    run: async (targets, task) => {
      const [first] = await eachWebhook(services, targets, (webhookId, account) =>
        change(account, webhookId, task.signal),
      );
      return first;
    },
  };
}

/** Switches a webhook to the other state, once. */
export function toggleWebhookCommand(services: Services): Command<WebhookTargets, EnabledState> {
  return switching(services, "pacspace.toggleWebhook", vscode.l10n.t("Toggle Webhook"), (account, id, signal) =>
    toggleWebhook(account, id, signal),
  );
}

/** Enables a webhook, where it is not enabled yet. */
export function enableWebhookCommand(services: Services): Command<WebhookTargets, EnabledState> {
  return switching(services, "pacspace.enableWebhook", vscode.l10n.t("Enable Webhook"), (account, id, signal) =>
    setWebhookEnabled(account, id, true, signal),
  );
}

/** Disables a webhook, where it is not disabled yet. */
export function disableWebhookCommand(services: Services): Command<WebhookTargets, EnabledState> {
  return switching(services, "pacspace.disableWebhook", vscode.l10n.t("Disable Webhook"), (account, id, signal) =>
    setWebhookEnabled(account, id, false, signal),
  );
}
