import { setTimeout as sleep } from "node:timers/promises";
import type { SecretBackend } from "./secretBackend";
import { Serial } from "./serial";

/** VS Code's SecretStorage. Newer ones list their keys; `keys` came after the oldest VS Code that is supported. */
export interface SecretStore extends Omit<SecretBackend, "keys" | "forgetName"> {
  keys?(): PromiseLike<readonly string[]>;
}

const indexKey = "index";
/** How often, and after how many milliseconds, a name is looked for that another window may have overwritten. */
const looks = 5;
const lookAfterMs = 50;
/** A name without an entry is believed after so many milliseconds: another window may be about to store the entry. */
const believedAfterMs = 500;

function readNames(text: string | undefined): readonly string[] {
  try {
    const value: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(value) ? value.filter((name) => typeof name === "string") : [];
  } catch {
    return [];
  }
}

/**
 * Secrets with an index of their keys, kept beside them: so that all of them can be found to be forgotten, whichever
 * environment they belong to, and so that one that was there and is gone can be told from one that never was. A name is
 * in the index before its entry is stored, and until after it is deleted.
 */
export class IndexedSecrets implements SecretBackend {
  readonly #writes = new Serial();

  constructor(private readonly storage: SecretStore) {}

  /** An entry as it is stored now. */
  get(key: string): PromiseLike<string | undefined> {
    return this.storage.get(key);
  }

  /** Stores an entry, after its name. */
  store(key: string, value: string): Promise<void> {
    return this.#writes.run(async () => {
      await this.#enter(key);
      await this.storage.store(key, value);
      // Another window that saw the name alone may have forgotten it.
      await this.#enter(key);
    });
  }

  /** Deletes an entry, and then its name. */
  delete(key: string): Promise<void> {
    return this.#writes.run(async () => {
      await this.storage.delete(key);
      await this.#strike(key);
    });
  }

  /** Forgets the name of an entry that got lost, once it can't be one that is being stored. */
  async forgetName(key: string): Promise<boolean> {
    await sleep(believedAfterMs);
    return this.#writes.run(async () => {
      if (!(await this.#strike(key))) return false;
      // Whoever stores an entry looks for its name afterwards; so one of the two sees what the other did.
      if ((await this.get(key)) === undefined) return true;
      await this.#enter(key);
      return false;
    });
  }

  /** The names in the index, and all that the storage itself lists, where it does. */
  async keys(): Promise<readonly string[]> {
    const listed = (await this.storage.keys?.()) ?? [];
    return [...new Set([...(await this.#names()), ...listed])].filter((name) => name !== indexKey);
  }

  async #names(): Promise<readonly string[]> {
    return readNames(await this.storage.get(indexKey));
  }

  /** @returns whether the name was there */
  async #strike(key: string): Promise<boolean> {
    const names = await this.#names();
    const rest = names.filter((name) => name !== key);
    if (rest.length === names.length) return false;
    if (rest.length === 0) await this.storage.delete(indexKey);
    else await this.storage.store(indexKey, JSON.stringify(rest));
    return true;
  }

  async #enter(key: string): Promise<void> {
    for (let look = 0; look < looks; look++) {
      const names = await this.#names();
      if (names.includes(key)) return;
      await this.storage.store(indexKey, JSON.stringify([...names, key]));
      // Another window that entered a name at the same moment may have overwritten this one; a list can't be.
      if (this.storage.keys !== undefined) return;
      await sleep(lookAfterMs);
    }
  }
}
