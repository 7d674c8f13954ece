import * as vscode from "vscode";
import { PacSpaceError } from "../core/errors";
import type { Capture } from "../core/model/capture";
import { captureDelivery, captureHome, isCaptureId } from "../core/model/captureDelivery";
import type { Delivery, DeliveryRef } from "../core/model/delivery";
import { loadedOrFound } from "../state/findDelivery";
import type { Environments } from "./platform/environments";
import { Disposable } from "./platform/lifecycle";

/** Where captures are kept. */
export interface CaptureSource {
  /** A capture among those in memory; undefined, too, before they were read. */
  loaded(id: string): Capture | undefined;
  find(id: string): Promise<Capture | undefined>;
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
  /** A capture that changed is another object. */
  readonly #shown = new WeakMap<Capture, Delivery>();
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

  #show(capture: Capture): Delivery {
    const known = this.#shown.get(capture);
    if (known !== undefined) return known;
    const delivery = captureDelivery(capture);
    this.#shown.set(capture, delivery);
    return delivery;
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
    if (!isCaptureId(ref.id)) return this.environments.active.deliveries.get(ref);
    const capture = this.captures.loaded(ref.id);
    return capture && this.#show(capture);
  }

  /**
   * A delivery that is at hand, else one that is looked for: through the history, newest first, or among the captures.
   * @throws PacSpaceError, `notFound` included
   */
  async find(ref: DeliveryRef, signal?: AbortSignal): Promise<Delivery> {
    if (!isCaptureId(ref.id)) return loadedOrFound(this.environments.active, ref, signal);
    const capture = await this.captures.find(ref.id);
    if (capture !== undefined) return this.#show(capture);
    throw new PacSpaceError(
      "notFound",
      `${ref.id} is no longer kept: captures make room for newer ones. The settings "pacspace.receiver.maxCaptures" and "pacspace.receiver.maxMegabytes" say how many are kept.`,
    );
  }
}
