import * as vscode from "vscode";
import type { Services } from "../services";
import type { Command } from "./command";

/** Forgets the session of the active environment; webhook secrets stay. */
export function signOutCommand(services: Services): Command<null, Record<string, never>> {
  return {
    id: "pacspace.signOut",
    read: () => null,
    ask: () => Promise.resolve(null),
    run: async () => {
      await services.account().signOut();
      return {};
    },
    announce: () => ({
      severity: "information",
      message: vscode.l10n.t(
        "Signed out of {0}: the session is forgotten here, webhook secrets are kept. PacSpace offers no way to end the session on its side; it ends there by itself.",
        services.account().environment.name,
      ),
    }),
  };
}
