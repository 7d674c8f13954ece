import { randomBytes } from "node:crypto";
import type { Capture, CaptureCheck, CaptureForward } from "../core/model/capture";
import type { HeaderList } from "../core/model/headers";
import { eventHeader, eventIdHeader, headerValue } from "../core/signature/headers";
import { CaptureFiles } from "./captureFiles";
import type { CaptureFollower } from "./captureFollower";
import { CaptureRows } from "./captureRows";
import { EventIndex } from "./eventIndex";

/** How much is kept; the newest capture is kept whatever its size. */
export interface CaptureLimits {
  readonly captures: number;
  /** Bodies, headers and answers together. */
  readonly bytes: number;
}

/** What is known of a capture when it comes. */
export type NewCapture = Pick<Capture, "method" | "target" | "headers" | "body">;

export interface CaptureStoreOptions {
  /** Where captures are kept for the next window, for this store alone; none keeps them in memory. */
  readonly directory?: string;
  /** Asked whenever a capture comes or grows. */
  readonly limits: () => CaptureLimits;
  readonly log?: (line: string) => void;
}

/** A time, and what it looks like in a capture. */
interface Moment {
  readonly now: number;
  readonly text: string;
}

/** So many ids fit into a moment: their running number has four digits. */
const mostIds = 35 * 36 ** 3;
/** An id: its moment, its running number, which store made it. */
const idForm = /^cap_([0-9a-z]{8})[0-9a-z]{4}_[0-9a-f]{12}$/;

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

function headerBytes(headers: HeaderList): number {
  let bytes = 0;
  for (const [name, value] of headers) bytes += name.length + value.length;
  return bytes;
}

function bytesOf({ target, headers, body, forward }: Capture): number {
  const answer = forward?.state === "answered" ? headerBytes(forward.headers) + forward.body.length : 0;
  return target.length + headerBytes(headers) + body.length + answer;
}

function isFull(held: CaptureLimits, limits: CaptureLimits): boolean {
  return held.captures > limits.captures || held.bytes > limits.bytes;
}

/** The captures that are kept: bounded, the oldest dropped first, written to disk a while later. */
export class CaptureStore {
  readonly #rows = new CaptureRows();
  readonly #events = new EventIndex();
  readonly #followers = new Set<CaptureFollower>();
  readonly #limits: () => CaptureLimits;
  /** Tells the ids of this store from those of any other one. */
  readonly #mark = randomBytes(6).toString("hex");
  #files: CaptureFiles | undefined;
  #snapshot: readonly Capture[] | undefined;
  #bytes = 0;
  #dropped = 0;
  #moment: Moment = { now: 0, text: "" };
  /** The moment in the ids that are given now: it never steps back, whatever the clock does. */
  #idMoment = 0;
  #idStart = "";
  /** Ids of that moment. */
  #count = 0;

  private constructor(limits: () => CaptureLimits) {
    this.#limits = limits;
  }

  /**
   * Opens a store with what an earlier one kept in the directory; what is damaged there is logged and dropped.
   * @throws Error when the directory can't be made or read
   */
  static async open({ directory, limits, log = () => undefined }: CaptureStoreOptions): Promise<CaptureStore> {
    const store = new CaptureStore(limits);
    if (directory !== undefined) await store.#readBack(directory, log);
    return store;
  }

  /** Has someone told of each change from now on. */
  follow(follower: CaptureFollower): void {
    this.#followers.add(follower);
  }

  /** An immutable snapshot, newest first. */
  get captures(): readonly Capture[] {
    return (this.#snapshot ??= this.#rows.newestFirst());
  }

  /** Those that came after the one of an id, which need not be kept any more, newest first. */
  newerThan(id: string): readonly Capture[] {
    return this.#rows.newestFirst(id);
  }

  /** How many are kept. */
  get count(): number {
    return this.#rows.size;
  }

  /** The capture that came first; undefined when none is kept. */
  get oldest(): Capture | undefined {
    return this.#rows.oldest;
  }

  /** Bytes of bodies, headers and answers kept. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How many had to go for newer ones since the store was opened or cleared. */
  get dropped(): number {
    return this.#dropped;
  }

  /** The capture of an id, while it is kept. */
  get(id: string): Capture | undefined {
    return this.#rows.get(id);
  }

  /** Keeps a request that came now; older ones go when there is no room. */
  add({ method, target, headers, body }: NewCapture, source: Capture["source"]): Capture {
    const { now, text } = this.#momentNow();
    const capture: Mutable<Capture> = {
      id: this.#nextId(now),
      receivedAt: text,
      source,
      method,
      target,
      headers,
      body,
      check: { state: "pending" },
    };
    // Set one by one: this runs for each request of a burst, and spreading is slow.
    const eventId = headerValue(headers, eventIdHeader);
    const event = headerValue(headers, eventHeader);
    const first = eventId === undefined ? undefined : this.#events.first(eventId);
    if (eventId !== undefined) capture.eventId = eventId;
    if (event !== undefined) capture.event = event;
    if (first !== undefined) capture.duplicateOf = first;
    this.#put(capture);
    this.#changed(capture.id);
    this.#drop();
    return capture;
  }

  /** Puts down what a check says of a capture; one that is not kept any more is left alone. */
  setCheck(id: string, check: CaptureCheck): void {
    const before = this.#rows.get(id);
    if (before !== undefined) this.#replace({ ...before, check });
  }

  /** Puts down what came of handing a capture on; one that is not kept any more is left alone. */
  setForward(id: string, forward: CaptureForward): void {
    const before = this.#rows.get(id);
    if (before === undefined) return;
    const capture = { ...before, forward };
    this.#bytes += bytesOf(capture) - bytesOf(before);
    this.#replace(capture);
    this.#drop();
  }

  /** Forgets captures, on disk too; ids that are not known are left alone. */
  remove(ids: readonly string[]): void {
    for (const id of ids) this.#forget(id, "removed");
  }

  /** Forgets everything, the count of dropped ones too. */
  clear(): void {
    this.remove(this.captures.map(({ id }) => id));
    this.#dropped = 0;
  }

  /** Writes to disk what is not there yet. */
  async flush(): Promise<void> {
    await this.#files?.flush();
  }

  /** Writes to disk what is not there yet; nothing is written afterwards. */
  async close(): Promise<void> {
    await this.#files?.close();
    this.#followers.clear();
  }

  async #readBack(directory: string, log: (line: string) => void): Promise<void> {
    const files = await CaptureFiles.open(directory, log, (id) => this.#rows.get(id));
    const limits = this.#limits();
    const newestFirst: Capture[] = [];
    let bytes = 0;
    for (const capture of await files.read()) {
      bytes += bytesOf(capture);
      const full = isFull({ captures: newestFirst.length + 1, bytes }, limits);
      if (full && newestFirst.length > 0) files.gone(capture.id, "removed");
      else newestFirst.push(capture);
    }
    const [newest] = newestFirst;
    this.#idMoment = Number.parseInt(idForm.exec(newest?.id ?? "")?.[1] ?? "0", 36);
    for (const capture of newestFirst.reverse()) this.#put(capture);
    this.#files = files;
    this.follow(files);
  }

  /** Made once a millisecond: a burst brings dozens of captures in one. */
  #momentNow(): Moment {
    const now = Date.now();
    if (now !== this.#moment.now) this.#moment = { now, text: new Date(now).toISOString() };
    return this.#moment;
  }

  /** Ids sort as captures came, those that an earlier store left before all new ones. */
  #nextId(now: number): string {
    if (now > this.#idMoment || this.#idStart === "" || this.#count === mostIds) {
      this.#idMoment = Math.max(now, this.#idMoment + 1);
      this.#idStart = `cap_${this.#idMoment.toString(36)}`;
      this.#count = 0;
    }
    return `${this.#idStart}${(this.#count++ + 36 ** 3).toString(36)}_${this.#mark}`;
  }

  #replace(capture: Capture): void {
    this.#rows.set(capture);
    this.#snapshot = undefined;
    this.#changed(capture.id);
  }

  #put(capture: Capture): void {
    this.#rows.set(capture);
    this.#bytes += bytesOf(capture);
    this.#snapshot = undefined;
    if (capture.eventId !== undefined) this.#events.add(capture.eventId, capture.id);
  }

  #changed(id: string): void {
    for (const follower of this.#followers) follower.changed(id);
  }

  #forget(id: string, why: "dropped" | "removed"): void {
    const capture = this.#rows.get(id);
    if (capture === undefined) return;
    this.#rows.delete(id);
    this.#bytes -= bytesOf(capture);
    this.#snapshot = undefined;
    for (const follower of this.#followers) follower.gone(id, why);
    if (capture.eventId !== undefined) this.#events.remove(capture.eventId, id);
  }

  #drop(): void {
    const limits = this.#limits();
    while (isFull({ captures: this.#rows.size, bytes: this.#bytes }, limits)) {
      const { oldest } = this.#rows;
      // The newest one is kept whatever its size.
      if (oldest === undefined || this.#rows.size === 1) return;
      this.#forget(oldest.id, "dropped");
      this.#dropped++;
    }
  }
}
