import * as vscode from "vscode";
import { PacSpaceError } from "../../core/errors";
import type { Services } from "../services";
import { askCaptureTarget, readCaptureTarget } from "./captureTarget";
import type { Command } from "./command";
import { confirmLoss, requireConfirmation } from "./prompts";

interface Deleted {
  readonly deleted: number;
}

/** Deletes captures. */
export function deleteCaptureCommand(services: Services): Command<readonly string[], Deleted> {
  return {
    id: "pacspace.deleteCapture",
    read: (argument) => {
      requireConfirmation(argument, "Deleting a capture");
      return readCaptureTarget(argument);
    },
    ask: async (nodes) => {
      const ids = await askCaptureTarget(services, nodes, vscode.l10n.t("Delete Capture"));
      if (ids === undefined) return undefined;
      const question =
        ids.length === 1
          ? vscode.l10n.t("Delete the capture {0}?", ids[0] ?? "")
          : vscode.l10n.t("Delete {0} captures?", ids.length);
      const detail = vscode.l10n.t("They are kept on this machine alone, and can't be brought back.");
      return (await confirmLoss(question, detail, vscode.l10n.t("Delete"))) ? ids : undefined;
    },
    run: async (ids) => {
      const desk = await services.receiver.get();
      const deleted = await desk.remove(ids);
      if (deleted === 0) throw new PacSpaceError("notFound", vscode.l10n.t("{0} is no longer kept.", ids.join(", ")));
      return { deleted };
    },
  };
}

/** Deletes all captures. */
export function clearCapturesCommand(services: Services): Command<null, Deleted> {
  return {
    id: "pacspace.clearCaptures",
    read: (argument) => {
      requireConfirmation(argument, "Deleting all captures");
      return null;
    },
    ask: async () => {
      const { store } = await services.receiver.get();
      const { count } = store;
      if (count === 0) return null;
      const detail = vscode.l10n.t("They are kept on this machine alone, and can't be brought back.");
      const question =
        count === 1 ? vscode.l10n.t("Delete the 1 capture?") : vscode.l10n.t("Delete all {0} captures?", count);
      return (await confirmLoss(question, detail, vscode.l10n.t("Delete All"))) ? null : undefined;
    },
    run: async () => {
      const desk = await services.receiver.get();
      return { deleted: await desk.clear() };
    },
  };
}
