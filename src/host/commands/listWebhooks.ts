import * as vscode from "vscode";
import type { Webhook } from "../../core/model/webhook";
import type { Services } from "../services";
import type { Command } from "./command";
import { pickWebhook } from "./prompts";

/** Reads all webhooks, every page. From the palette: a list to choose from, and the choice is shown in the view. */
export function listWebhooksCommand(
  services: Services,
): Command<null, { webhooks: readonly Webhook[]; total: number }> {
  return {
    id: "pacspace.listWebhooks",
    progress: { place: { view: "pacspace.webhooks" }, title: vscode.l10n.t("Reading the webhooks…") },
    read: () => null,
    ask: async () => {
      const chosen = await pickWebhook(services.account(), vscode.l10n.t("Webhooks"));
      if (chosen !== undefined) await services.sidebar.revealWebhook(chosen.id);
      return undefined;
    },
    run: (_input, task) =>
      services.account().call(async (api) => {
        const webhooks: Webhook[] = [];
        for await (const page of api.webhooks.list({ signal: task.signal, ahead: 2 })) webhooks.push(...page.webhooks);
        return { webhooks, total: webhooks.length };
      }),
  };
}
