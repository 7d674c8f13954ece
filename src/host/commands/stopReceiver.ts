import * as vscode from "vscode";
import { PacSpaceError } from "../../core/errors";
import type { Services } from "../services";
import type { Command } from "./command";

/** Stops the receiver, and polling with it; captures stay. */
export function stopReceiverCommand(services: Services): Command<null, { readonly url: string }> {
  return {
    id: "pacspace.stopReceiver",
    read: () => null,
    ask: () => Promise.resolve(null),
    run: async () => {
      const desk = await services.receiver.get();
      const { running } = desk;
      if (running === undefined) throw new PacSpaceError("conflict", vscode.l10n.t("The receiver does not run."));
      await desk.stop();
      return { url: running.url };
    },
  };
}
