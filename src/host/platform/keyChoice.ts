import * as vscode from "vscode";
import { webhookLabel } from "../../core/model/webhook";
import type { Account } from "../../state/account";
import { secretMissing } from "../../state/webhookSecrets";

/** Where a key comes from: a webhook's stored secret, or one that is here until the window closes. */
export type KeyChoice = { readonly webhookId: string } | { readonly secret: string };

export type KeyItem = vscode.QuickPickItem & { readonly key?: KeyChoice };

/**
 * The secret itself.
 * @throws PacSpaceError `notFound` when the webhook's secret is not stored here
 */
export async function secretOf(account: Account, choice: KeyChoice): Promise<string> {
  if ("secret" in choice) return choice.secret;
  const stored = await account.secrets.get(choice.webhookId);
  if (stored === undefined) throw secretMissing(choice.webhookId);
  return stored.secret;
}

/**
 * Lets a person choose a key: the secret of a webhook, one of those that are offered beside, or one to type.
 * @param first the webhook that stands first
 */
export async function pickKey(
  account: Account,
  words: { readonly title: string; readonly placeHolder: string },
  offered: readonly KeyItem[] = [],
  first?: string,
): Promise<KeyChoice | undefined> {
  const stored = await account.secrets.all(account.webhooks.snapshot.webhooks.map(({ id }) => id));
  const items = stored
    .toSorted((left, right) => Number(right.id === first) - Number(left.id === first))
    .map(({ id: webhookId }): KeyItem => {
      const webhook = account.webhooks.get(webhookId);
      return {
        label: `$(key) ${webhook === undefined ? webhookId : webhookLabel(webhook)}`,
        ...(webhook !== undefined && { description: webhookId }),
        key: { webhookId },
      };
    });
  const typed: KeyItem = { label: `$(edit) ${vscode.l10n.t("Type a secret…")}` };
  const chosen = await vscode.window.showQuickPick([...items, ...offered, typed], {
    ...words,
    matchOnDescription: true,
  });
  if (chosen === undefined || chosen.key !== undefined) return chosen?.key;
  const secret = await vscode.window.showInputBox({
    title: words.title,
    prompt: vscode.l10n.t("Kept until this window closes, and sent nowhere"),
    placeHolder: "whsec_…",
    password: true,
    ignoreFocusOut: true,
  });
  return secret ? { secret } : undefined;
}
