import * as vscode from "vscode";
import { PacSpaceError } from "../../core/errors";

/** Throws PacSpaceError `forbidden` in a workspace that nobody vouches for: its settings say where requests go. */
export function requireTrust(): void {
  if (vscode.workspace.isTrusted) return;
  throw new PacSpaceError(
    "forbidden",
    vscode.l10n.t("Trust this workspace first: nothing is sent from one that is not."),
  );
}
