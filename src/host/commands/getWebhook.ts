import * as vscode from "vscode";
import type { Webhook } from "../../core/model/webhook";
import type { Services } from "../services";
import type { Command } from "./command";
import { askWebhookTarget, eachWebhook, readWebhookTarget, type WebhookTargets } from "./webhookTarget";

/** Reads one webhook anew, and shows it in the view. */
export function getWebhookCommand(services: Services): Command<WebhookTargets, Webhook> {
  return {
    id: "pacspace.getWebhook",
    progress: { place: { view: "pacspace.webhooks" }, title: vscode.l10n.t("Reading the webhook…") },
    read: readWebhookTarget,
    ask: async (nodes) => {
      const targets = await askWebhookTarget(services, nodes, vscode.l10n.t("Show Webhook"));
      if (targets?.[0] !== undefined) await services.sidebar.revealWebhook(targets[0]);
      return targets;
    },
    run: async (targets, task) => {
      const [first] = await eachWebhook(services, targets, async (id, account) => {
        const webhook = await account.call((api) => api.webhooks.get(id, { signal: task.signal }));
        if (account.webhooks.get(webhook.id) !== undefined) account.webhooks.put(webhook);
        return webhook;
      });
      return first;
    },
  };
}
