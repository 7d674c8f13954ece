import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import * as path from "node:path";
import type { Capture } from "../core/model/capture";
import { captureParts, readCapture } from "./captureFile";

/** Changes of this time are written together. */
const restMs = 300;
/** After each round of writing there is rest for so many times its length: a burst leaves the disk's time to others. */
const restFactor = 9;
const afterFailureMs = 10_000;

/** Ours, and no one else's: other files are left alone. */
const fileName = /^(cap_[0-9a-z]+_[0-9a-f]+)\.(capture|tmp)$/;

function said(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Keeps captures in a folder, a file each, a while after they changed. A file is whole or absent: it is written beside
 * its place and then moved there. A kill loses what was not written yet, and nothing else.
 */
export class CaptureFiles {
  readonly #changed = new Set<string>();
  readonly #written = new Set<string>();
  readonly #gone = new Set<string>();
  #writing: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #restMs = restMs;
  #failing = false;
  #closed = false;

  private constructor(
    private readonly directory: string,
    private readonly log: (line: string) => void,
    /** The capture as it is now; undefined when it is not kept any more. */
    private readonly current: (id: string) => Capture | undefined,
  ) {}

  /**
   * Opens a folder, makes it where it is missing.
   * @throws Error when it can't be made or read
   */
  static async open(
    directory: string,
    log: (line: string) => void,
    current: (id: string) => Capture | undefined,
  ): Promise<CaptureFiles> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    return new CaptureFiles(directory, log, current);
  }

  /** Reads what is there, newest first; what is damaged is logged, removed and left out, so are unfinished files. */
  async *read(): AsyncGenerator<Capture> {
    const names = (await readdir(this.directory)).map((name) => fileName.exec(name)).filter((match) => match !== null);
    for (const [name, id = ""] of names.toSorted(([left], [right]) => (left < right ? 1 : -1))) {
      if (name.endsWith(".tmp")) {
        await rm(path.join(this.directory, name), { force: true });
        continue;
      }
      try {
        const capture = readCapture(id, await readFile(path.join(this.directory, name)));
        this.#written.add(id);
        yield capture;
      } catch (error) {
        this.log(`The kept capture ${id} is damaged and was dropped: ${said(error)}.`);
        this.#written.add(id);
        this.gone(id);
      }
    }
  }

  /** Says that a capture is new, or is not what it was. */
  changed(id: string): void {
    this.#changed.add(id);
    this.#schedule();
  }

  /** Says that a capture is not kept any more. */
  gone(id: string): void {
    this.#changed.delete(id);
    if (!this.#written.delete(id)) return;
    this.#gone.add(id);
    this.#schedule();
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
    await this.flush();
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (!this.#closed) this.#timer ??= setTimeout(() => void this.flush(), this.#restMs);
  }

  async #write(): Promise<void> {
    const began = performance.now();
    const changed = [...this.#changed];
    this.#changed.clear();
    try {
      for (const id of changed) await this.#writeOne(id);
      const gone = [...this.#gone];
      for (const id of gone) {
        await rm(this.#place(id, "capture"), { force: true });
        this.#gone.delete(id);
      }
      this.#restMs = Math.max(restMs, restFactor * (performance.now() - began));
      this.#failing = false;
    } catch (error) {
      for (const id of changed) this.#changed.add(id);
      if (!this.#failing) this.log(`Captures can't be written to disk; they are kept in memory: ${said(error)}.`);
      this.#failing = true;
      this.#restMs = afterFailureMs;
    }
    if (this.#changed.size + this.#gone.size > 0) this.#schedule();
  }

  async #writeOne(id: string): Promise<void> {
    const capture = this.current(id);
    if (capture === undefined) return;
    const unfinished = this.#place(id, "tmp");
    // Before the first byte: should it be dropped meanwhile, its file must go too.
    this.#written.add(id);
    const file = await open(unfinished, "w", 0o600);
    try {
      await file.writev(captureParts(capture));
    } finally {
      await file.close();
    }
    await rename(unfinished, this.#place(id, "capture"));
  }

  #place(id: string, ending: "capture" | "tmp"): string {
    return path.join(this.directory, `${id}.${ending}`);
  }
}
