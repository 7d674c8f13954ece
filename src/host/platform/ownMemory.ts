import { readdir, rm, stat } from "node:fs/promises";
import * as path from "node:path";
import type * as vscode from "vscode";
import { PacSpaceError } from "../../core/errors";
import { Emitter } from "../../state/emitter";
import { IndexedSecrets } from "../../state/indexedSecrets";
import { RetryJournals } from "../../state/retryJournal";
import { forgetAllSecrets, takeSecretInventory, type SecretInventory } from "../../state/secretInventory";

/** What is kept on this machine, as numbers and names. */
export interface MemoryInventory extends SecretInventory {
  /** Entries of the global state and this workspace's: filters, choices, the active environment. */
  readonly remembered: number;
  /** Files in the extension's folders: Local PacSpace's accounts, a retry that was not finished. */
  readonly files: number;
}

async function filesIn(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const found = await Promise.all(
    names.map((name) =>
      stat(path.join(folder, name)).then(
        (entry) => entry.isFile(),
        () => false,
      ),
    ),
  );
  return found.filter(Boolean).length;
}

/** All that the extension keeps beside its settings. One part knows it all, so that it can be forgotten whole. */
export class OwnMemory {
  readonly secrets: IndexedSecrets;
  readonly globalState: vscode.Memento;
  readonly workspaceState: vscode.Memento;
  /** The data of Local PacSpace. */
  readonly localFolder: string;
  /** Bulk retries that did not come to their end. */
  readonly retries: RetryJournals;
  readonly #folder: string;
  readonly #workspaceFolder: string | undefined;
  readonly #forgotten = new Emitter<void>();
  /** Fires when all was forgotten: what lives in memory alone has to follow. */
  readonly onDidForget = this.#forgotten.event;

  constructor(context: vscode.ExtensionContext) {
    this.secrets = new IndexedSecrets(context.secrets);
    this.globalState = context.globalState;
    this.workspaceState = context.workspaceState;
    this.#folder = context.globalStorageUri.fsPath;
    this.localFolder = path.join(this.#folder, "local");
    this.retries = new RetryJournals(path.join(this.#folder, "retries"));
    this.#workspaceFolder = context.storageUri?.fsPath;
  }

  get #folders(): readonly string[] {
    return [this.#folder, ...(this.#workspaceFolder === undefined ? [] : [this.#workspaceFolder])];
  }

  async inventory(): Promise<MemoryInventory> {
    const files = await Promise.all(this.#folders.map(filesIn));
    return {
      ...(await takeSecretInventory(this.secrets)),
      remembered: this.globalState.keys().length + this.workspaceState.keys().length,
      files: files.reduce((sum, count) => sum + count, 0),
    };
  }

  /**
   * Forgets all of it, and reads back that nothing is left.
   * @returns what there was
   * @throws PacSpaceError `conflict` when something is still there
   */
  async forget(): Promise<MemoryInventory> {
    const before = await this.inventory();
    await forgetAllSecrets(this.secrets);
    for (const memento of [this.globalState, this.workspaceState]) {
      for (const key of memento.keys()) await memento.update(key, undefined);
    }
    for (const folder of this.#folders) await rm(folder, { recursive: true, force: true });
    this.#forgotten.fire();
    const left = await this.inventory();
    if (left.sessions + left.secrets + left.remembered + left.files > 0) {
      throw new PacSpaceError(
        "conflict",
        `Not all is forgotten: ${left.remembered} entries of the state and ${left.files} files are still there. Close other windows and try again.`,
      );
    }
    return before;
  }
}
