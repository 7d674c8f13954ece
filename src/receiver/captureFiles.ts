import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, type FileHandle } from "node:fs/promises";
import * as path from "node:path";
import type { Capture } from "../core/model/capture";
import { captureParts, readCaptures } from "./captureBytes";
import type { CaptureFollower } from "./captureFollower";

/** Changes of this time are written together. */
const restMs = 300;
/** After each round of writing there is rest for so many times its length: a burst leaves the disk's time to others. */
const restFactor = 9;
const afterFailureMs = 10_000;
/** What is handed to the disk at a time, so that a round doesn't hold up the event loop. */
const capturesAtOnce = 50;

/** Ours, and no one else's: other files are left alone. */
const fileName = /^batch_[0-9a-z]+_[0-9a-f]+\.(captures|tmp)$/;

function said(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Nobody waits any more for a handler that had not answered when the window was closed. */
function withoutWaiting(capture: Capture): Capture {
  const { forward, receivedAt } = capture;
  if (forward?.state !== "pending") return capture;
  const message = "The window was closed before the handler answered. Send the capture again.";
  return { ...capture, forward: { url: forward.url, state: "failed", at: receivedAt, message, durationMs: 0 } };
}

/** One file, and which of the captures in it count: others were dropped, or stand in a later file. */
interface Batch {
  readonly written: number;
  readonly ids: Set<string>;
}

/** What is being written now. */
interface UnderWay {
  readonly ids: ReadonlySet<string>;
  /** Whether a person removed one of them meanwhile: its bytes may be in the file already. */
  removed: boolean;
}

/**
 * Keeps captures in a folder, a while after they changed: those that changed together in one file, so that a burst
 * costs one file too. A file is whole or absent: it is written beside its place and then moved there. It goes when
 * nothing in it counts; what is left of one that holds mostly dropped captures is written anew. A kill loses what was
 * not written yet, and nothing else.
 */
export class CaptureFiles implements CaptureFollower {
  readonly #batches = new Map<string, Batch>();
  readonly #batchOf = new Map<string, string>();
  readonly #changed = new Set<string>();
  readonly #stale = new Set<string>();
  #underWay: UnderWay | undefined;
  readonly #mark = randomBytes(6).toString("hex");
  #count = 0;
  #writing: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  /** For files that could not be deleted: what is new must not wait so long. */
  #laterTimer: NodeJS.Timeout | undefined;
  #restMs = restMs;
  #failing = false;
  #sticking = false;
  #closed = false;

  private constructor(
    private readonly directory: string,
    private readonly log: (line: string) => void,
    private readonly current: (id: string) => Capture | undefined,
  ) {}

  /**
   * Opens a folder, makes it where it is missing.
   * @param current the capture as it is now; undefined when it is not kept any more
   * @throws Error when it can't be made
   */
  static async open(
    directory: string,
    log: (line: string) => void,
    current: (id: string) => Capture | undefined,
  ): Promise<CaptureFiles> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    return new CaptureFiles(directory, log, current);
  }

  /**
   * Reads what is there. Damaged files are logged, and go when what could be read of them is written anew.
   * @returns the captures, newest first
   * @throws Error when the folder can't be read
   */
  async read(): Promise<readonly Capture[]> {
    const found = new Map<string, Capture>();
    for (const name of (await readdir(this.directory)).filter((name) => fileName.test(name)).toSorted()) {
      const captures: Capture[] = [];
      try {
        // What a kill left unfinished is not looked at.
        if (name.endsWith(".captures")) {
          const bytes = await readFile(path.join(this.directory, name));
          for (const capture of readCaptures(bytes)) captures.push(withoutWaiting(capture));
        }
      } catch (error) {
        this.log(`A file of kept captures is damaged, ${captures.length} of them could be read: ${said(error)}.`);
        for (const { id } of captures) this.changed(id);
      }
      for (const capture of captures) found.set(capture.id, capture);
      this.#put(
        name,
        captures.map(({ id }) => id),
      );
    }
    return [...found.values()].sort((left, right) => (left.id < right.id ? 1 : -1));
  }

  changed(id: string): void {
    this.#changed.add(id);
    this.#schedule();
  }

  /** One that a person removed goes from the disk with the next round. */
  gone(id: string, why: "dropped" | "removed"): void {
    this.#changed.delete(id);
    if (why === "removed" && this.#underWay?.ids.has(id) === true) this.#underWay.removed = true;
    const batch = this.#leave(id);
    this.#batchOf.delete(id);
    if (batch === undefined) return;
    if (why === "removed" || 2 * batch.ids.size < batch.written)
      for (const other of batch.ids) this.#changed.add(other);
    if (this.#changed.size + this.#stale.size > 0) this.#schedule();
  }

  /** Writes what there is to write now; settles when it is done, or has failed and was logged. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  /** Writes the last changes; nothing is written afterwards. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.flush();
    clearTimeout(this.#laterTimer);
  }

  #schedule(): void {
    if (!this.#closed) this.#timer ??= setTimeout(() => void this.flush(), this.#restMs);
  }

  async #write(): Promise<void> {
    const began = performance.now();
    const ids = [...this.#changed];
    this.#changed.clear();
    try {
      if (ids.length > 0) await this.#writeBatch(ids);
      await this.#deleteStale();
      this.#restMs = Math.max(restMs, restFactor * (performance.now() - began));
      this.#failing = false;
    } catch (error) {
      for (const id of ids) this.#changed.add(id);
      if (!this.#failing) this.log(`Captures can't be written to disk; they are kept in memory: ${said(error)}.`);
      this.#failing = true;
      this.#restMs = afterFailureMs;
    }
    if (this.#changed.size > 0) this.#schedule();
  }

  /** Each for itself: one that can't go must not keep the others, and nothing is written anew for it. */
  async #deleteStale(): Promise<void> {
    let stuck: unknown;
    for (const name of [...this.#stale]) {
      try {
        await rm(path.join(this.directory, name), { force: true });
        this.#stale.delete(name);
      } catch (error) {
        stuck ??= error;
      }
    }
    if (stuck !== undefined) {
      if (!this.#sticking) {
        this.log(`A file of captures that are not kept any more can't be deleted, and is tried again: ${said(stuck)}.`);
      }
      if (!this.#closed) this.#tryAgainLater();
    }
    this.#sticking = stuck !== undefined;
  }

  #tryAgainLater(): void {
    this.#laterTimer ??= setTimeout(() => {
      this.#laterTimer = undefined;
      this.#schedule();
    }, afterFailureMs);
  }

  async #writeBatch(ids: readonly string[]): Promise<void> {
    // A number of four digits, so that names sort as they were written.
    const number = (this.#count++ + 36 ** 3).toString(36);
    const name = `batch_${Date.now().toString(36)}${number}_${this.#mark}.captures`;
    const unfinished = path.join(this.directory, name.replace(/captures$/, "tmp"));
    const underWay: UnderWay = { ids: new Set(ids), removed: false };
    this.#underWay = underWay;
    // Whoever forgets all that is kept here takes the folder, too.
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    const file = await open(unfinished, "wx", 0o600);
    try {
      await this.#fill(file, ids).finally(() => file.close());
      await rename(unfinished, path.join(this.directory, name));
    } catch (error) {
      // Why it failed is what counts, not whether the rest of it goes, too.
      await rm(unfinished, { force: true }).catch(() => undefined);
      throw error;
    }
    // Those that were dropped meanwhile count no more.
    const left = ids.filter((id) => this.current(id) !== undefined);
    this.#put(name, left, ids.length);
    if (underWay.removed) for (const id of left) this.#changed.add(id);
    this.#underWay = undefined;
  }

  async #fill(file: FileHandle, ids: readonly string[]): Promise<void> {
    for (let at = 0; at < ids.length; at += capturesAtOnce) {
      const captures = ids.slice(at, at + capturesAtOnce).map((id) => this.current(id));
      const parts = captures.flatMap((capture) => (capture === undefined ? [] : captureParts(capture)));
      const { bytesWritten } = await file.writev(parts);
      if (bytesWritten < parts.reduce((sum, { length }) => sum + length, 0)) throw new Error("the disk is full");
    }
  }

  /** Takes note of a file that came to its place; its captures count no more where they stood before. */
  #put(name: string, ids: readonly string[], written = ids.length): void {
    for (const id of ids) {
      this.#leave(id);
      this.#batchOf.set(id, name);
    }
    if (ids.length === 0) this.#stale.add(name);
    else this.#batches.set(name, { written, ids: new Set(ids) });
  }

  #leave(id: string): Batch | undefined {
    const name = this.#batchOf.get(id);
    const batch = name === undefined ? undefined : this.#batches.get(name);
    if (name === undefined || batch === undefined) return undefined;
    batch.ids.delete(id);
    if (batch.ids.size === 0) {
      this.#batches.delete(name);
      this.#stale.add(name);
    }
    return batch;
  }
}
