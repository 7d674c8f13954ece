import * as vscode from "vscode";
import type { Account, SessionState } from "../state/account";
import type { Environments } from "./platform/environments";
import { Disposable } from "./platform/lifecycle";

/** The one status item: it names the environment that this window works in. */
export class EnvironmentStatus extends Disposable {
  readonly #item = this.register(
    vscode.window.createStatusBarItem("pacspace.environment", vscode.StatusBarAlignment.Left, 10),
  );
  #subscription: { dispose(): void } | undefined;

  constructor(environments: Environments) {
    super();
    this.#item.name = vscode.l10n.t("PacSpace Environment");
    this.#item.command = "pacspace.switchEnvironment";
    this.register(environments.onDidChange((account) => this.#follow(account)));
    this.register({ dispose: () => this.#subscription?.dispose() });
    this.#follow(environments.active);
    this.#item.show();
  }

  #follow(account: Account): void {
    this.#subscription?.dispose();
    this.#subscription = account.onDidChangeSession(() => this.#show(account));
    this.#show(account);
  }

  #show({ environment, session }: Account): void {
    const words = sessionWords(session);
    this.#item.text = `$(broadcast) ${environment.name}`;
    this.#item.tooltip = `PacSpace: ${environment.baseUrl}\n${words}`;
    this.#item.accessibilityInformation = { label: `PacSpace, ${environment.name}, ${words}`, role: "button" };
  }
}

function sessionWords(session: SessionState): string {
  switch (session.kind) {
    case "signedIn":
      return vscode.l10n.t("Signed in. Click to switch the environment.");
    case "signedOut":
      return vscode.l10n.t("Not signed in. Click to switch the environment.");
    case "unreachable":
      return session.message;
    case "unknown":
      return vscode.l10n.t("Click to switch the environment.");
  }
}
