import * as vscode from "vscode";
import { PacSpaceError } from "../../core/errors";
import type { Services } from "../services";
import type { Command } from "./command";

/** Stops Local PacSpace; what it knows is kept for the next start. */
export function stopLocalCommand(services: Services): Command<null, { baseUrl: string; environment: string }> {
  return {
    id: "pacspace.stopLocal",
    read: () => null,
    ask: () => Promise.resolve(null),
    run: async () => {
      const { baseUrl, name } = services.environments.local();
      if (!(await services.local.stop())) throw new PacSpaceError("conflict", "Local PacSpace does not run.");
      const account = services.account();
      if (account.environment.kind === "local") account.lost(vscode.l10n.t("Local PacSpace was stopped."));
      return { baseUrl, environment: name };
    },
    announce: () => ({ severity: "information", message: vscode.l10n.t("Local PacSpace was stopped.") }),
  };
}
