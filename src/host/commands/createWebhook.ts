import * as vscode from "vscode";
import { invalidInput, isErrorOfKind, PacSpaceError } from "../../core/errors";
import { endpointUrlProblem } from "../../core/model/endpointUrl";
import { textField } from "../../core/model/fields";
import { webhookLabel } from "../../core/model/webhook";
import type { Account } from "../../state/account";
import { createWebhook, type CreateOutcome, type NewWebhook } from "../../state/actions/createWebhook";
import { deleteWebhook } from "../../state/actions/deleteWebhook";
import { orphanSentence, type Orphan } from "../../state/actions/lostCreates";
import type { Services } from "../services";
import type { Command } from "./command";
import { confirmLoss, requiredText } from "./prompts";

interface Created {
  readonly id: string;
  readonly url: string;
  readonly enabled: boolean;
  readonly createdAt: string | undefined;
  readonly secretStored: boolean;
}

/** What the command works on: a new webhook, in place of one whose secret is lost or of none. */
export interface WebhookWish extends NewWebhook {
  readonly byPerson?: true;
  readonly instead?: Orphan;
}

async function askWebhook(services: Services, receiverUrl: string | undefined): Promise<WebhookWish | undefined> {
  const { environment } = services.account();
  // Who is not signed in hears it now, and not when all is typed.
  await services.account().signedInApi();
  const title = vscode.l10n.t("Create Webhook in {0}", environment.name);
  const local = environment.kind === "local";
  const url = await vscode.window.showInputBox({
    title: `${title} (1/2)`,
    prompt: local
      ? vscode.l10n.t("The URL of your handler. Local PacSpace delivers to this machine only")
      : vscode.l10n.t("The public HTTPS address that PacSpace shall call"),
    value: local ? (receiverUrl ?? "http://127.0.0.1:3000/webhooks/pacspace") : "https://",
    ignoreFocusOut: true,
    validateInput: (text) => endpointUrlProblem(text, environment),
  });
  if (url === undefined) return undefined;
  const description = await vscode.window.showInputBox({
    title: `${title} (2/2)`,
    prompt: vscode.l10n.t("A description (optional)"),
    placeHolder: vscode.l10n.t("For example: billing, staging"),
    ignoreFocusOut: true,
  });
  if (description === undefined) return undefined;
  return { url: url.trim(), ...(description.trim() !== "" && { description: description.trim() }), byPerson: true };
}

/** Deletes a webhook whose secret is lost; one that is gone already will do. */
async function deleteOrphan(account: Account, { webhook, note }: Orphan): Promise<void> {
  try {
    await deleteWebhook(account, webhook.id);
  } catch (error) {
    if (!isErrorOfKind(error, "notFound")) {
      account.creates.release(note);
      throw error;
    }
  }
  await account.creates.settle(note);
}

/** Creates a webhook. An orphan is told, and a person may have it deleted and created again in one step. */
async function create(
  account: Account,
  wish: WebhookWish,
  signal?: AbortSignal,
): Promise<CreateOutcome & { kind: "created" }> {
  if (wish.instead !== undefined) await deleteOrphan(account, wish.instead);
  const { url, description } = wish;
  const outcome = await createWebhook(account, { url, ...(description !== undefined && { description }) }, signal);
  if (outcome.kind === "created") return outcome;
  const sentence = orphanSentence(outcome.webhook);
  if (wish.byPerson) {
    const again = vscode.l10n.t("Delete and Create Again");
    if (await confirmLoss(vscode.l10n.t("The answer was lost, and with it the secret"), sentence, again)) {
      return create(account, { ...wish, instead: outcome });
    }
  }
  await account.creates.settle(outcome.note);
  throw new PacSpaceError(outcome.error.kind, sentence, { cause: outcome.error });
}

/** Creates a webhook; its secret is stored before anything is shown, and never returned. */
export function createWebhookCommand(services: Services): Command<WebhookWish, Created> {
  return {
    id: "pacspace.createWebhook",
    progress: { place: { view: "pacspace.webhooks" }, title: vscode.l10n.t("Creating the webhook…") },
    read: (argument) => {
      const url = requiredText(argument, "url", "the endpoint that PacSpace shall call").trim();
      const problem = endpointUrlProblem(url, services.account().environment);
      if (problem !== undefined) throw invalidInput(problem);
      const description = textField(argument, "description");
      return { url, ...(description !== undefined && { description }) };
    },
    ask: (nodes) => askWebhook(services, nodes.find((node) => node.kind === "receiver")?.receiver.url),
    run: async (wish, task) => {
      const account = services.account();
      const created = await create(account, wish, task.signal);
      const { webhook, secretStored } = created;
      if (!created.secretStored) {
        await rescueSecret(webhookLabel(webhook), created.secret, wish.byPerson === true);
        await account.creates.settle(created.note);
      }
      return { id: webhook.id, url: webhook.url, enabled: webhook.enabled, createdAt: webhook.createdAt, secretStored };
    },
    announce: ({ id, url, secretStored }) =>
      secretStored
        ? {
            severity: "information",
            message: vscode.l10n.t(
              "Webhook created for {0}. Its secret is stored safely; PacSpace will not show it again.",
              url,
            ),
            choices: [
              {
                label: vscode.l10n.t("Copy Secret"),
                run: () => vscode.commands.executeCommand("pacspace.copySecret", services.sidebar.webhookNode(id)),
              },
              {
                label: vscode.l10n.t("Send Test"),
                run: () => vscode.commands.executeCommand("pacspace.testWebhook", services.sidebar.webhookNode(id)),
              },
            ],
          }
        : undefined,
  };
}

/** The secret is shown once, ever: when it can't be stored, a person gets one chance to copy it. */
async function rescueSecret(label: string, secret: string, byPerson: boolean): Promise<void> {
  if (!byPerson) return;
  const message = vscode.l10n.t("The secret of {0} could not be stored", label);
  const detail = vscode.l10n.t(
    "The webhook was created, but this machine's secret storage did not take its secret. PacSpace will not show it again: copy it now and keep it safe.",
  );
  if (await confirmLoss(message, detail, vscode.l10n.t("Copy Secret"))) await vscode.env.clipboard.writeText(secret);
}
