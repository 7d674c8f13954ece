import { randomUUID } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { uptime } from "node:os";
import * as path from "node:path";
import { PacSpaceError } from "../core/errors";
import { arrayField, booleanField, numberField, recordOf, textField } from "../core/model/fields";
import { isAlive } from "./isAlive";

/** A create that was begun: what is needed to find its webhook when its answer never came to be stored. */
export interface CreateNote {
  /** The note's own name; it stays when another process takes the note over. */
  readonly name: string;
  readonly url: string;
  readonly description: string | undefined;
  /** The webhooks of that URL that were known before. */
  readonly knownIds: readonly string[];
  /** Whether these were all that there were: the list had been read to its end. */
  readonly knewAll: boolean;
  /** Milliseconds since 1970, by this machine's clock. */
  readonly begunAt: number;
}

interface Found extends CreateNote {
  readonly environmentKey: string;
  /** The process that works on it. */
  readonly owner: number;
}

/** A process that lives holds its notes no longer than this, in milliseconds: its id may be another's by then. */
const longestHold = 60 * 60_000;

/**
 * Creates of one environment's webhooks, each written down before it is sent and struck out when its secret is stored,
 * when it had no effect, or when a person knows that the secret is lost. One file each, whose name tells the process
 * that works on it, so that windows can't undo each other, and a note whose process died is taken over by one of them.
 */
export class CreateNotes {
  readonly #held = new Set<string>();

  /**
   * @param folder where the notes lie, absolute; made when it is needed
   * @param environmentKey under which the environment's things are kept apart
   */
  constructor(
    private readonly folder: string,
    private readonly environmentKey: string,
  ) {}

  /**
   * Writes a create down; it is on the disk when this settles.
   * @throws PacSpaceError `invalid` when it can't be written: then nothing may be sent
   */
  async begin(
    wish: { readonly url: string; readonly description?: string },
    knownIds: readonly string[],
    knewAll = false,
  ): Promise<CreateNote> {
    const { url, description } = wish;
    const note = { name: randomUUID(), url, description, knownIds, knewAll, begunAt: Date.now() };
    try {
      await mkdir(this.folder, { recursive: true });
      const file = await open(this.#file(note.name, process.pid), "wx", 0o600);
      try {
        await file.writeFile(JSON.stringify({ environment: this.environmentKey, ...note }));
        await file.sync();
      } finally {
        await file.close();
      }
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      throw new PacSpaceError(
        "invalid",
        `The webhook was not created: the create can't be noted in ${this.folder} (${code ?? message}), and without the note its secret could get lost. Make that folder writable.`,
        { code, cause: error },
      );
    }
    this.#held.add(note.name);
    return note;
  }

  /** Strikes a note out. */
  async settle({ name }: CreateNote): Promise<void> {
    await rm(this.#file(name, process.pid), { force: true });
    this.#held.delete(name);
  }

  /** Leaves a note to whoever looks next, this process too. */
  release({ name }: CreateNote): void {
    this.#held.delete(name);
  }

  /**
   * Takes over the notes that nobody works on. One whose URL is just being created elsewhere is left for later: the two
   * webhooks could be mistaken for each other.
   * @returns the notes, held by this process now
   */
  async takeAbandoned(): Promise<readonly CreateNote[]> {
    const notes = await this.#all();
    const worked = new Set(notes.filter((note) => this.#isWorkedOn(note)).map(({ url }) => url));
    const taken: CreateNote[] = [];
    for (const { owner, environmentKey: _, ...note } of notes) {
      if (worked.has(note.url) || !(await this.#take(note.name, owner))) continue;
      taken.push(note);
    }
    return taken;
  }

  #file(name: string, owner: number): string {
    return path.join(this.folder, `${name}.${owner}.json`);
  }

  #isWorkedOn({ name, owner, begunAt }: Found): boolean {
    if (owner === process.pid) return this.#held.has(name);
    const restarted = Date.now() - uptime() * 1_000 > begunAt;
    return !restarted && Date.now() - begunAt < longestHold && isAlive(owner);
  }

  /** Renames the file: of several processes that try, one succeeds. */
  async #take(name: string, owner: number): Promise<boolean> {
    if (this.#held.has(name)) return false;
    this.#held.add(name);
    try {
      await rename(this.#file(name, owner), this.#file(name, process.pid));
      return true;
    } catch {
      this.#held.delete(name);
      return false;
    }
  }

  async #all(): Promise<readonly Found[]> {
    const files = await readdir(this.folder).catch(() => []);
    const notes = await Promise.all(files.map((file) => this.#read(file)));
    return notes.filter((note) => note?.environmentKey === this.environmentKey) as Found[];
  }

  /** Reads a note; one that is cut was never finished, so its create was not sent. */
  async #read(file: string): Promise<Found | undefined> {
    const [, name, owner] = /^([\w-]+)\.(\d+)\.json$/.exec(file) ?? [];
    if (name === undefined) return undefined;
    try {
      const fields = recordOf(JSON.parse(await readFile(path.join(this.folder, file), "utf8")));
      const environmentKey = textField(fields, "environment");
      const url = textField(fields, "url");
      const begunAt = numberField(fields, "begunAt");
      if (environmentKey === undefined || url === undefined || begunAt === undefined) return undefined;
      const knownIds = (arrayField(fields, "knownIds") ?? []).filter((id) => typeof id === "string");
      const description = textField(fields, "description");
      // Older notes don't say.
      const knewAll = booleanField(fields, "knewAll") ?? false;
      return { name, owner: Number(owner), environmentKey, url, description, knownIds, knewAll, begunAt };
    } catch {
      return undefined;
    }
  }
}
