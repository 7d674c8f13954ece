import * as vscode from "vscode";
import { fingerprint } from "../../core/signature/sign";
import type { KeyChoice, VerificationView } from "../../protocol/verificationView";
import type { PanelVerification, StoredKeyChoice } from "./inspectorServices";

/** With what a panel checks: the secrets that are stored, by fingerprint, and one that was typed. */
export class KeyDesk {
  choice: KeyChoice = { kind: "all" };
  #stored: readonly StoredKeyChoice[] = [];
  #typed: string | undefined;

  view(): Pick<VerificationView, "keys" | "typedKey" | "key"> {
    return {
      keys: this.#stored.map(({ webhookId, label, fingerprint }) => ({ webhookId, label, fingerprint })),
      ...(this.#typed !== undefined && { typedKey: fingerprint(this.#typed) }),
      key: this.choice,
    };
  }

  /** Takes up what is stored now. */
  update(stored: readonly StoredKeyChoice[]): void {
    this.#stored = stored;
    if (this.choice.kind === "stored" && !this.#isStored(this.choice.webhookId)) this.choice = { kind: "all" };
    if (stored.length === 0 && this.#typed !== undefined) this.choice = { kind: "typed" };
  }

  #isStored(id: string): boolean {
    return this.#stored.some(({ webhookId }) => webhookId === id);
  }

  /** Chooses a webhook's secret, where it is stored. */
  prefer(webhookId: string | undefined): void {
    if (webhookId !== undefined && this.#isStored(webhookId)) this.choice = { kind: "stored", webhookId };
  }

  /**
   * Asks for a secret in a password box and chooses it.
   * @returns whether one was typed
   */
  async ask(): Promise<boolean> {
    const secret = await vscode.window.showInputBox({
      title: vscode.l10n.t("Secret to Check With"),
      prompt: vscode.l10n.t("Kept for this panel until it is closed, and stored nowhere."),
      password: true,
      ignoreFocusOut: true,
      validateInput: (text) => (text === "" ? vscode.l10n.t("A secret begins with whsec_.") : undefined),
    });
    if (secret === undefined || secret === "") return false;
    this.#typed = secret;
    this.choice = { kind: "typed" };
    return true;
  }

  /**
   * What is chosen, as the check takes it; or a sentence that says what is missing.
   * @param environment the name of the one whose secrets are stored
   */
  source(environment: string): { readonly key: PanelVerification["key"] } | string {
    switch (this.choice.kind) {
      case "stored":
        return { key: { webhookId: this.choice.webhookId } };
      case "typed":
        return this.#typed === undefined ? vscode.l10n.t("Type the secret first.") : { key: { secret: this.#typed } };
      case "all":
        return this.#stored.length === 0
          ? vscode.l10n.t("No secret is stored for {0}: type the webhook's.", environment)
          : { key: "all" };
    }
  }
}
