import * as vscode from "vscode";
import type { ContextKeyWriter } from "./contextKeys";
import type { Environments } from "./environments";
import type { LocalPacSpace } from "./localPacSpace";

/** Tells the views whether Local PacSpace runs, and starts it again for whoever worked with it before a reload. */
export function followLocal(
  local: LocalPacSpace,
  environments: Environments,
  keys: ContextKeyWriter,
): vscode.Disposable {
  const isActive = (): boolean => environments.active.environment.kind === "local";
  const subscription = local.onDidChangeRunning((running) => {
    keys.set("pacspace.localRunning", running);
    if (!running && isActive()) environments.active.lost(vscode.l10n.t("Local PacSpace does not run."));
  });
  // It ended with the window that was there before.
  const { wanted } = local;
  if (wanted !== undefined && isActive()) {
    const again = { ...wanted, resume: true };
    void vscode.commands.executeCommand("pacspace.startLocal", again).then(undefined, () => undefined);
  }
  return subscription;
}
