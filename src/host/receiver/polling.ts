import type * as vscode from "vscode";
import { PacSpaceError } from "../../core/errors";
import { readDeliveryDetail } from "../../core/model/deliveryDetail";
import type { Delivery } from "../../core/model/delivery";
import { deliveryRequest } from "../../core/signature/deliveryRequest";
import type { Account } from "../../state/account";
import { DeliveryPoll, type PollState } from "../../state/deliveryPoll";
import { Serial } from "../../state/serial";
import { Disposable } from "../platform/lifecycle";
import type { ListeningReceiver } from "./receiverProcess";

export interface PollingOptions {
  readonly account: () => Account;
  /** Where the marks are kept: this window's own, for other windows hand on to handlers of their own. */
  readonly memory: Pick<vscode.Memento, "get" | "update">;
  readonly everyMs: () => number;
  readonly log: (line: string) => void;
  readonly receiver: () => Pick<ListeningReceiver, "take" | "url"> | undefined;
  readonly changed: () => void;
}

/** Reads new deliveries of the active environment from PacSpace and hands them to the receiver, as if they had come. */
export class Polling extends Disposable {
  readonly #turns = new Serial();
  #poll: DeliveryPoll | undefined;
  #environment = "";
  #wanted: string | undefined;
  #subscription: { dispose(): void } | undefined;

  constructor(private readonly options: PollingOptions) {
    super();
    this.register({ dispose: () => void this.stop() });
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

  /** The storage key of the environment that is polled, or will be as soon as an earlier run has ended. */
  get wanted(): string | undefined {
    return this.#wanted;
  }

  /** Polls the active environment, anew where it is polled already. Settles after the first reading. */
  async start(): Promise<void> {
    const account = this.options.account();
    this.#wanted = account.environment.storageKey;
    // In turn: of two that begin together, one would go on where nothing can stop it.
    const { reading } = await this.#turns.run(async () => {
      await this.#end();
      return { reading: this.isDisposed ? undefined : this.#begin(account) };
    });
    await reading;
  }

  /** Stops, and breaks off what is under way; that stays named as missed. */
  async stop(): Promise<void> {
    this.#wanted = undefined;
    await this.#turns.run(() => this.#end());
  }

  #begin(account: Account): Promise<void> {
    const { changed, everyMs, log, memory } = this.options;
    const { name, storageKey } = account.environment;
    this.#environment = name;
    const key = `pacspace.poll:${storageKey}`;
    const poll = (this.#poll = new DeliveryPoll({
      account,
      memory: { read: () => memory.get(key), write: async (mark) => memory.update(key, mark) },
      deliver: (delivery, signal) => this.#deliver(account, delivery, signal),
      everyMs,
      log,
    }));
    this.#subscription = poll.onDidChange(changed);
    return poll.start();
  }

  async #end(): Promise<void> {
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

  async #deliver(account: Account, delivery: Delivery, signal: AbortSignal): Promise<void> {
    const receiver = this.options.receiver();
    if (receiver === undefined) throw new PacSpaceError("conflict", "The receiver does not run.");
    const detail = readDeliveryDetail(delivery);
    const { webhookId } = delivery;
    const stored = webhookId === undefined ? undefined : await account.secrets.get(webhookId);
    // The old signature has expired, or the API did not tell it: who has the secret signs anew.
    const signing = stored === undefined ? "asItWas" : { secret: stored.secret, now: Date.now() / 1_000 };
    const { headers, body } = deliveryRequest(delivery, detail, receiver.url, signing);
    signal.throwIfAborted();
    const target = targetOf(delivery.endpoint) ?? targetOf(account.webhooks.get(webhookId ?? "")?.url) ?? "/";
    const forward = await receiver.take({ method: "POST", target, headers, body }, "polled", signal);
    if (forward?.state === "failed") throw new PacSpaceError("network", forward.message);
    if (forward?.state === "answered" && (forward.status < 200 || forward.status > 299)) {
      // To PacSpace itself that would be a failed delivery, too.
      throw new PacSpaceError("server", `The handler answered with status ${forward.status}.`);
    }
  }
}

/** Path and query of the request that would come to an endpoint. */
function targetOf(url = ""): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { pathname, search } = new URL(url);
  return pathname + search;
}
