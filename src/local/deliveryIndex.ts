import { DeliveryList } from "./deliveryList";
import type { Place } from "./log";
import type { DeliveryRecord, DeliveryStatus } from "./records";

/** What is known of a delivery without reading it: enough to filter and to sort a million of them. */
export interface DeliveryRow {
  /** Counts the deliveries as they become known. */
  readonly number: number;
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

/** All deliveries: by event, by state, and in order of their creation. */
export class DeliveryIndex {
  readonly #byEvent = new Map<string, DeliveryRow>();
  readonly #all = new DeliveryList();
  readonly #byStatus = new Map<DeliveryStatus, DeliveryList>();
  readonly #names = new Map<string, string>();
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
      const { place: before, status: was } = known;
      if (was !== status) this.list(was).remove(known);
      Object.assign(known, { status: this.#same(status), deliveredAt, attempts, place });
      if (was !== status) this.list(status).add(known);
      return before;
    }
    const row: DeliveryRow = {
      number: this.#all.rows.length,
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
    this.#all.add(row);
    this.list(status).add(row);
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

  /** Those in a state, or all: kept in order, so that a page of a million costs no more than one of a hundred. */
  list(status?: DeliveryStatus): DeliveryList {
    if (status === undefined) return this.#all;
    let list = this.#byStatus.get(status);
    if (list === undefined) this.#byStatus.set(status, (list = new DeliveryList()));
    return list;
  }
}
