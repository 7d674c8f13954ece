import * as vscode from "vscode";
import { answerBody } from "../../send/answerText";
import { post, type PostAnswer, type PostRequest } from "../../send/post";
import { replay, type ReplayItem, type ReplayOutcome } from "../../send/replay";
import { requireTrust } from "../platform/trust";
import type { Services } from "../services";
import { LaunchTargets } from "./launchTargets";
import { SendTargets } from "./sendTargets";

/** What a command gives back of an answer. */
export interface Answered {
  readonly status: number;
  readonly durationMs: number;
  /** As text, its first 64 KB. */
  readonly responseBody: string;
}

/** @param secret never shows up in it */
export function answered(answer: PostAnswer, secret: string | undefined): Answered {
  const { durationMs, status } = answer;
  return { status, durationMs, responseBody: answerBody(answer, secret) };
}

/** A debugger may hold the handler for as long as its user looks around: then there is no limit. */
function limitMs(): number | undefined {
  return vscode.debug.activeDebugSession === undefined ? undefined : 0;
}

/** Sends events to handlers: the one way for all commands. */
export class Sending {
  readonly targets: SendTargets;
  readonly launches: LaunchTargets;

  constructor(services: Services, memory: vscode.Memento) {
    this.targets = new SendTargets(services, memory);
    this.launches = new LaunchTargets(memory);
  }

  /** Throws PacSpaceError as post does; `forbidden` in an untrusted workspace. */
  async send(request: PostRequest, signal: AbortSignal): Promise<PostAnswer> {
    requireTrust();
    return post(request, { signal, timeoutMs: limitMs() });
  }

  /**
   * Sends one after the other and yields what came of each, as replay does.
   * @param unlimited whether an answer may take any time, debugger or not
   * @throws PacSpaceError `forbidden` in an untrusted workspace
   */
  replay(
    items: Iterable<ReplayItem>,
    options: { readonly pauseMs: number; readonly signal: AbortSignal; readonly unlimited: boolean },
  ): AsyncGenerator<ReplayOutcome, void, undefined> {
    requireTrust();
    const { pauseMs, signal, unlimited } = options;
    return replay(items, { pauseMs, signal, timeoutMs: unlimited ? () => 0 : limitMs });
  }
}
