import * as vscode from "vscode";
import type { Answered } from "../../send/answerText";
import { runReplay, type ReplayRun } from "../sending/replayRun";
import type { Services } from "../services";
import type { Announcement, Command } from "./command";
import { askReplayTarget, readReplayTarget, type ReplayTarget } from "./replayTarget";

interface Input extends ReplayTarget {
  readonly pauseMs: number;
}

/** So many failures are named; the log has them all. */
const mostNamed = 3;

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

function announceOne(services: Services, { last, failed, notes }: ReplayRun): Announcement | undefined {
  if (last === undefined) return undefined;
  const { id, text } = last;
  const { durationMs, status } = last.answered;
  const words = vscode.l10n.t("{0}: your handler answered {1} in {2} ms.", id, status, Math.round(durationMs));
  const show = async (): Promise<void> => {
    await (await services.sending()).answers.show(id, text);
  };
  return {
    severity: failed.length === 0 ? "information" : "warning",
    message: [words, ...notes].join(" "),
    choices: [{ label: vscode.l10n.t("Show Answer"), run: show }],
  };
}

function announceMany(services: Services, { wanted, taken, failed, notes }: ReplayRun): Announcement {
  const words = [vscode.l10n.t("{0} of {1} deliveries were taken.", taken, wanted)];
  const named = failed.slice(0, mostNamed).map(({ id }) => id);
  const more = failed.length - named.length;
  if (more > 0) words.push(vscode.l10n.t("Not taken: {0} and {1} more.", named.join(", "), more));
  else if (failed.length > 0) words.push(vscode.l10n.t("Not taken: {0}.", named.join(", ")));
  for (const { id, message } of failed) services.log.warn(`${id} was replayed in vain: ${message}`);
  const left = wanted - taken - failed.length;
  if (left > 0) words.push(vscode.l10n.t("{0} were not sent, or not waited for.", left));
  if (notes.length > 0) {
    words.push(vscode.l10n.t("PacSpace's API gives payloads laid out anew, so old signatures can't match."));
  }
  return {
    severity: taken === wanted ? "information" : "warning",
    message: words.join(" "),
    choices: failed.length > 0 ? [{ label: vscode.l10n.t("Show Why"), run: () => services.log.show() }] : [],
  };
}

/** What a command tells of a replay. */
export function announceReplay(services: Services, run: ReplayRun): Announcement | undefined {
  return run.wanted === 1 ? announceOne(services, run) : announceMany(services, run);
}

/** What a command gives back of a replay. Throws PacSpaceError when one was wanted and not answered. */
export function resultOf({ wanted, last, error }: ReplayRun): Answered {
  if (wanted === 1 && error !== undefined) throw error;
  return last?.answered ?? { status: 0, durationMs: 0, responseBody: "" };
}

/** Sends deliveries and captures again to a handler, in order: as they were, or signed anew. */
export function replayDeliveryCommand(services: Services): Command<Input, Answered> {
  const runs = new WeakMap<Answered, ReplayRun>();
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
      const run = await runReplay(services, sources, { ...options, unlimited: false }, task);
      const result = resultOf(run);
      runs.set(result, run);
      return result;
    },
    announce: (result) => {
      const run = runs.get(result);
      return run && announceReplay(services, run);
    },
  };
}
