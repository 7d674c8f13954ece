import * as vscode from "vscode";
import { PacSpaceError } from "../../core/errors";
import type { Services } from "../services";
import { askCaptureTarget, readCaptureTarget } from "./captureTarget";
import type { Command } from "./command";

interface Forwarded {
  /** Of the last one. */
  readonly status: number;
  readonly durationMs: number;
  readonly count: number;
}

/** Sends captures to the handler again, as they came. */
export function forwardCaptureCommand(services: Services): Command<readonly string[], Forwarded> {
  return {
    id: "pacspace.forwardCapture",
    progress: { place: "notification", title: vscode.l10n.t("Sending to the handler again") },
    read: readCaptureTarget,
    ask: (nodes) => askCaptureTarget(services, nodes, vscode.l10n.t("Send to the Handler Again")),
    run: async (ids, task) => {
      const desk = await services.receiver.get();
      let last = { status: 0, durationMs: 0 };
      for (const [index, id] of ids.entries()) {
        task.report(vscode.l10n.t("{0} of {1}", index + 1, ids.length), (100 * index) / ids.length);
        const outcome = await desk.forward(id, task.signal);
        if (outcome.state !== "answered") {
          const message = outcome.state === "failed" ? outcome.message : vscode.l10n.t("The handler has not answered.");
          throw new PacSpaceError("network", message);
        }
        last = { status: outcome.status, durationMs: outcome.durationMs };
      }
      return { ...last, count: ids.length };
    },
    announce: ({ count, durationMs, status }) => ({
      severity: status >= 200 && status < 300 ? "information" : "warning",
      message:
        count === 1
          ? vscode.l10n.t("The handler answered {0} in {1} ms.", status, Math.round(durationMs))
          : vscode.l10n.t("{0} captures were sent; the handler answered the last one with {1}.", count, status),
    }),
  };
}
