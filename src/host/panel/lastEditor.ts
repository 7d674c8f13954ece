import * as vscode from "vscode";
import { invalidInput } from "../../core/errors";
import { Disposable } from "../platform/lifecycle";

/** Output channels are editors, too. */
function isWritten(editor: vscode.TextEditor | undefined): editor is vscode.TextEditor {
  return editor !== undefined && editor.document.uri.scheme !== "output";
}

/** The text editor that a person worked in before turning to a panel: with a panel active, VS Code knows none. */
export class LastEditor extends Disposable {
  #editor = vscode.window.activeTextEditor;

  constructor() {
    super();
    this.register(
      vscode.window.onDidChangeActiveTextEditor((editor) => {
        if (isWritten(editor)) this.#editor = editor;
      }),
    );
  }

  /**
   * Inserts lines in place of the selection, indented as the line they go into, and shows them.
   * @throws PacSpaceError `invalid` when no editor that can be written to is open
   */
  async insert(code: string): Promise<void> {
    const last = this.#editor ?? vscode.window.visibleTextEditors.find(isWritten);
    if (last === undefined || last.document.isClosed) {
      throw invalidInput(
        vscode.l10n.t("No text editor is open. Open your handler's file, put the cursor in, try again."),
      );
    }
    const { document, viewColumn, selection } = last;
    const editor = await vscode.window.showTextDocument(document, {
      selection,
      ...(viewColumn !== undefined && { viewColumn }),
    });
    if (!(await editor.insertSnippet(new vscode.SnippetString().appendText(code), selection))) {
      throw invalidInput(vscode.l10n.t("{0} can't be written to. Copy the code instead.", document.fileName));
    }
  }
}
