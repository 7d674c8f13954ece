import * as vscode from "vscode";
import { PacSpaceError } from "../../core/errors";
import type { Services } from "../services";
import type { TreeNode } from "../tree/nodes";
import type { Command } from "./command";
import { askDeliveryTarget } from "./deliveryTarget";
import { requiredText } from "./prompts";
import { askWebhookTarget } from "./webhookTarget";

interface Copied {
  readonly copied: true;
}

function copying(
  id: Command<string, Copied>["id"],
  field: string,
  ask: (nodes: readonly TreeNode[]) => Promise<string | undefined>,
): Command<string, Copied> {
  return {
    id,
    read: (argument) => requiredText(argument, field, "what to copy"),
    ask,
    run: async (text) => {
      await vscode.env.clipboard.writeText(text);
      return { copied: true };
    },
  };
}

/** Copies a webhook's id. */
export function copyWebhookIdCommand(services: Services): Command<string, Copied> {
  return copying("pacspace.copyWebhookId", "id", async (nodes) =>
    (await askWebhookTarget(services, nodes, vscode.l10n.t("Copy Webhook Id")))?.join("\n"),
  );
}

/** Copies a webhook's URL. */
export function copyWebhookUrlCommand(services: Services): Command<string, Copied> {
  return copying("pacspace.copyWebhookUrl", "url", async (nodes) => {
    const ids = await askWebhookTarget(services, nodes, vscode.l10n.t("Copy Webhook URL"));
    return ids?.map((id) => services.account().webhooks.get(id)?.url ?? "").join("\n");
  });
}

/** Copies a delivery's id. */
export function copyDeliveryIdCommand(services: Services): Command<string, Copied> {
  return copying("pacspace.copyDeliveryId", "id", async (nodes) =>
    (await askDeliveryTarget(services, nodes, vscode.l10n.t("Copy Delivery Id")))?.map(({ id }) => id).join("\n"),
  );
}

/** Copies the value of a webhook's detail. */
export function copyFactCommand(): Command<string, Copied> {
  return copying("pacspace.copyFact", "value", (nodes) =>
    Promise.resolve(nodes.flatMap((node) => (node.kind === "fact" ? [node.value] : [])).join("\n") || undefined),
  );
}

/** Copies the receiver's address. */
export function copyReceiverUrlCommand(services: Services): Command<string, Copied> {
  return copying("pacspace.copyReceiverUrl", "url", async () => {
    const { running } = await services.receiver.get();
    if (running === undefined) throw new PacSpaceError("conflict", vscode.l10n.t("The receiver does not run."));
    return running.url;
  });
}
