import * as vscode from "vscode";
import { setWebhookEnabled, toggleWebhook, type EnabledState } from "../../state/actions/setWebhookEnabled";
import type { Services } from "../services";
import type { Command } from "./command";
import { askWebhookTarget, eachWebhook, readWebhookTarget, type WebhookTargets } from "./webhookTarget";

type Change = (services: Services, id: string, signal: AbortSignal) => Promise<EnabledState>;

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
      const [first] = await eachWebhook(services, targets, (webhookId) => change(services, webhookId, task.signal));
      return first;
    },
  };
}

/** Switches a webhook to the other state, once. */
export function toggleWebhookCommand(services: Services): Command<WebhookTargets, EnabledState> {
  return switching(services, "pacspace.toggleWebhook", vscode.l10n.t("Toggle Webhook"), (_, id, signal) =>
    toggleWebhook(services.account(), id, signal),
  );
}

/** Enables a webhook, where it is not enabled yet. */
export function enableWebhookCommand(services: Services): Command<WebhookTargets, EnabledState> {
  return switching(services, "pacspace.enableWebhook", vscode.l10n.t("Enable Webhook"), (_, id, signal) =>
    setWebhookEnabled(services.account(), id, true, signal),
  );
}

/** Disables a webhook, where it is not disabled yet. */
export function disableWebhookCommand(services: Services): Command<WebhookTargets, EnabledState> {
  return switching(services, "pacspace.disableWebhook", vscode.l10n.t("Disable Webhook"), (_, id, signal) =>
    setWebhookEnabled(services.account(), id, false, signal),
  );
}
