import * as vscode from "vscode";
import type { Answered } from "../../send/answerText";
import { runReplay } from "../sending/replayRun";
import type { Services } from "../services";
import type { Command } from "./command";
import { ReplayReports } from "./replayReports";
import { askReplayTarget, readReplayTarget, type ReplayTarget } from "./replayTarget";

interface Input extends ReplayTarget {
  readonly pauseMs: number;
}

async function askPause(title: string): Promise<number | undefined> {
  const items = [
    { label: vscode.l10n.t("One after the other, without a pause"), pauseMs: 0 },
    { label: vscode.l10n.t("A pause of 0.2 s between them"), pauseMs: 200 },
    { label: vscode.l10n.t("A pause of 1 s between them"), pauseMs: 1_000 },
    { label: vscode.l10n.t("A pause of 5 s between them"), pauseMs: 5_000 },
  ];
  const placeHolder = vscode.l10n.t("They are sent in order, oldest first");
  return (await vscode.window.showQuickPick(items, { title, placeHolder }))?.pauseMs;
}

/** Sends deliveries and captures again to a handler, in order: as they were, or signed anew. */
export function replayDeliveryCommand(services: Services): Command<Input, Answered> {
  const reports = new ReplayReports(services);
  return {
    id: "pacspace.replayDelivery",
    progress: { place: "notification", title: vscode.l10n.t("Replaying…") },
    read: (argument) => ({ ...readReplayTarget(argument), pauseMs: 0 }),
    ask: async (nodes) => {
      const title = vscode.l10n.t("Replay to a Local Handler");
      const target = await askReplayTarget(services, nodes, title);
      if (target === undefined) return undefined;
      const pauseMs = target.sources.length === 1 ? 0 : await askPause(title);
      return pauseMs === undefined ? undefined : { ...target, pauseMs };
    },
    run: async ({ sources, ...options }, task) => {
      return reports.resultOf(await runReplay(services, sources, { ...options, unlimited: false }, task));
    },
    announce: (result) => reports.announce(result),
  };
}
