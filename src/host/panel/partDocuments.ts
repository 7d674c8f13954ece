import * as vscode from "vscode";
import { Disposable } from "../platform/lifecycle";

const scheme = "pacspace-delivery";

/**
 * Parts of deliveries as read-only documents: a new untitled one would ask to be saved when it is closed.
 * Each text is kept while an editor has it open.
 */
export class PartDocuments extends Disposable implements vscode.TextDocumentContentProvider {
  readonly #texts = new Map<string, string>();
  #opened = 0;

  constructor() {
    super();
    this.register(vscode.workspace.registerTextDocumentContentProvider(scheme, this));
    this.register(
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.scheme === scheme) this.#texts.delete(uri.query);
      }),
    );
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.query) ?? vscode.l10n.t("Open this again from the delivery's panel.");
  }

  /** @param name of the document, for its tab; what no file's name may hold is replaced */
  async open(name: string, content: string): Promise<void> {
    const key = String(++this.#opened);
    this.#texts.set(key, content);
    const extension = /^\s*[[{]/.test(content) ? "json" : "txt";
    const path = `/${name.replaceAll(/[^\w.-]/g, "_")}.${extension}`;
    const document = await vscode.workspace.openTextDocument(vscode.Uri.from({ scheme, path, query: key }));
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: true });
  }
}
