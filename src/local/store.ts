import * as path from "node:path";
import { DeliveryIndex, headOf, type DeliveryHead, type DeliveryRow } from "./deliveryIndex";
import { lockDirectory } from "./directoryLock";
import { FileLog } from "./fileLog";
import { MemoryLog, type Log, type Place } from "./log";
import type { DeliveryRecord, WebhookRecord } from "./records";

type Head =
  | DeliveryHead
  | readonly [kind: "w", webhook: WebhookRecord]
  | readonly [kind: "x", webhookId: string]
  | readonly [kind: "s", sessionDigest: string, expiresAt: number];

export interface Contents {
  readonly webhooks: readonly WebhookRecord[];
  readonly deliveries: readonly DeliveryRecord[];
}

export interface StoreOptions {
  /** Where the state is kept; without it, memory alone keeps it. */
  readonly directory?: string | undefined;
  readonly now: Date;
  /** What a store that holds nothing yet begins with. */
  readonly seed: () => Contents;
}

/** A file smaller than this is not worth compacting, in bytes. */
const smallFile = 1024 * 1024;

/** Everything Local PacSpace knows. Deliveries stay in the log; what is needed to find them is in memory. */
export class Store {
  readonly #webhooks = new Map<string, WebhookRecord>();
  /** Of the webhooks; made when it is asked for. */
  #newestFirst: readonly WebhookRecord[] | undefined;
  readonly #sessions = new Map<string, number>();
  readonly index = new DeliveryIndex();
  readonly #log: Log;
  readonly #unlock: () => void;

  /** @throws Error when another process has the directory open, or its file is damaged */
  constructor({ directory, now, seed }: StoreOptions) {
    if (directory === undefined) {
      this.#unlock = () => undefined;
      this.#log = new MemoryLog();
      this.#fill(seed());
      return;
    }
    this.#unlock = lockDirectory(directory);
    try {
      const log = new FileLog(path.join(directory, "state.jsonl"));
      this.#log = log;
      try {
        this.#open(log, now.getTime(), seed);
      } catch (error) {
        log.close();
        throw error;
      }
    } catch (error) {
      this.#unlock();
      throw error;
    }
  }

  #fill({ webhooks, deliveries }: Contents): void {
    for (const webhook of webhooks) this.putWebhook(webhook);
    for (const delivery of deliveries) this.putDelivery(delivery);
  }

  #open(log: FileLog, now: number, seed: () => Contents): void {
    for (const { head, place } of log.load()) this.#take(head as Head, place);
    for (const [digest, expiresAt] of this.#sessions) if (expiresAt <= now) this.#sessions.delete(digest);
    if (log.size === 0) {
      const { webhooks, deliveries } = seed();
      const heads: readonly Head[] = [...webhooks.map((webhook) => ["w", webhook] as const), ...deliveries.map(headOf)];
      const places = log.replace(
        heads.map((head, index) => {
          const delivery = deliveries[index - webhooks.length];
          return { head: JSON.stringify(head), ...(delivery !== undefined && { body: JSON.stringify(delivery) }) };
        }),
      );
      heads.forEach((head, index) => {
        const place = places[index];
        if (place !== undefined) this.#take(head, place);
      });
      return;
    }
    this.#compact(log);
  }

  /** Drops the lines that count no more, once they are more than half of the file. */
  #compact(log: FileLog): void {
    const { rows } = this.index.list();
    const heads: readonly Head[] = [
      ...[...this.#webhooks.values()].map((webhook) => ["w", webhook] as const),
      ...[...this.#sessions].map(([digest, expiresAt]) => ["s", digest, expiresAt] as const),
    ];
    const texts = heads.map((head) => JSON.stringify(head));
    const sum = (lengths: readonly number[]): number => lengths.reduce((total, length) => total + length, 0);
    const bytes = sum(texts.map(({ length }) => length)) + sum(rows.map(({ place }) => place.length));
    if (log.size < smallFile || bytes > log.size / 2) return;
    const places = log.replace([...texts.map((head) => ({ head })), ...rows.map(({ place }) => place)]);
    rows.forEach((row, index) => {
      row.place = places[texts.length + index] ?? row.place;
    });
  }

  #take(head: Head, place: Place): Place | undefined {
    switch (head[0]) {
      case "w":
        this.#newestFirst = undefined;
        this.#webhooks.set(head[1].id, head[1]);
        return undefined;
      case "x":
        this.#newestFirst = undefined;
        this.#webhooks.delete(head[1]);
        return undefined;
      case "s":
        this.#sessions.set(head[1], head[2]);
        return undefined;
      case "d":
        return this.index.put(head, place);
    }
  }

  #change(head: Head, body?: string): void {
    const replaced = this.#take(head, this.#log.append(JSON.stringify(head), body));
    if (replaced !== undefined) this.#log.release(replaced);
  }

  /** Newest first. */
  webhooks(): readonly WebhookRecord[] {
    return (this.#newestFirst ??= [...this.#webhooks.values()].reverse());
  }

  webhook(id: string): WebhookRecord | undefined {
    return this.#webhooks.get(id);
  }

  putWebhook(webhook: WebhookRecord): void {
    this.#change(["w", webhook]);
  }

  deleteWebhook(id: string): void {
    this.#change(["x", id]);
  }

  /** Reads a delivery whole. */
  delivery(row: DeliveryRow): DeliveryRecord {
    return JSON.parse(this.#log.read(row.place)) as DeliveryRecord;
  }

  putDelivery(delivery: DeliveryRecord): void {
    this.#change(headOf(delivery), JSON.stringify(delivery));
  }

  /** When a session ends, in milliseconds since 1970; undefined for one that isn't known. */
  sessionExpiry(digest: string): number | undefined {
    return this.#sessions.get(digest);
  }

  /** Keeps a session, by the digest of its cookie; those that have ended meanwhile are forgotten. */
  putSession(digest: string, expiresAt: number, now: number): void {
    for (const [known, end] of this.#sessions) if (end <= now) this.#sessions.delete(known);
    this.#change(["s", digest, expiresAt]);
  }

  close(): void {
    this.#log.close();
    this.#unlock();
  }
}
