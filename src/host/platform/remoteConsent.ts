import * as vscode from "vscode";
import { isLoopback } from "../../core/model/environment";

/** Before something goes to another machine, a person is asked: once for each address, until the window closes. */
export class RemoteConsent {
  readonly #given = new Set<string>();

  /** Asks for every address anew. */
  forget(): void {
    this.#given.clear();
  }

  /**
   * @param message the question, with the address in it
   * @param detail what would be sent there
   * @returns whether it may go there
   */
  async ask(url: URL, message: (origin: string) => string, detail: string): Promise<boolean> {
    if (isLoopback(url) || this.#given.has(url.origin)) return true;
    const send = vscode.l10n.t("Send");
    const answer = await vscode.window.showWarningMessage(message(url.origin), { modal: true, detail }, send);
    if (answer === send) this.#given.add(url.origin);
    return answer === send;
  }
}
