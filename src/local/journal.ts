import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import * as path from "node:path";
import type { DeliveryRecord, WebhookRecord } from "./records";

/** One change, as a line of the log. The newest line of an id counts. */
export type Entry =
  | { readonly kind: "webhook"; readonly webhook: WebhookRecord }
  | { readonly kind: "webhookDeleted"; readonly id: string }
  | { readonly kind: "delivery"; readonly delivery: DeliveryRecord }
  | { readonly kind: "session"; readonly id: string; readonly expiresAt: number };

const fileName = "journal.jsonl";
const lockName = "lock";

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * The state on disk: a log of changes, one JSON text a line, appended before an answer is sent. A line that a kill cut
 * short is the last one, was never answered, and is dropped at the next start. The log is rewritten at the start alone,
 * into a temporary file that then takes its place.
 */
export class Journal {
  readonly #file: string;
  readonly #lock: string;
  #descriptor: number | undefined;

  /**
   * Opens a directory, which is made when it is missing.
   * @throws Error when another process that is alive has it open
   */
  constructor(directory: string) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.#file = path.join(directory, fileName);
    this.#lock = path.join(directory, lockName);
    this.#takeLock(directory);
  }

  #takeLock(directory: string): void {
    try {
      writeFileSync(this.#lock, String(process.pid), { flag: "wx", mode: 0o600 });
    } catch {
      const owner = Number(readFileSync(this.#lock, "utf8"));
      if (owner !== process.pid && owner > 0 && isAlive(owner)) {
        throw new Error(
          `Another Local PacSpace (process ${owner}) has ${directory} open. Stop it, or choose another directory.`,
        );
      }
      writeFileSync(this.#lock, String(process.pid), { mode: 0o600 });
    }
  }

  /** Whether there is a log from before. */
  get exists(): boolean {
    return existsSync(this.#file);
  }

  /** Reads all changes, oldest first; a torn last line is left out. */
  read(): readonly Entry[] {
    if (!this.exists) return [];
    const lines = readFileSync(this.#file, "utf8").split("\n");
    return lines.flatMap((line, index) => {
      if (line === "") return [];
      try {
        return [JSON.parse(line) as Entry];
      } catch (error) {
        if (index >= lines.length - 1) return [];
        throw new Error(`${this.#file}, line ${index + 1}, is damaged. Move the file away to begin anew.`, {
          cause: error,
        });
      }
    });
  }

  /** Rewrites the log with what still counts, then goes on appending to it. */
  begin(entries: Iterable<Entry>): void {
    const temporary = `${this.#file}.${process.pid}.tmp`;
    const descriptor = openSync(temporary, "w", 0o600);
    try {
      let block = "";
      for (const entry of entries) {
        block += `${JSON.stringify(entry)}\n`;
        if (block.length > 1_000_000) {
          writeSync(descriptor, block);
          block = "";
        }
      }
      writeSync(descriptor, block);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, this.#file);
    this.#descriptor = openSync(this.#file, "a", 0o600);
  }

  /** Appends one change; it outlives a kill of this process from here on. */
  append(entry: Entry): void {
    if (this.#descriptor !== undefined) writeSync(this.#descriptor, `${JSON.stringify(entry)}\n`);
  }

  close(): void {
    if (this.#descriptor === undefined) return;
    closeSync(this.#descriptor);
    this.#descriptor = undefined;
    rmSync(this.#lock, { force: true });
  }
}
