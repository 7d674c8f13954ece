import * as vscode from "vscode";
import { isErrorOfKind } from "../../core/errors";
import { answered, answerText, type Answered } from "../../send/answerText";
import type { ReplayItem } from "../../send/replay";
import type { Task } from "../platform/task";
import type { Services } from "../services";
import { replayRequest, sourceId, type Replayed, type ReplaySource, type ReplayWish } from "./replaySources";

/** One that was answered. */
export interface ReplayedOne {
  readonly id: string;
  readonly answered: Answered;
  /** The answer as a document. */
  readonly text: string;
}

/** What came of all of them. */
export interface ReplayRun {
  readonly wanted: number;
  /** How many were answered 2xx. */
  readonly taken: number;
  /** Those that were answered otherwise, or not at all, and why. The rest was left: the run was cancelled. */
  readonly failed: readonly { readonly id: string; readonly message: string }[];
  /** The last one that was answered. */
  readonly last: ReplayedOne | undefined;
  /** Why the last one has no answer. */
  readonly error: Error | undefined;
  /** What a person should know of the requests, in sentences. */
  readonly notes: readonly string[];
}

export interface ReplayRunOptions extends ReplayWish {
  readonly pauseMs: number;
  readonly unlimited: boolean;
}

/**
 * Sends deliveries and captures again, in the order given, with progress. Cancelled, it ends and tells how far it came.
 * @throws PacSpaceError `forbidden` in an untrusted workspace
 */
export async function runReplay(
  services: Services,
  sources: readonly ReplaySource[],
  options: ReplayRunOptions,
  task: Task,
): Promise<ReplayRun> {
  const sending = await services.sending();
  // Of the request under way: they go out one after the other.
  let sentAt = new Date();
  let request: Replayed | undefined;
  const items = sources.map((source): ReplayItem => ({
    id: sourceId(source),
    request: async () => {
      request = await replayRequest(services, source, options, task.signal);
      sentAt = new Date();
      return request.request;
    },
  }));
  const notes = new Set<string>();
  const failed: { id: string; message: string }[] = [];
  let [taken, last, error] = [0, undefined as ReplayedOne | undefined, undefined as Error | undefined];
  const { pauseMs, unlimited, url } = options;
  for await (const outcome of sending.replay(items, { pauseMs, unlimited, signal: task.signal })) {
    const { id } = outcome;
    if (outcome.kind === "failed") {
      error = outcome.error;
      if (isErrorOfKind(error, "cancelled")) break;
      failed.push({ id, message: error.message });
    } else {
      const { answer } = outcome;
      const context = { what: id, url, sentAt, notes: request?.notes ?? [], secret: request?.secret };
      for (const note of context.notes) notes.add(note);
      last = { id, answered: answered(answer, context.secret), text: answerText(answer, context) };
      if (answer.status >= 200 && answer.status < 300) taken += 1;
      else failed.push({ id, message: `It was answered ${answer.status}.` });
    }
    report(task, taken + failed.length, items.length, failed.length);
  }
  return { wanted: sources.length, taken, failed, last, error, notes: [...notes] };
}

function report(task: Task, done: number, wanted: number, failed: number): void {
  if (wanted === 1) return;
  const words =
    failed === 0
      ? vscode.l10n.t("{0} of {1}", done, wanted)
      : vscode.l10n.t("{0} of {1}, {2} failed", done, wanted, failed);
  task.report(words, (done / wanted) * 100);
}
