import * as vscode from "vscode";
import { invalidInput } from "../../core/errors";
import { textField, type Fields } from "../../core/model/fields";
import { webhookHealth, webhookLabel, type Webhook } from "../../core/model/webhook";
import { visibleText } from "../../core/model/visibleText";
import type { Account } from "../../state/account";

/** A text of the argument object. Throws PacSpaceError `invalid` when it is missing. */
export function requiredText(argument: Fields, name: string, meaning: string): string {
  const text = textField(argument, name);
  if (text === undefined) throw invalidInput(`${name} is missing: ${meaning}.`);
  return text;
}

/** Throws PacSpaceError `invalid` unless the argument says `confirmed: true`. */
export function requireConfirmation(argument: Fields, what: string): void {
  if (argument.confirmed !== true) throw invalidInput(`${what} can't be undone: pass confirmed: true.`);
}

/** Lets a person choose a webhook; the list appears at once and is filled as it is read. */
export async function pickWebhook(account: Account, title: string): Promise<Webhook | undefined> {
  if (!account.webhooks.snapshot.loaded) await account.call(() => account.webhooks.load());
  const items = account.webhooks.snapshot.webhooks.map((webhook) => ({
    label: `$(${webhook.enabled ? "broadcast" : "circle-slash"}) ${webhookLabel(webhook)}`,
    description: webhookHealth(webhook),
    detail: visibleText(webhook.description === undefined ? webhook.id : `${webhook.url} · ${webhook.id}`),
    webhook,
  }));
  if (items.length === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t("There are no webhooks in {0} yet. Create one first.", account.environment.name),
    );
    return undefined;
  }
  const options = {
    title,
    placeHolder: vscode.l10n.t("Choose a webhook"),
    matchOnDescription: true,
    matchOnDetail: true,
  };
  return (await vscode.window.showQuickPick(items, options))?.webhook;
}

/** A modal question before something is lost; it names the thing and the environment. */
export async function confirmLoss(message: string, detail: string, action: string): Promise<boolean> {
  return (await vscode.window.showWarningMessage(message, { modal: true, detail }, action)) === action;
}

/** One password box. */
export function askSecret(title: string, prompt: string, placeHolder: string): Thenable<string | undefined> {
  return vscode.window.showInputBox({ title, prompt, placeHolder, password: true, ignoreFocusOut: true });
}
