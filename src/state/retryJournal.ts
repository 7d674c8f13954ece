import { createHash } from "node:crypto";
import { constants, mkdir, open, readFile, rm, stat, type FileHandle } from "node:fs/promises";
import * as path from "node:path";
import { PacSpaceError } from "../core/errors";
import { arrayField, numberField, recordOf, textField } from "../core/model/fields";
import { isAnother, thisProcess } from "./owningProcess";

/** How a retry ended: queued again, or the sentence that says why not. */
export interface RetryOutcome {
  readonly id: string;
  readonly message?: string;
}

/** Whoever works on a journal touches its file that often, while it waits for the server, too. */
const beatMs = 15_000;
/** A file that was not touched for so long is nobody's, where the id of its process may be another's by now. */
const abandonedMs = 10 * 60_000;

const cutOff =
  "The window was closed while this one was sent. It may be queued all the same: look at it before you try again.";

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Cut short by a kill: what it would have said was not done yet, or counts as not known.
    return undefined;
  }
}

/**
 * What is done of one bulk retry, in a file to which a line is added before each retry is sent and after its outcome is
 * known: so that it can be continued after a cancel or a closed window, and nothing is retried twice.
 */
export class RetryJournal {
  readonly #outcomes = new Map<string, string | undefined>();
  #handle: FileHandle | undefined;
  /** Which process works on it, as its last line about that says. */
  #owner: Readonly<Record<string, unknown>> = {};
  /** When its file was touched last, in milliseconds since 1970. */
  #touchedAt = 0;
  #beat: NodeJS.Timeout | undefined;

  private constructor(
    private readonly file: string,
    /** All that the retry is for, in its order. */
    readonly ids: readonly string[],
    /** When it began, ISO 8601. */
    readonly startedAt: string,
  ) {}

  /**
   * Begins one in place of what was left there.
   * @param ids deliveries' ids, each once
   * @throws PacSpaceError `invalid` when the file can't be written
   */
  static async begin(file: string, ids: readonly string[]): Promise<RetryJournal> {
    const journal = new RetryJournal(file, ids, new Date().toISOString());
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 }).catch((error: unknown) => {
      throw notNoted(error);
    });
    await journal.#open("w");
    await journal.#write({ startedAt: journal.startedAt, ids, ...thisProcess() });
    journal.#keepTouched();
    return journal;
  }

  /** Reads what an earlier run has left; undefined when there is nothing that can be read. */
  static async read(file: string): Promise<RetryJournal | undefined> {
    const text = await readFile(file, "utf8").catch(() => "");
    const [first = "", ...lines] = text.split("\n");
    const head = recordOf(parsed(first));
    const ids = (arrayField(head, "ids") ?? []).filter((id) => typeof id === "string");
    if (ids.length === 0) return undefined;
    const journal = new RetryJournal(file, ids, textField(head, "startedAt") ?? "");
    journal.#owner = head;
    journal.#touchedAt = (await stat(file).catch(() => undefined))?.mtimeMs ?? 0;
    for (const line of lines) journal.#take(recordOf(parsed(line)));
    return journal;
  }

  #take(line: Readonly<Record<string, unknown>>): void {
    if (numberField(line, "pid") !== undefined) this.#owner = line;
    const id = textField(line, "id");
    if (id === undefined) return;
    if (line.did === "retry") this.#outcomes.set(id, undefined);
    else if (line.did === "nothing") this.#outcomes.delete(id);
    else this.#outcomes.set(id, textField(line, "message") ?? cutOff);
  }

  /** Whether another process that is alive works on it. */
  get isRunning(): boolean {
    const [pid, boot] = [numberField(this.#owner, "pid"), numberField(this.#owner, "boot")];
    if (pid === undefined || boot === undefined) return false;
    const owner = isAnother({ pid, boot, born: textField(this.#owner, "born") });
    // The clock may have been set back: what was touched long after now is as old.
    return owner === "alive" || (owner === "perhaps" && Math.abs(Date.now() - this.#touchedAt) < abandonedMs);
  }

  /** How many have an outcome. */
  get done(): number {
    return this.#outcomes.size;
  }

  /** Those that have none yet. */
  get left(): readonly string[] {
    return this.ids.filter((id) => !this.#outcomes.has(id));
  }

  /** Those that have one, in the order in which they were sent. */
  get outcomes(): readonly RetryOutcome[] {
    return [...this.#outcomes].map(([id, message]) => ({ id, ...(message !== undefined && { message }) }));
  }

  /** Goes on with what an earlier run has left. */
  async resume(): Promise<void> {
    // Not made anew where it was discarded meanwhile: without its first line nobody could read it.
    await this.#open(constants.O_WRONLY | constants.O_APPEND);
    await this.#write(thisProcess());
    this.#keepTouched();
  }

  /**
   * Notes that a retry is about to be sent. Without its outcome it counts for a later run as one that may
   * have taken effect.
   * @throws PacSpaceError `invalid` when it can't be noted: then it must not be sent
   */
  async sending(id: string): Promise<void> {
    await this.#write({ id });
  }

  /** Notes how it ended: with an effect, without one and without trying again, or so that it is still to be done. */
  async ended(id: string, outcome: "retried" | "nothing" | { readonly message: string }): Promise<void> {
    const line =
      outcome === "retried"
        ? { id, did: "retry" }
        : outcome === "nothing"
          ? { id, did: "nothing" }
          : { id, message: outcome.message };
    this.#take(line);
    await this.#write(line);
  }

  /** Closes the file; it goes when nothing is left to be done. */
  async close(): Promise<void> {
    clearInterval(this.#beat);
    await this.#handle?.close();
    this.#handle = undefined;
    if (this.left.length === 0) await rm(this.file, { force: true });
  }

  async #open(flags: string | number): Promise<void> {
    this.#handle = await open(this.file, flags, 0o600).catch((error: unknown) => {
      throw notNoted(error);
    });
  }

  #keepTouched(): void {
    this.#beat = setInterval(() => {
      const now = new Date();
      // What counts is noted by lines; a missed touch is made up for by the next one.
      this.#handle?.utimes(now, now).catch(() => undefined);
    }, beatMs);
    this.#beat.unref();
  }

  async #write(line: object): Promise<void> {
    // A line of its own, whatever a kill has left of the one before.
    await this.#handle?.appendFile(`${JSON.stringify(line)}\n`).catch((error: unknown) => {
      throw notNoted(error);
    });
  }
}

function notNoted(error: unknown): PacSpaceError {
  const { code } = error as NodeJS.ErrnoException;
  const why = code === "ENOSPC" ? "the disk is full" : (code ?? "no reason is given");
  return new PacSpaceError(
    "invalid",
    `What is done of the retry can't be written down (${why}). Nothing is retried without that: make room and run it again.`,
    { cause: error },
  );
}

/** The bulk retries that did not come to their end, one to an environment. */
export class RetryJournals {
  /** Of each environment that a retry of this process runs in. */
  readonly #running = new Set<string>();

  /** @param folder where they are kept */
  constructor(private readonly folder: string) {}

  #file(environmentKey: string): string {
    const name = createHash("sha256").update(environmentKey).digest("hex").slice(0, 16);
    return path.join(this.folder, `${name}.jsonl`);
  }

  /** What was left in an environment; undefined when nothing was, or when it runs right now. */
  async unfinished(environmentKey: string): Promise<RetryJournal | undefined> {
    const journal = await RetryJournal.read(this.#file(environmentKey));
    return this.#runs(environmentKey, journal) ? undefined : journal;
  }

  #runs(environmentKey: string, journal: RetryJournal | undefined): boolean {
    return this.#running.has(environmentKey) || journal?.isRunning === true;
  }

  #requireRest(environmentKey: string, journal: RetryJournal | undefined): void {
    if (!this.#runs(environmentKey, journal)) return;
    throw new PacSpaceError(
      "conflict",
      "Failed deliveries are being retried already. Wait for it, or cancel it first.",
    );
  }

  /**
   * Forgets what was left. One that was begun since is left alone.
   * @param startedAt of the one that is to be forgotten
   * @throws PacSpaceError `conflict` when it runs again, in this window or another; Error when its file can't be deleted
   */
  async discard(environmentKey: string, startedAt: string): Promise<void> {
    const file = this.#file(environmentKey);
    const left = await RetryJournal.read(file);
    if (left?.startedAt !== startedAt) return;
    this.#requireRest(environmentKey, left);
    await rm(file, { force: true });
  }

  /**
   * Works on a retry, and on none beside it.
   * @param ids what to retry; undefined goes on with what was left
   * @throws PacSpaceError `conflict` when one runs in this environment, `notFound` when there is nothing to go on with
   */
  async run<T>(
    environmentKey: string,
    ids: readonly string[] | undefined,
    work: (journal: RetryJournal) => Promise<T>,
  ): Promise<T> {
    const file = this.#file(environmentKey);
    const left = await RetryJournal.read(file);
    this.#requireRest(environmentKey, left);
    this.#running.add(environmentKey);
    try {
      const journal = ids === undefined ? left : await RetryJournal.begin(file, ids);
      if (journal === undefined) {
        throw new PacSpaceError("notFound", "There is no retry to resume: none was left unfinished.");
      }
      if (ids === undefined) await journal.resume();
      try {
        return await work(journal);
      } finally {
        await journal.close();
      }
    } finally {
      this.#running.delete(environmentKey);
    }
  }
}
