import type { Entry, Journal } from "./journal";
import type { DeliveryRecord, WebhookRecord } from "./records";

/** Everything Local PacSpace knows: in memory to answer from, and in the journal to outlive it. */
export class Store {
  readonly #webhooks = new Map<string, WebhookRecord>();
  /** By creation, oldest first; a map keeps that order. The key tells one event at two webhooks apart. */
  readonly #deliveries = new Map<string, DeliveryRecord>();
  readonly #sessions = new Map<string, number>();

  /** @param journal none keeps all in memory alone */
  constructor(
    private readonly journal: Journal | undefined,
    now: number,
  ) {
    for (const entry of journal?.read() ?? []) this.#take(entry);
    for (const [id, expiresAt] of this.#sessions) if (expiresAt <= now) this.#sessions.delete(id);
  }

  #take(entry: Entry): void {
    switch (entry.kind) {
      case "webhook":
        this.#webhooks.set(entry.webhook.id, entry.webhook);
        return;
      case "webhookDeleted":
        this.#webhooks.delete(entry.id);
        return;
      case "delivery":
        this.#deliveries.set(deliveryKey(entry.delivery), entry.delivery);
        return;
      case "session":
        this.#sessions.set(entry.id, entry.expiresAt);
    }
  }

  #change(entry: Entry): void {
    this.journal?.append(entry);
    this.#take(entry);
  }

  /** Begins a new journal with what is known: the seed, or what the last one held. */
  begin(): void {
    this.journal?.begin(this.#entries());
  }

  *#entries(): Generator<Entry> {
    for (const webhook of this.#webhooks.values()) yield { kind: "webhook", webhook };
    for (const delivery of this.#deliveries.values()) yield { kind: "delivery", delivery };
    for (const [id, expiresAt] of this.#sessions) yield { kind: "session", id, expiresAt };
  }

  /** Newest first. */
  webhooks(): readonly WebhookRecord[] {
    return [...this.#webhooks.values()].reverse();
  }

  webhook(id: string): WebhookRecord | undefined {
    return this.#webhooks.get(id);
  }

  putWebhook(webhook: WebhookRecord): void {
    this.#change({ kind: "webhook", webhook });
  }

  deleteWebhook(id: string): void {
    this.#change({ kind: "webhookDeleted", id });
  }

  deliveries(): Iterable<DeliveryRecord> {
    return this.#deliveries.values();
  }

  /** All deliveries of one event, one for each webhook that got it. */
  deliveriesOf(eventId: string): readonly DeliveryRecord[] {
    return [...this.#deliveries.values()].filter(({ id }) => id === eventId);
  }

  delivery(key: string): DeliveryRecord | undefined {
    return this.#deliveries.get(key);
  }

  putDelivery(delivery: DeliveryRecord): void {
    this.#change({ kind: "delivery", delivery });
  }

  /** When a session ends, in milliseconds since 1970; undefined for one that isn't known. */
  sessionExpiry(id: string): number | undefined {
    return this.#sessions.get(id);
  }

  putSession(id: string, expiresAt: number): void {
    this.#change({ kind: "session", id, expiresAt });
  }

  close(): void {
    this.journal?.close();
  }
}

/** What tells two deliveries of one event apart. */
export function deliveryKey(delivery: Pick<DeliveryRecord, "id" | "webhookId">): string {
  return `${delivery.webhookId} ${delivery.id}`;
}
