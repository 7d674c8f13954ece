import type * as vscode from "vscode";
import { PacSpaceError } from "../../core/errors";
import { readDeliveryDetail } from "../../core/model/deliveryDetail";
import type { Delivery } from "../../core/model/delivery";
import { deliveryRequest } from "../../core/signature/deliveryRequest";
import type { Receiver } from "../../receiver/receiver";
import type { Account } from "../../state/account";
import { DeliveryPoll, type PollState } from "../../state/deliveryPoll";
import { Disposable } from "../platform/lifecycle";
import { settings } from "../platform/settings";

export interface PollingOptions {
  readonly account: () => Account;
  readonly globalState: vscode.Memento;
  readonly log: vscode.LogOutputChannel;
  readonly receiver: () => Receiver | undefined;
  readonly changed: () => void;
}

/** Reads new deliveries of the active environment from PacSpace and hands them to the receiver, as if they had come. */
export class Polling extends Disposable {
  #poll: DeliveryPoll | undefined;
  #environment = "";
  #subscription: { dispose(): void } | undefined;

  constructor(private readonly options: PollingOptions) {
    super();
    this.register({ dispose: () => this.#subscription?.dispose() });
  }

  /** Undefined while it was never on. */
  get state(): PollState | undefined {
    return this.#poll?.state;
  }

  get isOn(): boolean {
    return this.state !== undefined && this.state.kind !== "stopped";
  }

  /** The environment that is polled, as a person calls it. */
  get environment(): string {
    return this.#environment;
  }

  async start(): Promise<void> {
    await this.stop();
    const { account: active, changed, globalState, log } = this.options;
    const account = active();
    this.#environment = account.environment.name;
    const key = `pacspace.poll:${account.environment.storageKey}`;
    const poll = (this.#poll = new DeliveryPoll({
      account,
      memory: { read: () => globalState.get(key), write: async (mark) => globalState.update(key, mark) },
      deliver: (delivery) => this.#deliver(account, delivery),
      everyMs: () => settings.pollSeconds() * 1_000,
      log: (line) => log.info(line),
    }));
    this.#subscription = poll.onDidChange(changed);
    await poll.start();
  }

  async stop(): Promise<void> {
    await this.#poll?.stop();
    this.#subscription?.dispose();
    this.options.changed();
  }

  /** Hands on what was missed. @returns how many. Throws PacSpaceError `conflict` while polling is off. */
  sendMissed(signal: AbortSignal): Promise<number> {
    return this.#needed().sendMissed(signal);
  }

  dismissMissed(): Promise<void> {
    return this.#needed().dismissMissed();
  }

  #needed(): DeliveryPoll {
    if (this.#poll !== undefined && this.isOn) return this.#poll;
    throw new PacSpaceError("conflict", "PacSpace is not polled now. Start polling first.");
  }

  async #deliver(account: Account, delivery: Delivery): Promise<void> {
    const receiver = this.options.receiver();
    if (receiver === undefined) throw new PacSpaceError("conflict", "The receiver does not run.");
    const detail = readDeliveryDetail(delivery);
    const { webhookId } = delivery;
    const stored = webhookId === undefined ? undefined : await account.secrets.get(webhookId);
    // The old signature has expired, or the API did not tell it: who has the secret signs anew.
    const signing = stored === undefined ? "asItWas" : { secret: stored.secret, now: Date.now() / 1_000 };
    const { headers, body } = deliveryRequest(delivery, detail, receiver.url, signing);
    const capture = await receiver.take({ method: "POST", target: "/", headers, body }, "polled");
    if (capture.forward?.state === "failed") throw new PacSpaceError("network", capture.forward.message);
  }
}
