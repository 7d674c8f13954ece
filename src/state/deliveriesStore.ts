import type { PacSpaceApi } from "../api/pacspaceApi";
import { deliveryKey, isDelivery, type Delivery, type DeliveryRef } from "../core/model/delivery";
import { apiFilter, passesViewFilter, type DeliveryViewFilter } from "../core/model/deliveryFilter";
import { Emitter } from "../core/emitter";

export interface DeliveriesSnapshot {
  /** All rows loaded, in the server's order. */
  readonly rows: readonly Delivery[];
  /** Those that pass the part of the filter that works on what is loaded. */
  readonly shown: readonly Delivery[];
  readonly total?: number;
  readonly loaded: boolean;
  readonly hasMore: boolean;
}

/** Which rows changed: all, or the row of this key alone. */
export type DeliveriesChange = "all" | { readonly key: string };

const nothing: DeliveriesSnapshot = { rows: [], shown: [], loaded: false, hasMore: false };

/** The deliveries loaded for the view, by its filter. Rows stay when a load fails; a new filter ends a running load. */
export class DeliveriesStore {
  readonly #changed = new Emitter<DeliveriesChange>();
  readonly onDidChange = this.#changed.event;
  #snapshot = nothing;
  #filter: DeliveryViewFilter = {};
  #running: AbortController | undefined;
  #received = 0;

  constructor(
    private readonly api: () => Promise<PacSpaceApi>,
    private readonly pageSize: () => number,
  ) {}

  get snapshot(): DeliveriesSnapshot {
    return this.#snapshot;
  }

  get filter(): DeliveryViewFilter {
    return this.#filter;
  }

  /** Sets the filter. Rows stay until the next load where only the part that works on loaded rows changed. */
  setFilter(filter: DeliveryViewFilter): void {
    const sameRows = JSON.stringify(apiFilter(filter)) === JSON.stringify(apiFilter(this.#filter));
    this.#filter = filter;
    if (!sameRows) {
      this.#running?.abort();
      this.#running = undefined;
      this.#received = 0;
    }
    this.#show(sameRows ? this.#snapshot : nothing);
  }

  /**
   * Reads the first page anew and replaces the rows.
   * @throws PacSpaceError; the rows known before stay
   */
  load(): Promise<void> {
    return this.#read(0, []);
  }

  /** Reads the next page and adds its rows; a row that moved here because newer ones came is not added twice. */
  loadMore(): Promise<void> {
    return this.#read(this.#received, this.#snapshot.rows);
  }

  async #read(offset: number, before: readonly Delivery[]): Promise<void> {
    this.#running?.abort();
    const running = (this.#running = new AbortController());
    const api = await this.api();
    const request = { ...apiFilter(this.#filter), limit: this.pageSize(), ...(offset > 0 && { offset }) };
    const page = await api.webhooks.deliveryPage(request, { signal: running.signal });
    if (this.#running !== running) return;
    const known = new Set(before.map(deliveryKey));
    const fresh = page.deliveries.filter((row) => !known.has(deliveryKey(row)));
    this.#received = offset + page.deliveries.length;
    this.#show({
      rows: [...before, ...fresh],
      shown: [],
      loaded: true,
      // A page without a new row comes from a server that ignores where it shall begin: it has no other.
      hasMore: !page.last && fresh.length > 0,
      ...(page.total !== undefined && { total: page.total }),
    });
  }

  #show(snapshot: DeliveriesSnapshot): void {
    this.#snapshot = { ...snapshot, shown: snapshot.rows.filter((row) => passesViewFilter(row, this.#filter)) };
    this.#changed.fire("all");
  }

  /** Puts in a row as it is now, where it is loaded. */
  put(row: Delivery): void {
    const key = deliveryKey(row);
    if (!this.#snapshot.rows.some((candidate) => deliveryKey(candidate) === key)) return;
    const replace = (rows: readonly Delivery[]): readonly Delivery[] =>
      rows.map((candidate) => (deliveryKey(candidate) === key ? row : candidate));
    this.#snapshot = { ...this.#snapshot, rows: replace(this.#snapshot.rows), shown: replace(this.#snapshot.shown) };
    this.#changed.fire({ key });
  }

  /** A row among those loaded. */
  get(ref: DeliveryRef): Delivery | undefined {
    return this.#snapshot.rows.find((row) => isDelivery(row, ref));
  }

  /** Forgets all rows and ends a running load; the filter stays. */
  clear(): void {
    this.#running?.abort();
    this.#running = undefined;
    this.#received = 0;
    this.#show(nothing);
  }
}
