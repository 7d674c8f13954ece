import type { PacSpaceApi } from "../api/pacspaceApi";
import { deliveryKey, isDelivery, rowKey, type Delivery, type DeliveryRef } from "../core/model/delivery";
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
  /** What tells the loaded rows apart, and by how many of them each key is shared. */
  #known = new Map<string, number>();

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
    if (sameRows) this.#show({ ...this.#snapshot, shown: this.#passing(this.#snapshot.rows) });
    else this.clear();
  }

  /**
   * Reads the first page anew and replaces the rows.
   * @throws PacSpaceError; the rows known before stay
   */
  load(): Promise<void> {
    return this.#read("first");
  }

  /** Reads the next page and adds its rows; a row that moved here because newer ones came is not added twice. */
  loadMore(): Promise<void> {
    return this.#read("next");
  }

  async #read(which: "first" | "next"): Promise<void> {
    this.#running?.abort();
    const running = (this.#running = new AbortController());
    const api = await this.api();
    const offset = which === "first" ? 0 : this.#received;
    const request = { ...apiFilter(this.#filter), limit: this.pageSize(), ...(offset > 0 && { offset }) };
    const page = await api.webhooks.deliveryPage(request, { signal: running.signal });
    if (this.#running !== running) return;
    // As they are now: rows may have been put in, or the view's filter changed, while the page came.
    const before = which === "first" ? nothing : this.#snapshot;
    if (which === "first") this.#known = new Map();
    // Only the page is looked at, however many rows there are.
    const fresh = page.deliveries.filter((row) => !this.#known.has(rowKey(row))).map((row) => this.#add(row));
    this.#received = offset + page.deliveries.length;
    this.#show({
      rows: [...before.rows, ...fresh],
      shown: [...before.shown, ...this.#passing(fresh)],
      loaded: true,
      // A page without a new row comes from a server that ignores where it shall begin: it has no other.
      hasMore: !page.last && fresh.length > 0,
      ...(page.total !== undefined && { total: page.total }),
    });
  }

  /** Gives a row a key of its own: the API may not tell what parts two of them. */
  #add(row: Delivery): Delivery {
    const key = deliveryKey(row);
    const nth = (this.#known.get(key) ?? 0) + 1;
    this.#known.set(key, nth).set(rowKey(row), nth);
    return nth === 1 ? row : { ...row, nth };
  }

  #passing(rows: readonly Delivery[]): readonly Delivery[] {
    return rows.filter((row) => passesViewFilter(row, this.#filter));
  }

  #show(snapshot: DeliveriesSnapshot): void {
    this.#snapshot = snapshot;
    this.#changed.fire("all");
  }

  /** Puts in a row as it is now, where it is loaded. */
  put(row: Delivery): void {
    // Where no webhook is told, another endpoint is the sign of another delivery.
    const before = this.#snapshot.rows.find(
      (known) => isDelivery(known, row) && (row.webhookId !== undefined || known.endpoint === row.endpoint),
    );
    if (before === undefined) return;
    const now = { ...row, nth: before.nth };
    this.#known.set(rowKey(now), 1);
    const replace = (rows: readonly Delivery[]): readonly Delivery[] =>
      rows.map((other) => (other === before ? now : other));
    this.#snapshot = { ...this.#snapshot, rows: replace(this.#snapshot.rows), shown: replace(this.#snapshot.shown) };
    this.#changed.fire({ key: deliveryKey(now) });
  }

  /** The loaded row of a key, as `deliveryKey` makes it. */
  row(key: string): Delivery | undefined {
    return this.#snapshot.rows.find((row) => key.includes(row.id) && deliveryKey(row) === key);
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
    this.#known = new Map();
    this.#show(nothing);
  }
}
