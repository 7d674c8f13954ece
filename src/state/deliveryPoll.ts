import type { PacSpaceApi } from "../api/pacspaceApi";
import { isErrorOfKind, isPacSpaceError } from "../core/errors";
import type { Delivery, DeliveryRef } from "../core/model/delivery";
import type { Account } from "./account";
import { Emitter } from "../core/emitter";
import { linkedSignal } from "../core/linkedSignal";
import { findDeliveries } from "./findDelivery";
import { firstMark, markOf, newRows, oldestFirst, readMark, refOf, type PollMark } from "./pollMark";

/** Where the mark outlives the window. */
export interface PollMemory {
  read(): unknown;
  write(mark: PollMark | undefined): Promise<void>;
}

/** How polling goes. `lastSuccess`: when PacSpace was last read, ISO 8601; absent before it first was. */
export interface PollState {
  readonly kind: "stopped" | "waiting" | "live";
  /** Why it waits: a sentence. */
  readonly reason?: string;
  readonly lastSuccess?: string;
  /** How many deliveries were handed on since it was started. */
  readonly delivered: number;
  /** Deliveries that came while nothing polled, or that could not be handed on; oldest first. */
  readonly missed: readonly DeliveryRef[];
  /** Set when so many were missed that the oldest are not named: since when, ISO 8601; empty where that is not known. */
  readonly moreSince?: string | undefined;
}

export interface DeliveryPollOptions {
  readonly account: Account;
  readonly memory: PollMemory;
  /** Hands one delivery on; settles when it is done with, and rejects when it could not be handed on. */
  readonly deliver: (delivery: Delivery, signal: AbortSignal) => Promise<void>;
  /** Milliseconds between two readings. */
  readonly everyMs: () => number;
  readonly log?: ((line: string) => void) | undefined;
}

const pageSize = 100;
/** More new rows are not read at once; that there are more is said, and they are found in the history. */
const mostRows = 5_000;
const longestWaitMs = 5 * 60_000;

/**
 * Reads new deliveries from PacSpace and hands each on once, in order. The mark of what was handed on is written before
 * and after each, so that after a reload the one that was under way is named, and none is handed on twice.
 */
export class DeliveryPoll {
  readonly #changed = new Emitter<PollState>();
  readonly onDidChange = this.#changed.event;
  #state: PollState = { kind: "stopped", delivered: 0, missed: [] };
  #mark: PollMark | undefined;
  #running: AbortController | undefined;
  #timer: NodeJS.Timeout | undefined;
  #work: Promise<void> = Promise.resolve();
  #failures = 0;
  /** Whether what came before this run is known. */
  #caughtUp = false;

  constructor(private readonly options: DeliveryPollOptions) {}

  get state(): PollState {
    return this.#state;
  }

  #become(news: Partial<PollState> & Pick<PollState, "kind">): void {
    const { reason: _, ...rest } = this.#state;
    this.#state = { ...rest, ...news };
    this.#changed.fire(this.#state);
  }

  /**
   * Begins to poll. What is in the history already is not handed on; what came since an earlier run is named as missed.
   * Settles after the first reading, whether it succeeded or not.
   */
  async start(): Promise<void> {
    if (this.#running !== undefined) return;
    this.#running = new AbortController();
    this.#failures = 0;
    this.#caughtUp = false;
    this.#mark = readMark(this.options.memory.read());
    const { missed = [], moreSince } = this.#mark ?? {};
    this.#become({ kind: "waiting", delivered: 0, missed, moreSince });
    await this.#enqueue(() => this.#tick());
  }

  /** Stops; what was missed stays named. Settles when nothing is under way any more. */
  async stop(): Promise<void> {
    this.#running?.abort();
    this.#running = undefined;
    clearTimeout(this.#timer);
    await this.#work;
    this.#become({ kind: "stopped" });
  }

  /** Reads now. Settles after that reading. */
  async pollNow(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#enqueue(() => this.#tick());
  }

  /**
   * Hands on what was missed, in order, each once; those that fail, and those that are left when polling is stopped,
   * stay named.
   * @returns how many were handed on
   */
  async sendMissed(signal?: AbortSignal): Promise<number> {
    const link = linkedSignal(signal, this.#running?.signal);
    let sent = 0;
    await this.#enqueue(async () => {
      const missed = oldestFirst(this.#mark?.missed ?? []);
      const found = await this.options.account.call((api) => findDeliveries(api, missed, link.signal));
      for (const ref of missed) {
        if (link.signal.aborted) return;
        const row = found.get(ref);
        if (row !== undefined && (await this.#handOn(row, link.signal))) sent++;
      }
    }).finally(() => link.release());
    return sent;
  }

  /** Forgets what was missed. */
  async dismissMissed(): Promise<void> {
    await this.#enqueue(() => this.#write({ missed: [], moreSince: undefined }));
  }

  /** One thing at a time: order is part of the promise. */
  #enqueue(work: () => Promise<void>): Promise<void> {
    const result = this.#work.then(work);
    this.#work = result.catch(() => undefined);
    return result;
  }

  async #write(change: Partial<PollMark>): Promise<void> {
    if (this.#mark === undefined) return;
    this.#mark = { ...this.#mark, ...change };
    await this.options.memory.write(this.#mark);
    const { missed, moreSince } = this.#mark;
    this.#become({ kind: this.#state.kind, missed, moreSince });
  }

  async #tick(): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    try {
      await this.#read(running.signal);
      this.#caughtUp = true;
      this.#failures = 0;
      if (this.#running === running) this.#become({ kind: "live", lastSuccess: new Date().toISOString() });
    } catch (error) {
      if (this.#running !== running || isErrorOfKind(error, "cancelled")) return;
      this.#failures++;
      const reason = isPacSpaceError(error) ? error.message : String(error);
      this.options.log?.(`polling waits: ${reason}`);
      this.#become({ kind: "waiting", reason });
      this.#schedule(isPacSpaceError(error) ? error.retryAfterMs : undefined);
      return;
    }
    this.#schedule();
  }

  #schedule(toldMs = 0): void {
    if (this.#running === undefined) return;
    const backoff = Math.min(longestWaitMs, this.options.everyMs() * 2 ** Math.min(this.#failures, 10));
    this.#timer = setTimeout(() => void this.pollNow().catch(() => undefined), Math.max(backoff, toldMs));
    // A window that closes does not wait for the next reading.
    this.#timer.unref();
  }

  async #read(signal: AbortSignal): Promise<void> {
    const { account, memory } = this.options;
    const { rows, isAll } = await account.call((api) => this.#rowsSince(api, this.#mark, signal));
    if (this.#mark === undefined) {
      this.#mark = firstMark(rows);
      await memory.write(this.#mark);
      return;
    }
    const fresh = newRows(this.#mark, rows);
    const more = isAll ? {} : { moreSince: this.#mark.moreSince ?? this.#mark.newest };
    if (!this.#caughtUp) {
      // They came while nothing polled: a person says whether they are still wanted.
      const missed = [...this.#mark.missed, ...fresh.map(refOf)];
      await this.#write({ ...markOf(rows, this.#mark), missed, ...more });
      return;
    }
    if (!isAll) await this.#write(more);
    for (const row of fresh) {
      if (signal.aborted) return;
      await this.#handOn(row, signal);
    }
  }

  /** @returns whether it was handed on */
  async #handOn(row: Delivery, signal: AbortSignal): Promise<boolean> {
    const ref = refOf(row);
    const same = (other: DeliveryRef): boolean => JSON.stringify(other) === JSON.stringify(ref);
    if (this.#mark === undefined) return false;
    const { missed } = this.#mark;
    // Named as missed while it is under way: who reads this after a crash can't know whether it arrived.
    await this.#write({ ...markOf([row], this.#mark), missed: missed.some(same) ? missed : [...missed, ref] });
    try {
      await this.options.deliver(row, signal);
    } catch (error) {
      this.options.log?.(`${row.id} was not handed on: ${isPacSpaceError(error) ? error.message : String(error)}`);
      return false;
    }
    await this.#write({ missed: missed.filter((other) => !same(other)) });
    this.#become({ kind: this.#state.kind, delivered: this.#state.delivered + 1 });
    return true;
  }

  /** The newest rows, newest first, as far back as the mark reaches; `isAll`: whether no new ones are behind them. */
  async #rowsSince(
    api: PacSpaceApi,
    mark: PollMark | undefined,
    signal: AbortSignal,
  ): Promise<{ readonly rows: readonly Delivery[]; readonly isAll: boolean }> {
    const rows: Delivery[] = [];
    const request = { sortBy: "createdAt", sortOrder: "desc", limit: pageSize } as const;
    for await (const page of api.webhooks.deliveries(request, { signal })) {
      const known = mark === undefined || newRows(mark, page.deliveries).length === 0;
      if (!known && rows.length >= mostRows) return { rows, isAll: false };
      rows.push(...page.deliveries);
      if (known) break;
    }
    return { rows, isAll: true };
  }
}
