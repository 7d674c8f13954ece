import * as vscode from "vscode";
import { isErrorOfKind } from "../../core/errors";
import { addressProblem } from "../platform/environments";
import type { Services } from "../services";
import type { Choice } from "./command";

/** The buttons that help with an error. */
export function errorHelp(services: Services, error: unknown): readonly Choice[] {
  const run = (command: string) => (): Thenable<unknown> => vscode.commands.executeCommand(command);
  const { environment } = services.account();
  const { kind } = environment;
  if (isErrorOfKind(error, "invalid") && addressProblem(environment) !== undefined) {
    const open = (): Thenable<unknown> =>
      vscode.commands.executeCommand("workbench.action.openSettings", "pacspace.baseUrl pacspace.environments");
    return [{ label: vscode.l10n.t("Open Settings"), run: open }];
  }
  if (isErrorOfKind(error, "auth")) {
    return kind === "local"
      ? [{ label: vscode.l10n.t("Start Local PacSpace"), run: run("pacspace.startLocal") }]
      : [{ label: vscode.l10n.t("Sign In"), run: run("pacspace.signIn") }];
  }
  // Where it runs, something else can't be reached, such as a handler.
  if (isErrorOfKind(error, "network") && kind === "local" && services.local.running === undefined) {
    return [{ label: vscode.l10n.t("Start Local PacSpace"), run: run("pacspace.startLocal") }];
  }
  return [];
}
