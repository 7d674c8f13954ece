import { randomBytes } from "node:crypto";
import { Emitter } from "../core/emitter";
import type { Capture } from "../core/model/capture";
import type { HeaderList } from "../core/model/headers";
import { eventHeader, eventIdHeader, headerValue } from "../core/signature/headers";
import { CaptureFiles } from "./captureFiles";

/** How much is kept; the newest capture is kept whatever its size. */
export interface CaptureLimits {
  readonly captures: number;
  /** Bodies, headers and answers together. */
  readonly bytes: number;
}

/** `all`: rows came or went, and others may have changed with them; `id`: this one row changed. */
export type CaptureChange = "all" | { readonly id: string };

/** What is known of a capture when it comes. */
export type NewCapture = Pick<Capture, "source" | "method" | "target" | "headers" | "body">;

export interface CaptureStoreOptions {
  /** Where captures are kept for the next window, for this store alone; none keeps them in memory. */
  readonly directory?: string;
  /** Asked whenever a capture comes or grows. */
  readonly limits: () => CaptureLimits;
  readonly log?: (line: string) => void;
}

function headerBytes(headers: HeaderList): number {
  return headers.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
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
  /** Oldest first. */
  readonly #rows = new Map<string, Capture>();
  /** The kept captures of an event id, oldest first. */
  readonly #byEvent = new Map<string, Set<string>>();
  readonly #changes = new Emitter<CaptureChange>();
  readonly #limits: () => CaptureLimits;
  /** Tells the ids of this store from those of any other one. */
  readonly #mark = randomBytes(6).toString("hex");
  #files: CaptureFiles | undefined;
  #snapshot: readonly Capture[] | undefined;
  #untold: "all" | Set<string> | undefined;
  #bytes = 0;
  #dropped = 0;
  #count = 0;

  /** Told once a turn of the event loop, so that a burst doesn't drown who listens. */
  readonly onDidChange = this.#changes.event;

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

  /** An immutable snapshot, newest first. */
  get captures(): readonly Capture[] {
    return (this.#snapshot ??= [...this.#rows.values()].reverse());
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
  add(request: NewCapture): Capture {
    const now = Date.now();
    const eventId = headerValue(request.headers, eventIdHeader);
    const event = headerValue(request.headers, eventHeader);
    const first = eventId === undefined ? undefined : this.#byEvent.get(eventId)?.values().next().value;
    const capture: Capture = {
      id: `cap_${now.toString(36).padStart(9, "0")}${(this.#count++).toString(36).padStart(7, "0")}_${this.#mark}`,
      receivedAt: new Date(now).toISOString(),
      ...request,
      ...(eventId !== undefined && { eventId }),
      ...(event !== undefined && { event }),
      ...(first !== undefined && { duplicateOf: first }),
      check: { state: "pending" },
    };
    this.#put(capture);
    this.#files?.changed(capture.id);
    this.#drop();
    this.#tell("all");
    return capture;
  }

  /** Puts down what came of a capture; one that is not kept any more is left alone. */
  update(id: string, change: Partial<Pick<Capture, "check" | "forward">>): void {
    const before = this.#rows.get(id);
    if (before === undefined) return;
    const capture = { ...before, ...change };
    this.#rows.set(id, capture);
    this.#bytes += bytesOf(capture) - bytesOf(before);
    this.#snapshot = undefined;
    this.#files?.changed(id);
    if (change.forward !== undefined) this.#drop();
    this.#tell(id);
  }

  /** Forgets captures, on disk too; ids that are not known are left alone. */
  remove(ids: readonly string[]): void {
    for (const id of ids) this.#forget(id);
    this.#tell("all");
  }

  /** Forgets everything, the count of dropped ones too. */
  clear(): void {
    this.remove([...this.#rows.keys()]);
    this.#dropped = 0;
  }

  /** Writes to disk what is not there yet. */
  async flush(): Promise<void> {
    await this.#files?.flush();
  }

  /** Writes to disk what is not there yet; nothing is written afterwards. */
  async close(): Promise<void> {
    await this.#files?.close();
    this.#files = undefined;
  }

  async #readBack(directory: string, log: (line: string) => void): Promise<void> {
    const files = await CaptureFiles.open(directory, log, (id) => this.#rows.get(id));
    const limits = this.#limits();
    const newestFirst: Capture[] = [];
    let bytes = 0;
    for await (const capture of files.read()) {
      bytes += bytesOf(capture);
      if (newestFirst.length > 0 && isFull({ captures: newestFirst.length + 1, bytes }, limits)) files.gone(capture.id);
      else newestFirst.push(capture);
    }
    for (const capture of newestFirst.reverse()) this.#put(capture);
    this.#files = files;
  }

  #put(capture: Capture): void {
    this.#rows.set(capture.id, capture);
    this.#bytes += bytesOf(capture);
    this.#snapshot = undefined;
    if (capture.eventId === undefined) return;
    const same = this.#byEvent.get(capture.eventId);
    if (same === undefined) this.#byEvent.set(capture.eventId, new Set([capture.id]));
    else same.add(capture.id);
  }

  #forget(id: string): void {
    const capture = this.#rows.get(id);
    if (capture === undefined) return;
    this.#rows.delete(id);
    this.#bytes -= bytesOf(capture);
    this.#snapshot = undefined;
    this.#files?.gone(id);
    if (capture.eventId === undefined) return;
    const same = this.#byEvent.get(capture.eventId);
    same?.delete(id);
    if (same?.size === 0) this.#byEvent.delete(capture.eventId);
  }

  #drop(): void {
    const limits = this.#limits();
    for (const id of this.#rows.keys()) {
      if (this.#rows.size <= 1 || !isFull({ captures: this.#rows.size, bytes: this.#bytes }, limits)) return;
      this.#forget(id);
      this.#dropped++;
      this.#tell("all");
    }
  }

  #tell(change: string): void {
    if (this.#untold === undefined) {
      this.#untold = new Set();
      setImmediate(() => this.#fire());
    }
    if (change === "all") this.#untold = "all";
    else if (this.#untold !== "all") this.#untold.add(change);
  }

  #fire(): void {
    const untold = this.#untold ?? [];
    this.#untold = undefined;
    if (untold === "all") this.#changes.fire("all");
    else for (const id of untold) this.#changes.fire({ id });
  }
}
