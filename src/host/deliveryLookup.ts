import * as vscode from "vscode";
import { PacSpaceError } from "../core/errors";
import { captureHome, isCaptureId } from "../core/model/captureDelivery";
import type { Delivery, DeliveryRef } from "../core/model/delivery";
import { loadedOrFound } from "../state/findDelivery";
import type { Environments } from "./platform/environments";
import { Disposable } from "./platform/lifecycle";

/** Where captures are kept. */
export interface CaptureSource {
  /** A capture among those in memory, as a delivery; undefined, too, before they were read. */
  loadedDelivery(id: string): Delivery | undefined;
  findDelivery(id: string): Promise<Delivery | undefined>;
  readonly onDidChangeCaptures: vscode.Event<unknown>;
}

/**
 * Finds what is inspected, verified, opened, compared and copied: the active account's deliveries, and the receiver's
 * captures, which are shown as deliveries.
 */
export class DeliveryLookup extends Disposable {
  readonly #changed = this.register(new vscode.EventEmitter<void>());
  /** What is at hand changed, or what its webhooks are called. */
  readonly onDidChange = this.#changed.event;
  #subscriptions: readonly { dispose(): void }[] = [];

  constructor(
    private readonly environments: Environments,
    private readonly captures: CaptureSource,
  ) {
    super();
    this.register({ dispose: () => this.#release() });
    this.register(captures.onDidChangeCaptures(() => this.#changed.fire()));
    this.register(environments.onDidChange(() => this.#follow()));
    this.#follow();
  }

  #release(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #follow(): void {
    this.#release();
    const { deliveries, webhooks } = this.environments.active;
    this.#subscriptions = [deliveries, webhooks].map((store) => store.onDidChange(() => this.#changed.fire()));
  }

  /** Under which key a delivery is kept: its environment's, or the receiver's for a capture. */
  home({ id }: DeliveryRef): string {
    return isCaptureId(id) ? captureHome : this.environments.active.environment.storageKey;
  }

  /** Whether what is kept under a key can be had now: captures always, deliveries while their environment is active. */
  isHere(home: string): boolean {
    return home === captureHome || home === this.environments.active.environment.storageKey;
  }

  /** A delivery that is at hand; undefined when it would have to be looked for. */
  loaded(ref: DeliveryRef): Delivery | undefined {
    return isCaptureId(ref.id) ? this.captures.loadedDelivery(ref.id) : this.environments.active.deliveries.get(ref);
  }

  /**
   * A delivery that is at hand, else one that is looked for: through the history, newest first, or among the captures.
   * @throws PacSpaceError, `notFound` included
   */
  async find(ref: DeliveryRef, signal?: AbortSignal): Promise<Delivery> {
    if (!isCaptureId(ref.id)) return loadedOrFound(this.environments.active, ref, signal);
    const capture = await this.captures.findDelivery(ref.id);
    if (capture !== undefined) return capture;
    throw new PacSpaceError(
      "notFound",
      `${ref.id} is no longer kept: captures make room for newer ones. The settings "pacspace.receiver.maxCaptures" and "pacspace.receiver.maxMegabytes" say how many are kept.`,
    );
  }
}
