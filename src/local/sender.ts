import { post } from "./post";
import type { DeliveryRecord } from "./records";
import { deliveryKey, type Store } from "./store";

export interface SenderOptions {
  readonly now: () => Date;
  readonly timeoutMs: number;
  /** Waits before each attempt of a retried delivery, in milliseconds; there are as many attempts as waits. */
  readonly retryDelaysMs: readonly number[];
  readonly endpoints: Readonly<Record<string, string>>;
}

/** Delivers what is due, and keeps what came of it. */
export class Sender {
  readonly #timers = new Set<NodeJS.Timeout>();
  #closed = false;

  constructor(
    private readonly store: Store,
    private readonly options: SenderOptions,
  ) {}

  /**
   * Makes one attempt and keeps it.
   * @param retryLater whether a failed attempt leaves the delivery pending, for another one follows
   */
  async attempt(delivery: DeliveryRecord, retryLater: boolean): Promise<DeliveryRecord> {
    const webhook = this.store.webhook(delivery.webhookId);
    if (webhook === undefined) {
      const gone: DeliveryRecord = { ...delivery, status: "failed" };
      this.store.putDelivery(gone);
      return gone;
    }
    const attempt = await post(delivery, { ...this.options, secret: webhook.secret });
    const succeeded = attempt.httpStatus !== undefined && attempt.httpStatus >= 200 && attempt.httpStatus < 300;
    const at = this.options.now().toISOString();
    const after: DeliveryRecord = {
      ...delivery,
      status: succeeded ? "delivered" : retryLater ? "pending" : "failed",
      ...(succeeded && { deliveredAt: at }),
      attempts: [...delivery.attempts, attempt],
    };
    if (this.#closed) return after;
    this.store.putDelivery(after);
    // The webhook may have been changed, or deleted, while the endpoint took its time.
    const current = this.store.webhook(webhook.id);
    if (current !== undefined) {
      this.store.putWebhook({
        ...current,
        lastTriggered: at,
        successCount: current.successCount + (succeeded ? 1 : 0),
        failureCount: current.failureCount + (succeeded || retryLater ? 0 : 1),
      });
    }
    return after;
  }

  /** Queues a delivery: attempts with growing waits until one succeeds or none is left. */
  queue(delivery: DeliveryRecord): void {
    this.#next(deliveryKey(delivery), 0);
  }

  #next(key: string, attempt: number): void {
    const wait = this.options.retryDelaysMs[attempt];
    if (wait === undefined || this.#closed) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      const delivery = this.store.delivery(key);
      // What is meant for a disabled webhook waits until it is enabled again.
      if (delivery?.status !== "pending" || this.store.webhook(delivery.webhookId)?.enabled === false) return;
      const more = attempt + 1 < this.options.retryDelaysMs.length;
      void this.attempt(delivery, more).then((after) => {
        if (after.status === "pending") this.#next(key, attempt + 1);
      });
    }, wait);
    timer.unref();
    this.#timers.add(timer);
  }

  /** Goes on with what is pending: at the start, and for one webhook when it is enabled again. */
  resume(webhookId?: string): void {
    for (const delivery of this.store.deliveries()) {
      const due = webhookId === undefined || delivery.webhookId === webhookId;
      if (due && delivery.status === "pending") this.queue(delivery);
    }
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
  }
}
