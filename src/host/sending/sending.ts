import type * as vscode from "vscode";
import { post, type PostAnswer, type PostRequest } from "../../send/post";
import { replay, type ReplayItem, type ReplayOutcome } from "../../send/replay";
import { settings } from "../platform/settings";
import { requireTrust } from "../platform/trust";
import type { Services } from "../services";
import type { AnswerDocuments } from "./answerDocuments";
import { LaunchTargets } from "./launchTargets";
import { SendTargets } from "./sendTargets";

/** Sends events to handlers: the one way for all commands. */
export class Sending {
  readonly targets: SendTargets;
  readonly launches: LaunchTargets;

  /** @param answers where answers are shown */
  constructor(
    private readonly services: Services,
    memory: vscode.Memento,
    readonly answers: AnswerDocuments,
  ) {
    this.targets = new SendTargets(services, memory);
    this.launches = new LaunchTargets(memory);
  }

  /** Throws PacSpaceError as post does; `forbidden` in an untrusted workspace. */
  async send(request: PostRequest, signal: AbortSignal): Promise<PostAnswer> {
    requireTrust();
    return post(request, { signal, timeoutMs: this.#limitMs() });
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
    return replay(items, { pauseMs, signal, timeoutMs: unlimited ? () => 0 : () => this.#limitMs() });
  }

  #limitMs(): number {
    return this.services.debugging.isActive ? 0 : settings.handlerTimeoutSeconds() * 1_000;
  }
}
