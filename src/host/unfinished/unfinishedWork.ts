import type * as vscode from "vscode";
import type { WebhookWish } from "../commands/createWebhook";
import type { Environments } from "../platform/environments";
import { Disposable } from "../platform/lifecycle";
import type { OwnMemory } from "../platform/ownMemory";
import { LostCreates } from "./lostCreates";
import { UnfinishedRetry } from "./unfinishedRetry";

export interface UnfinishedOptions {
  readonly environments: Environments;
  readonly memory: OwnMemory;
  readonly log: vscode.LogOutputChannel;
  /** Runs the command that creates a webhook, for a person. */
  readonly create: (wish: WebhookWish) => Promise<void>;
}

/** What an earlier window did not come to the end of is looked for and offered. */
export class UnfinishedWork extends Disposable {
  constructor({ environments, memory, log, create }: UnfinishedOptions) {
    super();
    this.register(new LostCreates(environments, create, log));
    this.register(new UnfinishedRetry(environments, memory));
  }
}
