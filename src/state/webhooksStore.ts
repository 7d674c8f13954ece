import type { PacSpaceApi } from "../api/pacspaceApi";
import type { Webhook } from "../core/model/webhook";
import { Emitter } from "./emitter";

export interface WebhooksSnapshot {
  readonly webhooks: readonly Webhook[];
  /** How many there are on the server, where it tells. */
  readonly total?: number;
  readonly loaded: boolean;
  readonly hasMore: boolean;
}

/** Which rows changed: all, or these ids alone. */
export type WebhooksChange = "all" | readonly string[];

const nothing: WebhooksSnapshot = { webhooks: [], loaded: false, hasMore: false };

/** The webhooks as last read, in the server's order. Rows stay when a load fails. */
export class WebhooksStore {
  readonly #changed = new Emitter<WebhooksChange>();
  readonly onDidChange = this.#changed.event;
  #snapshot = nothing;
  #byId: { readonly of: readonly Webhook[]; readonly map: ReadonlyMap<string, Webhook> } | undefined;
  #pages: AsyncIterator<{ readonly webhooks: readonly Webhook[]; readonly total?: number }> | undefined;
  #running: AbortController | undefined;

  constructor(private readonly api: () => Promise<PacSpaceApi>) {}

  get snapshot(): WebhooksSnapshot {
    return this.#snapshot;
  }

  /**
   * Reads the first page anew and replaces what is known.
   * @throws PacSpaceError; the rows known before stay
   */
  async load(): Promise<void> {
    this.#running?.abort();
    const running = (this.#running = new AbortController());
    const pages = (await this.api()).webhooks.list({ signal: running.signal })[Symbol.asyncIterator]();
    const first = await pages.next();
    if (this.#running !== running) return;
    this.#pages = pages;
    this.#replace(first.done === true ? { webhooks: [] } : first.value, first.done !== true);
  }

  /** Reads the next page and adds its rows. */
  async loadMore(): Promise<void> {
    const pages = this.#pages;
    if (pages === undefined) return this.load();
    const next = await pages.next();
    if (this.#pages !== pages) return;
    const known = new Set(this.#snapshot.webhooks.map((webhook) => webhook.id));
    const fresh = next.done === true ? [] : next.value.webhooks.filter((webhook) => !known.has(webhook.id));
    const total = next.done === true ? this.#snapshot.total : next.value.total;
    this.#replace(
      { webhooks: [...this.#snapshot.webhooks, ...fresh], ...(total !== undefined && { total }) },
      next.done !== true,
    );
  }

  #replace(page: { readonly webhooks: readonly Webhook[]; readonly total?: number }, maybeMore: boolean): void {
    const hasMore = maybeMore && (page.total === undefined ? false : page.webhooks.length < page.total);
    this.#snapshot = { ...page, loaded: true, hasMore };
    this.#changed.fire("all");
  }

  /** Puts in one webhook as it is now; a new one comes first. */
  put(webhook: Webhook): void {
    const { webhooks, total } = this.#snapshot;
    const known = webhooks.find((candidate) => candidate.id === webhook.id);
    const rows =
      known === undefined
        ? [webhook, ...webhooks]
        : webhooks.map((candidate) => (candidate === known ? { ...known, ...webhook } : candidate));
    const sum = total !== undefined && known === undefined ? total + 1 : total;
    this.#snapshot = { ...this.#snapshot, webhooks: rows, ...(sum !== undefined && { total: sum }) };
    this.#changed.fire(known === undefined ? "all" : [webhook.id]);
  }

  /** Takes out a webhook that was deleted. */
  remove(id: string): void {
    const { webhooks, total } = this.#snapshot;
    const rest = webhooks.filter((webhook) => webhook.id !== id);
    if (rest.length === webhooks.length) return;
    this.#snapshot = { ...this.#snapshot, webhooks: rest, ...(total !== undefined && { total: total - 1 }) };
    this.#changed.fire("all");
  }

  /** The webhook as last read. Asked for each row of the Deliveries view, so it is looked up, not searched for. */
  get(id: string): Webhook | undefined {
    const { webhooks } = this.#snapshot;
    if (this.#byId?.of !== webhooks) {
      this.#byId = { of: webhooks, map: new Map(webhooks.map((webhook) => [webhook.id, webhook])) };
    }
    return this.#byId.map.get(id);
  }

  /** Forgets all rows and ends a running load. */
  clear(): void {
    this.#running?.abort();
    this.#running = undefined;
    this.#pages = undefined;
    this.#snapshot = nothing;
    this.#changed.fire("all");
  }
}
