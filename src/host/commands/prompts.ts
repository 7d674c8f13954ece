import * as vscode from "vscode";
import { invalidInput } from "../../core/errors";
import { isLoopback, parseUrl } from "../../core/model/environment";
import { textField, type Fields } from "../../core/model/fields";
import { webhookHealth, webhookLabel, type Webhook } from "../../core/model/webhook";
import { visibleText } from "../../core/model/visibleText";
import type { Account } from "../../state/account";
import type { KeyChoice } from "../platform/keyChoice";

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

/** Throws PacSpaceError `invalid` for a URL of another machine, unless the argument says `confirmed: true`. */
export function requireLoopback(argument: Fields, url: string, what: string): void {
  const parsed = parseUrl(url);
  if (parsed === undefined || isLoopback(parsed) || argument.confirmed === true) return;
  throw invalidInput(`${parsed.host} is not this machine: pass confirmed: true to send ${what} there.`);
}

/** The key of an argument object: a secret, or the webhook whose stored secret it is. Throws PacSpaceError `invalid`. */
export function readKey(argument: Fields): KeyChoice {
  const [secret, webhookId] = [textField(argument, "secret"), textField(argument, "webhookId")];
  if (secret !== undefined && webhookId === undefined) return { secret };
  if (webhookId !== undefined && secret === undefined) return { webhookId };
  throw invalidInput("Pass the handler's secret as secret, or as webhookId the webhook whose stored secret it has.");
}

function webhookItems({ webhooks }: Account): readonly (vscode.QuickPickItem & { readonly webhook: Webhook })[] {
  return webhooks.snapshot.webhooks.map((webhook) => ({
    label: `$(${webhook.enabled ? "broadcast" : "circle-slash"}) ${webhookLabel(webhook)}`,
    description: webhookHealth(webhook),
    detail: visibleText(webhook.description === undefined ? webhook.id : `${webhook.url} · ${webhook.id}`),
    webhook,
  }));
}

/**
 * Lets a person choose; rows that are still to be read take nobody's time: the picker is there at once, and busy until
 * they are. Where there are none it closes, and says why.
 * @param read gives the rows; its token is cancelled when nobody waits for them any more
 * @param none what to say where there are none
 * @throws what keeps the rows from being read, unless the person has left before
 */
export async function pickWhenRead<Item extends vscode.QuickPickItem>(
  read: (left: vscode.CancellationToken) => readonly Item[] | Promise<readonly Item[]>,
  options: vscode.QuickPickOptions,
  none: string,
): Promise<Item | undefined> {
  const left = new vscode.CancellationTokenSource();
  const empty = new vscode.CancellationTokenSource();
  const isEmpty = (): boolean => empty.token.isCancellationRequested;
  const closeIfEmpty = (items: readonly Item[]): readonly Item[] => {
    if (items.length === 0) empty.cancel();
    return items;
  };
  try {
    const given = read(left.token);
    const items = "then" in given ? given.then(closeIfEmpty) : closeIfEmpty(given);
    // What is known to be empty is no picker that comes and goes.
    const picked = isEmpty() ? undefined : await vscode.window.showQuickPick(items, options, empty.token);
    if (isEmpty()) void vscode.window.showInformationMessage(none);
    return picked;
  } finally {
    left.cancel();
    left.dispose();
    empty.dispose();
  }
}

/** Reads the pages that the view has not: any webhook can be chosen. */
async function allWebhookItems(
  account: Account,
  left: vscode.CancellationToken,
): Promise<ReturnType<typeof webhookItems>> {
  if (!account.webhooks.snapshot.loaded) await account.call(() => account.webhooks.load());
  while (account.webhooks.snapshot.hasMore && !left.isCancellationRequested) {
    await account.call(() => account.webhooks.loadMore());
  }
  return webhookItems(account);
}

/** Lets a person choose a webhook; the list appears at once, and takes choices when all pages are there. */
export async function pickWebhook(account: Account, title: string): Promise<Webhook | undefined> {
  const { loaded, hasMore } = account.webhooks.snapshot;
  const options = {
    title,
    placeHolder: vscode.l10n.t("Choose a webhook"),
    matchOnDescription: true,
    matchOnDetail: true,
  };
  const none = vscode.l10n.t("There are no webhooks in {0} yet. Create one first.", account.environment.name);
  const read = (
    left: vscode.CancellationToken,
  ): ReturnType<typeof allWebhookItems> | ReturnType<typeof webhookItems> =>
    loaded && !hasMore ? webhookItems(account) : allWebhookItems(account, left);
  return (await pickWhenRead(read, options, none))?.webhook;
}

/** A modal question before something is lost; it names the thing and the environment. */
export async function confirmLoss(message: string, detail: string, action: string): Promise<boolean> {
  return (await vscode.window.showWarningMessage(message, { modal: true, detail }, action)) === action;
}

/** One password box. */
export function askSecret(title: string, prompt: string, placeHolder: string): Thenable<string | undefined> {
  return vscode.window.showInputBox({ title, prompt, placeHolder, password: true, ignoreFocusOut: true });
}
