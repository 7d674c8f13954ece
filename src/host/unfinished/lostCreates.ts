import * as vscode from "vscode";
import { isPacSpaceError } from "../../core/errors";
import type { Account } from "../../state/account";
import type { Subscription } from "../../core/emitter";
import { lostCreates, orphanSentence, type Orphan } from "../../state/actions/lostCreates";
import type { WebhookWish } from "../commands/createWebhook";
import type { Environments } from "../platform/environments";
import { Disposable } from "../platform/lifecycle";

/**
 * Tells of webhooks whose secret was lost because the window ended, or the network failed, in the middle of a create:
 * looks whenever the list has been read, and says it once.
 */
export class LostCreates extends Disposable {
  #subscription: Subscription | undefined;

  /** @param create runs the command that creates a webhook, for a person */
  constructor(
    private readonly environments: Environments,
    private readonly create: (wish: WebhookWish) => Promise<void>,
    private readonly log: vscode.LogOutputChannel,
  ) {
    super();
    this.register(environments.onDidChange(() => this.#follow()));
    this.register({ dispose: () => this.#subscription?.dispose() });
    this.#follow();
  }

  #follow(): void {
    this.#subscription?.dispose();
    const account = this.environments.active;
    const look = (): void => {
      if (account.webhooks.snapshot.loaded) void this.#look(account);
    };
    this.#subscription = account.webhooks.onDidChange((change) => {
      if (change === "all") look();
    });
    look();
  }

  async #look(account: Account): Promise<void> {
    try {
      for (const orphan of await lostCreates(account)) void this.#tell(account, orphan);
    } catch (error) {
      this.log.warn(`lost creates not looked for: ${isPacSpaceError(error) ? error.message : String(error)}`);
    }
  }

  /** The note stays until a person has answered: a window that closes before that leaves it to the next one. */
  async #tell(account: Account, orphan: Orphan): Promise<void> {
    const { webhook, note } = orphan;
    const again = vscode.l10n.t("Delete and Create Again");
    const choice = await vscode.window.showWarningMessage(orphanSentence(webhook), again, vscode.l10n.t("Leave It"));
    if (this.isDisposed) return;
    if (choice !== again) return account.creates.settle(note);
    if (this.environments.active !== account) {
      account.creates.release(note);
      const { name } = account.environment;
      void vscode.window.showWarningMessage(
        vscode.l10n.t("That webhook is in {0}. Switch to it: you are asked there again.", name),
      );
      return;
    }
    const description = note.description ?? webhook.description;
    await this.create({
      url: webhook.url,
      ...(description !== undefined && { description }),
      byPerson: true,
      instead: orphan,
    });
  }
}
