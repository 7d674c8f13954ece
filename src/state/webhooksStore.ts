import type { PacSpaceApi, WebhookPage } from "../api/pacspaceApi";
import type { Webhook } from "../core/model/webhook";
import { Emitter } from "../core/emitter";

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
  #pages: AsyncIterator<WebhookPage> | undefined;
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
    // It is tied to what was just ended: should this read fail, the next one begins anew.
    this.#pages = undefined;
    const pages = (await this.api()).webhooks.list({ signal: running.signal })[Symbol.asyncIterator]();
    const first = await pages.next();
    if (this.#running !== running) return;
    this.#pages = pages;
    this.#replace([], first);
  }

  /**
   * Reads on until there are new rows, and adds them. After a read that failed the pages are read anew, from the first.
   * @throws PacSpaceError; the rows known before stay, and so does what is left to read
   */
  async loadMore(): Promise<void> {
    if (!this.#snapshot.loaded) return this.load();
    const running = (this.#running ??= new AbortController());
    try {
      for (;;) {
        const pages = (this.#pages ??= (await this.api()).webhooks.list({ signal: running.signal }));
        const next = await pages.next();
        if (this.#running !== running) return;
        const before = this.#snapshot.webhooks;
        this.#replace(before, next);
        if (!this.#snapshot.hasMore || this.#snapshot.webhooks.length > before.length) return;
      }
    } catch (error) {
      // An iterator that threw has ended: it would say that there is no more.
      if (this.#running === running) this.#pages = undefined;
      throw error;
    }
  }

  #replace(before: readonly Webhook[], { done, value }: IteratorResult<WebhookPage, unknown>): void {
    const page = done === true ? { webhooks: [], last: true } : value;
    const known = new Set(before.map((webhook) => webhook.id));
    const fresh = page.webhooks.filter((webhook) => !known.has(webhook.id));
    const total = done === true ? this.#snapshot.total : value.total;
    this.#snapshot = {
      webhooks: [...before, ...fresh],
      ...(total !== undefined && { total }),
      loaded: true,
      hasMore: !page.last,
    };
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
