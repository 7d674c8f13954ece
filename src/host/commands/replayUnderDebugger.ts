import * as vscode from "vscode";
import type { Answered } from "../../send/answerText";
import { PacSpaceError } from "../../core/errors";
import { textField } from "../../core/model/fields";
import { takesConnections } from "../../send/reach";
import { requireTrust } from "../platform/trust";
import { runReplay } from "../sending/replayRun";
import type { Services } from "../services";
import type { Command } from "./command";
import { ReplayReports } from "./replayReports";
import { askReplayTarget, readReplayTarget, type ReplayTarget } from "./replayTarget";

interface Input extends ReplayTarget {
  /** The launch configuration that starts the handler where none runs. */
  readonly configuration?: string | undefined;
}

/**
 * Sends deliveries and captures again to a handler under the debugger: starts it where nothing listens, and gives it as
 * long for its answer as its user wants to look around. Breakpoints are the user's own.
 */
export function replayUnderDebuggerCommand(services: Services): Command<Input, Answered> {
  const reports = new ReplayReports(services);
  return {
    id: "pacspace.replayUnderDebugger",
    progress: { place: "notification", title: vscode.l10n.t("Replaying under the debugger") },
    read: (argument) => ({ ...readReplayTarget(argument), configuration: textField(argument, "configuration") }),
    ask: async (nodes) => {
      const title = vscode.l10n.t("Replay under the Debugger");
      const target = await askReplayTarget(services, nodes, title);
      if (target === undefined || (await takesConnections(new URL(target.url)))) return target;
      const configuration = await (await services.sending()).launches.ask(title);
      return configuration === undefined ? undefined : { ...target, configuration };
    },
    run: async ({ configuration, sources, ...wish }, task) => {
      requireTrust();
      const url = new URL(wish.url);
      if (!(await takesConnections(url))) {
        if (configuration === undefined) {
          throw new PacSpaceError(
            "network",
            `Nothing listens at ${url.origin}. Start your handler, or name a launch configuration by configuration.`,
          );
        }
        await (await services.sending()).launches.start(configuration, url, task);
      }
      task.report(vscode.l10n.t("waiting for the handler's answer"));
      return reports.resultOf(await runReplay(services, sources, { ...wish, pauseMs: 0, unlimited: true }, task));
    },
    announce: (result) => reports.announce(result),
  };
}
