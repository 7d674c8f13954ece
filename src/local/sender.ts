import { post } from "./post";
import type { DeliveryRecord } from "./records";
import type { Store } from "./store";

export interface SenderOptions {
  readonly now: () => Date;
  readonly timeoutMs: number;
  /** Waits before each attempt of a queued delivery, in milliseconds; there are as many attempts as waits. */
  readonly retryDelaysMs: readonly number[];
  readonly endpoints: Readonly<Record<string, string>>;
  /** Gets a line for each attempt that could not be kept. */
  readonly log: (line: string) => void;
}

/** How many endpoints are called at the same time; the rest waits. */
const mostAtOnce = 16;
/** What a timer can wait at most, in milliseconds. */
const longestWait = 2 ** 31 - 1;

/** Delivers what is due, and keeps what came of it. */
export class Sender {
  readonly #timers = new Set<NodeJS.Timeout>();
  /** What is queued or under way, by webhook and event: nothing is sent twice at a time. */
  readonly #busy = new Set<string>();
  readonly #due: (() => Promise<void>)[] = [];
  readonly #closing = new AbortController();
  #running = 0;

  constructor(
    private readonly store: Store,
    private readonly options: SenderOptions,
  ) {}

  /** Makes the only attempt of a delivery, at once, and keeps it. */
  async sendOnce(delivery: DeliveryRecord): Promise<DeliveryRecord> {
    const key = keyOf(delivery);
    this.#busy.add(key);
    try {
      return await this.#attempt(delivery);
    } finally {
      this.#busy.delete(key);
    }
  }

  /**
   * Makes one attempt and keeps it.
   * @param nextDelayMs how long after a failed attempt another one follows; undefined when it is the last one
   * @returns the delivery as it is afterwards
   */
  async #attempt(delivery: DeliveryRecord, nextDelayMs?: number): Promise<DeliveryRecord> {
    const { dueAt: _dueAt, ...base } = delivery;
    const webhook = this.store.webhook(delivery.webhookId);
    if (webhook === undefined) {
      const abandoned: DeliveryRecord = { ...base, status: "failed" };
      this.store.putDelivery(abandoned);
      return abandoned;
    }
    const attempt = await post(delivery, { ...this.options, secret: webhook.secret, signal: this.#closing.signal });
    const { httpStatus = 0, error } = attempt;
    const succeeded = error === undefined && httpStatus >= 200 && httpStatus < 300;
    const now = this.options.now();
    const after: DeliveryRecord = {
      ...base,
      status: succeeded ? "delivered" : nextDelayMs === undefined ? "failed" : "pending",
      ...(succeeded && { deliveredAt: now.toISOString() }),
      ...(!succeeded && nextDelayMs !== undefined && { dueAt: new Date(now.getTime() + nextDelayMs).toISOString() }),
      attempts: [...delivery.attempts, attempt],
    };
    // An attempt that was cut off by the end of this process is made again by the next one.
    if (this.#closing.signal.aborted) return after;
    this.store.putDelivery(after);
    // The webhook may have been changed, or deleted, while the endpoint took its time.
    const current = this.store.webhook(webhook.id);
    if (current !== undefined) {
      this.store.putWebhook({
        ...current,
        lastTriggered: attempt.startedAt,
        successCount: current.successCount + (after.status === "delivered" ? 1 : 0),
        failureCount: current.failureCount + (after.status === "failed" ? 1 : 0),
      });
    }
    return after;
  }

  /**
   * Queues a pending delivery: attempts with growing waits until one succeeds or none is left. What is meant for a
   * disabled webhook waits until that is enabled again.
   */
  queue(delivery: DeliveryRecord): void {
    const key = keyOf(delivery);
    if (this.#busy.has(key)) return;
    this.#busy.add(key);
    const due = delivery.dueAt === undefined ? 0 : Date.parse(delivery.dueAt) - this.options.now().getTime();
    this.#schedule(delivery.id, delivery.webhookId, 0, due + (this.options.retryDelaysMs[0] ?? 0));
  }

  #schedule(id: string, webhookId: string, tries: number, waitMs: number): void {
    if (this.#closing.signal.aborted) return;
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        this.#due.push(() => this.#deliver(id, webhookId, tries));
        this.#work();
      },
      Math.min(Math.max(waitMs, 0), longestWait),
    );
    timer.unref();
    this.#timers.add(timer);
  }

  #work(): void {
    while (this.#running < mostAtOnce) {
      const next = this.#due.shift();
      if (next === undefined) return;
      this.#running++;
      void next().finally(() => {
        this.#running--;
        this.#work();
      });
    }
  }

  async #deliver(id: string, webhookId: string, tries: number): Promise<void> {
    const row = this.store.index.find(id, webhookId);
    const disabled = this.store.webhook(webhookId)?.enabled === false;
    let goesOn = false;
    try {
      if (row?.status !== "pending" || disabled || this.#closing.signal.aborted) return;
      const nextDelayMs = this.options.retryDelaysMs[tries + 1];
      const after = await this.#attempt(this.store.delivery(row), nextDelayMs);
      goesOn = after.status === "pending";
      if (goesOn) this.#schedule(id, webhookId, tries + 1, nextDelayMs ?? 0);
    } catch (error) {
      // A full disk, for example. Nobody waits for this attempt; the delivery stays as it was kept last.
      this.options.log(`An attempt of ${id} could not be kept: ${String(error)}`);
    } finally {
      if (!goesOn) this.#busy.delete(keyOf({ id, webhookId }));
    }
  }

  /** Goes on with what is pending: at the start, and for one webhook when it is enabled again. */
  resume(webhookId?: string): void {
    for (const row of this.store.index.list("pending").rows) {
      if (webhookId === undefined || row.webhookId === webhookId) this.queue(this.store.delivery(row));
    }
  }

  /** Breaks off what is under way; it stays pending. */
  close(): void {
    this.#closing.abort();
    for (const timer of this.#timers) clearTimeout(timer);
  }
}

function keyOf({ id, webhookId }: Pick<DeliveryRecord, "id" | "webhookId">): string {
  return `${webhookId} ${id}`;
}
