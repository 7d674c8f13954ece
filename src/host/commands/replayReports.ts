import * as vscode from "vscode";
import type { Answered } from "../../send/answerText";
import type { ReplayRun } from "../sending/replayRun";
import type { Services } from "../services";
import type { Announcement } from "./command";

/** So many failures are named; the log has them all. */
const mostNamed = 3;

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
  if (left === 1) words.push(vscode.l10n.t("1 was not sent, or not waited for."));
  else if (left > 1) words.push(vscode.l10n.t("{0} were not sent, or not waited for.", left));
  if (notes.length > 0) {
    words.push(vscode.l10n.t("Where PacSpace's API laid a payload out anew, its old signature can't match."));
  }
  return {
    severity: taken === wanted ? "information" : "warning",
    message: words.join(" "),
    choices: failed.length > 0 ? [{ label: vscode.l10n.t("Show Why"), run: () => services.log.show() }] : [],
  };
}

/** What the commands that replay give back and tell of it. */
export class ReplayReports {
  readonly #runs = new WeakMap<Answered, ReplayRun>();

  constructor(private readonly services: Services) {}

  /** The last answer. Throws PacSpaceError when one was wanted and there is none. */
  resultOf(run: ReplayRun): Answered {
    if (run.wanted === 1 && run.error !== undefined) throw run.error;
    const result = run.last?.answered ?? { status: 0, durationMs: 0, responseBody: "" };
    this.#runs.set(result, run);
    return result;
  }

  announce(result: Answered): Announcement | undefined {
    const run = this.#runs.get(result);
    if (run === undefined) return undefined;
    return run.wanted === 1 ? announceOne(this.services, run) : announceMany(this.services, run);
  }
}
