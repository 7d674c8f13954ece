import * as vscode from "vscode";
import { secretMissing } from "../../state/webhookSecrets";
import type { Services } from "../services";
import type { Command } from "./command";
import { askSecret, confirmLoss, requiredText } from "./prompts";
import { askWebhookTarget, eachWebhook, readWebhookTarget, webhookName, type WebhookTargets } from "./webhookTarget";

/** Copies a stored secret to the clipboard, the only place it goes to. */
export function copySecretCommand(services: Services): Command<WebhookTargets, { copied: true }> {
  return {
    id: "pacspace.copySecret",
    single: true,
    read: readWebhookTarget,
    ask: (nodes) => askWebhookTarget(services, nodes, vscode.l10n.t("Copy Secret")),
    run: ([id = ""]) =>
      services
        .account()
        .secrets.get(id)
        .then(async (stored) => {
          if (stored === undefined) throw secretMissing(id);
          await vscode.env.clipboard.writeText(stored.secret);
          return { copied: true };
        }),
    announce: (_, [id = ""]) => ({
      severity: "information",
      message: vscode.l10n.t("The secret of {0} is on the clipboard.", webhookName(services, id)),
    }),
  };
}

/** Forgets a stored secret and the earlier ones it replaced, after a modal question. */
export function forgetSecretCommand(services: Services): Command<WebhookTargets, { forgotten: true }> {
  return {
    id: "pacspace.forgetSecret",
    read: readWebhookTarget,
    ask: async (nodes) => {
      const targets = await askWebhookTarget(services, nodes, vscode.l10n.t("Forget Secret"));
      if (targets === undefined) return undefined;
      const { name } = services.account().environment;
      const message = vscode.l10n.t(
        "Forget the secret of {0} ({1})?",
        targets.map((id) => webhookName(services, id)).join(", "),
        name,
      );
      const detail = vscode.l10n.t(
        "PacSpace never shows it again: this may be the only copy. Signatures of this webhook can't be checked here any more.",
      );
      return (await confirmLoss(message, detail, vscode.l10n.t("Forget"))) ? targets : undefined;
    },
    run: async (targets) => {
      await eachWebhook(services, targets, (id, account) => account.secrets.forget(id));
      return { forgotten: true };
    },
  };
}

interface NewSecret {
  readonly id: string;
  readonly secret: string;
}

/** Stores a secret that a person has from elsewhere; the one it replaces is kept as the previous one. */
export function storeSecretCommand(services: Services): Command<NewSecret, { stored: boolean }> {
  return {
    id: "pacspace.storeSecret",
    single: true,
    read: (argument) => ({
      id: requiredText(argument, "id", "the webhook's id"),
      secret: requiredText(argument, "secret", "the webhook's secret, whsec_…"),
    }),
    ask: async (nodes) => {
      const title = vscode.l10n.t("Store Secret");
      const [id] = (await askWebhookTarget(services, nodes, title)) ?? [];
      if (id === undefined) return undefined;
      const secret = await askSecret(title, vscode.l10n.t("The secret of {0}", webhookName(services, id)), "whsec_…");
      return secret ? { id, secret } : undefined;
    },
    run: async ({ id, secret }) => ({ stored: await services.account().secrets.store(id, secret) }),
    announce: ({ stored }, { id }) =>
      stored
        ? {
            severity: "information",
            message: vscode.l10n.t("The secret of {0} is stored.", webhookName(services, id)),
          }
        : {
            severity: "warning",
            message: vscode.l10n.t(
              "VS Code's secret storage did not keep the secret of {0}. Keep it elsewhere, and try again.",
              webhookName(services, id),
            ),
          },
  };
}
