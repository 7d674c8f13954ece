import type { Place } from "./log";
import type { DeliveryRecord, DeliveryStatus } from "./records";

/** What is known of a delivery without reading it: enough to filter and to sort a million of them. */
export interface DeliveryRow {
  readonly id: string;
  readonly webhookId: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  status: DeliveryStatus;
  /** Milliseconds since 1970; 0 when it was not delivered. */
  deliveredAt: number;
  attempts: number;
  place: Place;
  /** Another delivery of the same event. */
  next: DeliveryRow | undefined;
}

/** The head of a delivery's line in the log. */
export type DeliveryHead = readonly [
  kind: "d",
  id: string,
  webhookId: string,
  createdAt: number,
  status: DeliveryStatus,
  deliveredAt: number,
  attempts: number,
];

/** Makes the head of a delivery's line. */
export function headOf(delivery: DeliveryRecord): DeliveryHead {
  const { id, webhookId, createdAt, status, deliveredAt, attempts } = delivery;
  const delivered = deliveredAt === undefined ? 0 : Date.parse(deliveredAt);
  return ["d", id, webhookId, Date.parse(createdAt), status, delivered, attempts.length];
}

/** All deliveries, by event and in order of their creation. */
export class DeliveryIndex {
  readonly #byEvent = new Map<string, DeliveryRow>();
  readonly #rows: DeliveryRow[] = [];
  readonly #names = new Map<string, string>();
  #sorted = true;
  #version = 0;

  /** Grows with every change. */
  get version(): number {
    return this.#version;
  }

  /** One text for all that are equal: each line read from a file brings a copy of its own. */
  #same<T extends string>(text: T): T {
    const known = this.#names.get(text);
    if (known !== undefined) return known as T;
    this.#names.set(text, text);
    return text;
  }

  /**
   * Adds a delivery, or takes over what changed of it.
   * @returns the place that counts no more, when it was known before
   */
  put(head: DeliveryHead, place: Place): Place | undefined {
    const [, id, webhookId, createdAt, status, deliveredAt, attempts] = head;
    this.#version++;
    const known = this.find(id, webhookId);
    if (known !== undefined) {
      const before = known.place;
      Object.assign(known, { status: this.#same(status), deliveredAt, attempts, place });
      return before;
    }
    const row: DeliveryRow = {
      id,
      webhookId: this.#same(webhookId),
      createdAt,
      status: this.#same(status),
      deliveredAt,
      attempts,
      place,
      next: this.#byEvent.get(id),
    };
    this.#byEvent.set(id, row);
    this.#sorted &&= createdAt >= (this.#rows.at(-1)?.createdAt ?? 0);
    this.#rows.push(row);
    return undefined;
  }

  /** All deliveries of an event: one for each webhook that it was sent to. */
  ofEvent(id: string): readonly DeliveryRow[] {
    const rows: DeliveryRow[] = [];
    for (let row = this.#byEvent.get(id); row !== undefined; row = row.next) rows.push(row);
    return rows;
  }

  find(id: string, webhookId: string): DeliveryRow | undefined {
    let row = this.#byEvent.get(id);
    while (row !== undefined && row.webhookId !== webhookId) row = row.next;
    return row;
  }

  /** All, oldest first. */
  rows(): readonly DeliveryRow[] {
    if (!this.#sorted) {
      this.#rows.sort((left, right) => left.createdAt - right.createdAt);
      this.#sorted = true;
    }
    return this.#rows;
  }
}
