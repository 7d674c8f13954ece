import { readdir } from "node:fs/promises";
import * as vscode from "vscode";
import type { Account, SessionState } from "../../state/account";
import type { Environments } from "../platform/environments";
import { Disposable } from "../platform/lifecycle";
import type { OwnMemory } from "../platform/ownMemory";

/** Offers, once for each environment, to go on with a bulk retry that a closed window has left unfinished. */
export class UnfinishedRetry extends Disposable {
  readonly #looked = new Set<string>();
  #subscription: { dispose(): void } | undefined;

  constructor(
    environments: Environments,
    private readonly memory: OwnMemory,
  ) {
    super();
    this.register(environments.onDidChange((account) => this.#follow(account)));
    this.register({ dispose: () => this.#subscription?.dispose() });
    this.#follow(environments.active);
  }

  #follow(account: Account): void {
    this.#subscription?.dispose();
    const look = ({ kind }: SessionState): void => {
      if (kind === "signedIn") void this.#look(account);
    };
    this.#subscription = account.onDidChangeSession(look);
    look(account.session);
  }

  async #look({ environment: { name, storageKey } }: Account): Promise<void> {
    if (this.#looked.has(storageKey)) return;
    this.#looked.add(storageKey);
    const files = await readdir(this.memory.retriesFolder).catch(() => []);
    if (files.length === 0) return;
    const retries = await this.memory.retries();
    const left = await retries.unfinished(storageKey);
    if (left === undefined || this.isDisposed) return;
    const resume = vscode.l10n.t("Resume…");
    const discard = vscode.l10n.t("Discard");
    const chosen = await vscode.window.showInformationMessage(
      left.ids.length === 1
        ? vscode.l10n.t("Retrying a failed delivery in {0} was not finished.", name)
        : vscode.l10n.t(
            "Retrying failed deliveries in {0} was not finished: {1} of {2} are done.",
            name,
            left.done,
            left.ids.length,
          ),
      resume,
      discard,
    );
    if (chosen === resume) await vscode.commands.executeCommand("pacspace.retryFailedDeliveries");
    // The question may have stood there for long: the retry may run by now.
    if (chosen === discard) {
      await retries.discard(storageKey, left.startedAt).catch((error: unknown) => {
        void vscode.window.showWarningMessage(error instanceof Error ? error.message : String(error));
      });
    }
  }
}
