import * as path from "node:path";
import * as vscode from "vscode";
import { Emitter } from "../../core/emitter";
import { IndexedSecrets, type SecretStore } from "../../state/indexedSecrets";
import { onFirstUse } from "./onFirstUse";

/** All that the extension keeps beside its settings. One part names it all, so that it can be forgotten whole. */
export class OwnMemory {
  readonly secrets: IndexedSecrets;
  readonly globalState: vscode.Memento;
  readonly workspaceState: vscode.Memento;
  /** For all workspaces, and for this one, where there is one: windows without a folder share the first. */
  readonly folders: readonly string[];
  /** The data of Local PacSpace. */
  readonly localFolder: string;
  /** What is done of bulk retries that did not come to their end. */
  readonly retriesFolder: string;
  /** Notes of creates that are under way, or were when their window ended. */
  readonly createsFolder: string;
  /** What the receiver captured in this workspace. */
  readonly capturesFolder: string;
  /** Those retries; their code comes with the first of them. */
  readonly retries = onFirstUse(async () => {
    const { RetryJournals } = await import("../../state/retryJournal");
    return new RetryJournals(this.retriesFolder);
  });
  readonly forgotten = new Emitter<void>();
  /** Fires when all was forgotten: what lives in memory alone has to follow. */
  readonly onDidForget = this.forgotten.event;

  constructor(context: vscode.ExtensionContext) {
    const { fsPath } = context.globalStorageUri;
    this.secrets = new IndexedSecrets(sharedSecrets(context));
    this.globalState = context.globalState;
    this.workspaceState = context.workspaceState;
    this.folders = [fsPath, ...(context.storageUri === undefined ? [] : [context.storageUri.fsPath])];
    this.localFolder = path.join(fsPath, "local");
    this.retriesFolder = path.join(fsPath, "retries");
    this.createsFolder = path.join(fsPath, "creates");
    this.capturesFolder = path.join(this.folders.at(-1) ?? fsPath, "captures");
  }
}

/** SecretStorage, in step with other windows where VS Code itself doesn't see to that. */
function sharedSecrets({ secrets, globalStorageUri, subscriptions }: vscode.ExtensionContext): SecretStore {
  // Windows has no sockets in the file system, and seldom serves VS Code to a browser.
  if (vscode.env.uiKind !== vscode.UIKind.Web || process.platform === "win32") return secrets;
  // Another browser has a storage of its own.
  const scope = `${vscode.env.machineId}|${globalStorageUri.fsPath}`;
  // Not on first use, since it listens to the other windows, but once VS Code's start is over.
  const relay = new Promise<void>((resolve) => setImmediate(resolve)).then(async () => {
    const { SecretRelay } = await import("./secretRelay");
    const made = new SecretRelay(secrets, scope);
    subscriptions.push(made);
    return made;
  });
  return {
    get: async (key) => (await relay).get(key),
    store: async (key, value) => (await relay).store(key, value),
    delete: async (key) => (await relay).delete(key),
    keys: async () => (await relay).keys(),
  };
}
