import { Emitter } from "../core/emitter";
import type { Capture } from "../core/model/capture";
import { readCaptures } from "./captureBytes";
import type { CaptureNews } from "./captureFeed";
import { CaptureRows } from "./captureRows";

/** `all`: rows came or went, and others may have changed with them; `id`: this one row changed. */
export type CaptureChange = "all" | { readonly id: string };

/** More of them are read although nobody asked. */
const mostUnread = 16;

/** The captures that a store in another process keeps, as it told them last. News are read when somebody looks. */
export class CaptureMirror {
  #rows = new CaptureRows();
  readonly #changes = new Emitter<CaptureChange>();
  #unread: CaptureNews[] = [];
  #snapshot: readonly Capture[] | undefined;
  #count = 0;
  #dropped = 0;

  readonly onDidChange = this.#changes.event;

  /** An immutable snapshot, newest first. */
  get captures(): readonly Capture[] {
    this.#read();
    return (this.#snapshot ??= this.#rows.newestFirst());
  }

  /** How many are kept; cheaper than to look at them. */
  get count(): number {
    return this.#count;
  }

  /** How many had to go for newer ones since the store was opened or cleared. */
  get dropped(): number {
    return this.#dropped;
  }

  /** The capture of an id, while it is kept; one that is unchanged is the same object as before. */
  get(id: string): Capture | undefined {
    this.#read();
    return this.#rows.get(id);
  }

  /** Takes in what changed. */
  apply(news: CaptureNews): void {
    const { count, dropped, oldest, rows } = news;
    // What was in them made room before anybody looked.
    const stale = this.#unread.filter(({ last }) => oldest === undefined || last < oldest);
    const removed = stale.flatMap((earlier) => earlier.removed);
    this.#unread = this.#unread.filter((earlier) => !stale.includes(earlier));
    this.#unread.push({ ...news, removed: [...removed, ...news.removed] });
    if (this.#unread.length > mostUnread) this.#read();
    [this.#count, this.#dropped] = [count, dropped];
    if (rows === "all") this.#changes.fire("all");
    else for (const id of rows) this.#changes.fire({ id });
  }

  /** Forgets all: the store is opened anew, and tells what is in it. */
  reset(): void {
    this.#rows = new CaptureRows();
    this.#unread = [];
    this.#snapshot = undefined;
    [this.#count, this.#dropped] = [0, 0];
    this.#changes.fire("all");
  }

  #read(): void {
    if (this.#unread.length === 0) return;
    for (const { captures, oldest, removed } of this.#unread) {
      const { buffer, byteOffset, length } = captures;
      for (const capture of readCaptures(Buffer.from(buffer, byteOffset, length))) this.#rows.set(capture);
      for (const id of removed) this.#rows.delete(id);
      for (let row = this.#rows.oldest; row !== undefined && (oldest === undefined || row.id < oldest);) {
        this.#rows.delete(row.id);
        row = this.#rows.oldest;
      }
    }
    this.#unread = [];
    this.#snapshot = undefined;
  }
}
