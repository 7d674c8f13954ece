import * as vscode from "vscode";
import { PacSpaceError } from "../../core/errors";
import type { Services } from "../services";
import type { Command } from "./command";

interface Stopped {
  readonly baseUrl: string;
  readonly environment: string;
}

/** Stops Local PacSpace; what it knows is kept for the next start. */
export function stopLocalCommand(services: Services): Command<null, Stopped> {
  // A person is told; by argument the return value is the same, for this window works with it no more.
  let left = false;
  const words = (): string =>
    left
      ? vscode.l10n.t("Local PacSpace runs on: another window or a terminal started it. This window has let go of it.")
      : vscode.l10n.t("Local PacSpace was stopped.");
  return {
    id: "pacspace.stopLocal",
    read: () => null,
    ask: () => Promise.resolve(null),
    run: async () => {
      const { baseUrl, name } = services.environments.local();
      const outcome = await services.local.stop();
      if (outcome === undefined) throw new PacSpaceError("conflict", "Local PacSpace does not run.");
      left = outcome === "left";
      const account = services.account();
      if (account.environment.kind === "local") account.lost(words());
      return { baseUrl, environment: name };
    },
    announce: () => ({ severity: "information", message: words() }),
  };
}
