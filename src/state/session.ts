import type { PacSpaceApi } from "../api/pacspaceApi";
import type { SecretBackend } from "./secretBackend";

/**
 * Keeps the session's cookie jar in step with SecretStorage. The jar lives in memory first; writes are coalesced,
 * and `flush` settles when what the jar holds now is stored.
 */
export class SessionKeeper {
  #written: string | undefined;
  #writing: Promise<void> | undefined;

  constructor(
    private readonly backend: SecretBackend,
    private readonly environmentKey: string,
  ) {}

  /** The storage's key of the jar. */
  get entry(): string {
    return `session:${this.environmentKey}`;
  }

  /** The jar as it was last stored; undefined when there is none, or when the storage doesn't give it. */
  async read(): Promise<string | undefined> {
    this.#written = await this.#stored().catch(() => undefined);
    return this.#written;
  }

  async #stored(): Promise<string | undefined> {
    return this.backend.get(this.entry);
  }

  /**
   * Takes over the jar that another window stored, if it did.
   * @returns whether the jar was replaced
   */
  async adopt(api: PacSpaceApi): Promise<boolean> {
    for (;;) {
      await this.#writing;
      const known = this.#written;
      const held = api.exportSession();
      const stored = await this.#stored().catch(() => known);
      if (stored === known) return false;
      // What this window did while the storage was read is newer than what was read.
      const isStale = this.#writing !== undefined || known !== this.#written || held !== api.exportSession();
      if (isStale) continue;
      this.#written = stored;
      api.importSession(stored);
      return true;
    }
  }

  /**
   * Stores the jar if it changed. Calls made while a write runs share the one write that follows. A session that another
   * window has changed meanwhile is the newer one: cookies of an answer to the one before don't bring that back.
   */
  flush(api: PacSpaceApi): Promise<void> {
    this.#writing ??= this.#write(api).finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  async #write(api: PacSpaceApi): Promise<void> {
    // The jar may change while a write is under way: repeat until what is stored is what it holds.
    for (let jar = api.exportSession(); jar !== this.#written; jar = api.exportSession()) {
      const stored = await this.#stored();
      if (stored !== this.#written) {
        this.#written = stored;
        api.importSession(stored);
        return;
      }
      if (jar === undefined) await this.backend.delete(this.entry);
      else await this.backend.store(this.entry, jar);
      this.#written = jar;
    }
  }

  /** Forgets the stored jar. */
  async forget(): Promise<void> {
    await this.#writing;
    await this.backend.delete(this.entry);
    this.#written = undefined;
  }
}
