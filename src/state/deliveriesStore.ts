import type { DeliveryPage, PacSpaceApi } from "../api/pacspaceApi";
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

/** So many pages are read at most to find new rows. */
const mostPages = 20;
/** So many rows more than a person asked for are kept at most, however often newer ones are put in front of them. */
const mostUnasked = 1_000;

function withoutNth(row: Delivery): Delivery {
  return row.nth === undefined ? row : { ...row, nth: undefined };
}

/** What tells a row apart as the server sends it. */
function identityOf(row: Delivery | undefined): string | undefined {
  return row === undefined ? undefined : rowKey(withoutNth(row));
}

/**
 * The known rows behind the first page: those behind its last row that is known. A row that may have moved, because what
 * the list is sorted by has changed, doesn't tell where that is.
 * @returns none where the page is all there is, or meets no row; and how many places the rows have moved back
 */
function behind(page: DeliveryPage, rows: readonly Delivery[], sortBy: "createdAt" | "deliveredAt" | "attempts") {
  const places = new Map(rows.map((row, index) => [identityOf(row), index]));
  const placeOf = (row: Delivery): number => places.get(rowKey(row)) ?? -1;
  const last = page.deliveries.findLastIndex(
    (row) => rows[placeOf(row)]?.[sortBy] === row[sortBy] && placeOf(row) >= 0,
  );
  const met = page.deliveries[last];
  if (page.last || met === undefined) return { tail: [], shift: 0 };
  const place = placeOf(met);
  const inPage = new Set<string | undefined>(page.deliveries.map(rowKey));
  return { tail: rows.slice(place + 1).filter((row) => !inPage.has(identityOf(row))), shift: last - place };
}

/** The deliveries loaded for the view, by its filter. Rows stay when a load fails; a new filter ends a running load. */
export class DeliveriesStore {
  readonly #changed = new Emitter<DeliveriesChange>();
  readonly onDidChange = this.#changed.event;
  #snapshot = nothing;
  #filter: DeliveryViewFilter = {};
  #running: AbortController | undefined;
  /** More was asked for, and has not come yet. */
  #wantsMore = false;
  /** Where the next page begins at the server. */
  #received = 0;
  /** How many rows were loaded by pages that a person asked for. */
  #asked = 0;
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
   * Reads the first page anew. Rows that were read behind it stay where the page meets them; else all before it go. A
   * `loadMore` that this ends is taken up again behind it.
   * @throws PacSpaceError; the rows known before stay
   */
  async load(): Promise<void> {
    const running = this.#begin();
    try {
      const page = await this.#page(running, 0);
      if (page === undefined) return;
      this.#putInFront(page);
    } catch (error) {
      if (this.#running === running) this.#wantsMore = false;
      throw error;
    }
    if (this.#wantsMore) await this.loadMore();
  }

  /**
   * Reads on until there are new rows, and adds them. Newer ones that came meanwhile are put in front, and a row that
   * they moved is not added twice.
   * @throws PacSpaceError; the rows known before stay
   */
  async loadMore(): Promise<void> {
    if (!this.#snapshot.loaded) return this.load();
    const running = this.#begin();
    this.#wantsMore = true;
    try {
      await this.#readOn(running);
    } finally {
      // Whoever ended it goes on with it.
      if (this.#running === running) this.#wantsMore = false;
    }
  }

  async #readOn(running: AbortController): Promise<void> {
    let isFrontRead = false;
    for (let count = 1; count <= mostPages; count++) {
      const offset = this.#received;
      const page = await this.#page(running, offset);
      if (page === undefined) return;
      const isKnown = page.deliveries.map((row) => this.#known.has(rowKey(row)));
      // Newer rows push the others back: then what comes here first may be newer than all that is known.
      const grew = (page.total ?? 0) > (this.#snapshot.total ?? Infinity);
      const newFirst = isKnown.indexOf(false);
      const moved = grew || (newFirst >= 0 && newFirst < isKnown.lastIndexOf(true));
      if (moved && !(isFrontRead && isKnown[0] === true)) {
        const front = await this.#page(running, 0);
        if (front === undefined) return;
        this.#putInFront(front);
        if (!this.#snapshot.hasMore) return;
        isFrontRead = true;
        continue;
      }
      this.#received = offset + page.deliveries.length;
      // A server that ignores where a page shall begin has no other; nor has one whose pages bring nothing new for long.
      const begins = page.deliveries[0];
      const isFirst = begins !== undefined && rowKey(begins) === identityOf(this.#snapshot.rows[0]);
      const hasMore = !page.last && !isFirst && count < mostPages;
      const fresh = page.deliveries.filter((_, index) => isKnown[index] === false);
      if (fresh.length === 0 && hasMore) continue;
      this.#append(fresh, { hasMore: hasMore || (fresh.length > 0 && !page.last), total: page.total });
      return;
    }
  }

  #begin(): AbortController {
    this.#running?.abort();
    return (this.#running = new AbortController());
  }

  /** Reads a page; undefined when another load has begun meanwhile. */
  async #page({ signal }: AbortController, offset: number): Promise<DeliveryPage | undefined> {
    const api = await this.api();
    const request = { ...apiFilter(this.#filter), limit: this.pageSize(), ...(offset > 0 && { offset }) };
    const page = await api.webhooks.deliveryPage(request, { signal });
    return this.#running?.signal === signal ? page : undefined;
  }

  #append(rows: readonly Delivery[], { hasMore, total }: { hasMore: boolean; total: number | undefined }): void {
    // As they are now: rows may have been put in, or the view's filter changed, while the page came. Only the page is
    // looked at, however many rows there are.
    const before = this.#snapshot;
    const fresh = rows.map((row) => this.#add(row));
    this.#asked += fresh.length;
    this.#show({
      rows: [...before.rows, ...fresh],
      shown: [...before.shown, ...this.#passing(fresh)],
      loaded: true,
      hasMore,
      ...(total !== undefined && { total }),
    });
  }

  /** Puts the first page in front of the rows that lie behind it, as far as that is known. */
  #putInFront(page: DeliveryPage): void {
    const before = this.#snapshot;
    const { tail, shift } = behind(page, before.rows, this.#filter.sortBy ?? "createdAt");
    if (tail.length === 0) this.#asked = page.deliveries.length;
    const received = tail.length === 0 ? page.deliveries.length : this.#received + shift;
    const merged = [...page.deliveries, ...tail];
    const tooMany = Math.max(0, merged.length - this.#asked - mostUnasked);
    this.#received = Math.max(page.deliveries.length, received - tooMany);
    const { total } = page;
    // Sorted the other way, new rows come at the end.
    const grew = total === undefined ? this.#filter.sortOrder === "asc" : total > this.#received;
    this.#known = new Map();
    const rows = merged.slice(0, merged.length - tooMany).map((row) => this.#add(withoutNth(row)));
    this.#show({
      rows,
      shown: this.#passing(rows),
      loaded: true,
      hasMore: tail.length === 0 ? !page.last : before.hasMore || tooMany > 0 || grew,
      ...(total !== undefined && { total }),
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
    this.#wantsMore = false;
    this.#received = 0;
    this.#asked = 0;
    this.#known = new Map();
    this.#show(nothing);
  }
}
