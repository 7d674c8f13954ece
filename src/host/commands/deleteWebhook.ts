import * as vscode from "vscode";
import { webhookLabel } from "../../core/model/webhook";
import { deleteWebhook } from "../../state/actions/deleteWebhook";
import type { Services } from "../services";
import type { Command } from "./command";
import { confirmLoss, requireConfirmation } from "./prompts";
import { askWebhookTarget, eachWebhook, readWebhookTarget, type WebhookTargets } from "./webhookTarget";

async function confirmDelete(services: Services, ids: WebhookTargets): Promise<boolean> {
  const account = services.account();
  const names = ids.map((id) => {
    const webhook = account.webhooks.get(id);
    return webhook === undefined ? id : `${webhookLabel(webhook)}\n${webhook.url}`;
  });
  const message =
    names.length === 1
      ? vscode.l10n.t("Delete this webhook from {0}?", account.environment.name)
      : vscode.l10n.t("Delete {0} webhooks from {1}?", names.length, account.environment.name);
  const consequence = vscode.l10n.t(
    "PacSpace sends no more events there. This can't be undone, and the secrets stored here are forgotten with it.",
  );
  return confirmLoss(message, `${names.join("\n\n")}\n\n${consequence}`, vscode.l10n.t("Delete"));
}

/** Deletes webhooks for good, after a modal question or with `confirmed: true`. */
export function deleteWebhookCommand(services: Services): Command<WebhookTargets, { deleted: true }> {
  return {
    id: "pacspace.deleteWebhook",
    progress: { place: { view: "pacspace.webhooks" }, title: vscode.l10n.t("Deleting…") },
    read: (argument) => {
      const targets = readWebhookTarget(argument);
      requireConfirmation(argument, "Deleting a webhook");
      return targets;
    },
    ask: async (nodes) => {
      const targets = await askWebhookTarget(services, nodes, vscode.l10n.t("Delete Webhook"));
      return targets !== undefined && (await confirmDelete(services, targets)) ? targets : undefined;
    },
    run: async (targets, task) => {
      await eachWebhook(services, targets, (id, account) => deleteWebhook(account, id, task.signal));
      return { deleted: true };
    },
  };
}
