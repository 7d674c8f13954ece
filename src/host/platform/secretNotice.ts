import * as vscode from "vscode";
import type { SecretTrouble } from "../../state/webhookSecrets";
import { Disposable } from "./lifecycle";

/** Milliseconds in which troubles count as one: a view reads all its secrets at once, and a lost one is looked for twice. */
const gatherMs = 1_500;

/** Tells of secrets that can't be had any more: one message to a window, the rest is in the log and in the rows. */
export class SecretNotice extends Disposable {
  readonly #ids = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #told = false;

  constructor(private readonly log: vscode.LogOutputChannel) {
    super();
    this.register({ dispose: () => clearTimeout(this.#timer) });
  }

  /** @param label what a person calls the webhook */
  add({ id, kind }: SecretTrouble, label: string): void {
    if (this.#ids.has(id) || this.isDisposed) return;
    this.#ids.add(id);
    this.log.warn(`the secret of ${id} is ${kind}`);
    if (this.#told) return;
    this.#timer ??= setTimeout(() => this.#tell(label), gatherMs);
  }

  #tell(label: string): void {
    this.#told = true;
    const count = this.#ids.size;
    void vscode.window.showWarningMessage(
      count === 1
        ? vscode.l10n.t(
            'The secret of {0} can\'t be read any more. Paste it by "Store Secret", or create the webhook anew.',
            label,
          )
        : vscode.l10n.t(
            'The secrets of {0} webhooks can\'t be read any more. Paste them by "Store Secret", or create the webhooks anew.',
            count,
          ),
    );
  }
}
