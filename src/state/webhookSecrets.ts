import { invalidInput, PacSpaceError } from "../core/errors";
import { arrayField, recordOf, textField } from "../core/model/fields";
import { Emitter } from "../core/emitter";
import type { SecretBackend } from "./secretBackend";
import { Serial } from "./serial";

export interface StoredSecret {
  readonly secret: string;
  /** Keys that it replaced, newest first: a delivery from before a rotation is still checked by them. */
  readonly previous: readonly string[];
}

/** What became of a webhook's secret: its entry is gone, is no entry of ours, or the storage did not give it. */
export interface SecretTrouble {
  readonly id: string;
  readonly kind: "lost" | "damaged" | "unreadable";
}

/** Reads an entry of SecretStorage; undefined for one that is none of ours. */
export function readStoredSecret(text: string): StoredSecret | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const fields = recordOf(value);
  const secret = textField(fields, "secret");
  if (secret === undefined) return undefined;
  const previous = (arrayField(fields, "previous") ?? []).filter((key) => typeof key === "string");
  return { secret, previous };
}

/**
 * The secrets of one environment's webhooks. Each has an entry of its own, so that two windows that store at the same
 * moment can't undo each other. Nothing is cached but which ids have a secret: another window may have changed the rest.
 */
export class WebhookSecrets {
  readonly #changed = new Emitter<string>();
  readonly #troubled = new Emitter<SecretTrouble>();
  readonly #known = new Map<string, boolean>();
  /** Fires with the id of a webhook of which it becomes known that it has a secret, another one, or none any more. */
  readonly onDidChange = this.#changed.event;
  /** Fires when a secret that was stored can't be had; it counts as none, and all else goes on. */
  readonly onDidFindTrouble = this.#troubled.event;
  readonly #writes = new Serial();

  /** @param environmentKey under which the environment's things are kept apart */
  constructor(
    private readonly backend: SecretBackend,
    private readonly environmentKey: string,
  ) {}

  #entry(id: string): string {
    return `webhook:${this.environmentKey}:${id}`;
  }

  #remember(id: string, present: boolean): void {
    if (this.#known.get(id) === present) return;
    this.#known.set(id, present);
    this.#changed.fire(id);
  }

  /** Whether a webhook has a secret here, as last read; undefined before it was first read. */
  has(id: string): boolean | undefined {
    return this.#known.get(id);
  }

  /**
   * Reads a webhook's secret. A lost, damaged or unreadable entry counts as none.
   * @returns undefined when there is none
   */
  async get(id: string): Promise<StoredSecret | undefined> {
    let text: string | undefined;
    try {
      text = await this.backend.get(this.#entry(id));
    } catch {
      this.#troubled.fire({ id, kind: "unreadable" });
      return undefined;
    }
    const stored = text === undefined ? undefined : readStoredSecret(text);
    this.#remember(id, stored !== undefined);
    if (text !== undefined && stored === undefined) this.#troubled.fire({ id, kind: "damaged" });
    return stored;
  }

  /** Another window changed an entry of the storage: reads it anew where it is one of these secrets. */
  async reread(key: string): Promise<void> {
    const prefix = this.#entry("");
    if (key.startsWith(prefix)) await this.get(key.slice(prefix.length));
  }

  /**
   * Reads anew which of these webhooks have a secret, for example after another window had the focus. One that was
   * stored and is gone is told once, and its name is forgotten.
   */
  async refresh(ids: readonly string[]): Promise<void> {
    const names = new Set(ids.length === 0 ? [] : await this.#names());
    await Promise.all(
      ids.map(async (id) => {
        const entry = this.#entry(id);
        if ((await this.get(id)) !== undefined || !names.has(entry)) return;
        // Nothing is ever deleted here, but the name.
        const isGone = await this.backend.forgetName?.(entry).then(undefined, () => false);
        if (isGone === true) this.#troubled.fire({ id, kind: "lost" });
        else await this.get(id);
      }),
    );
  }

  async #names(): Promise<readonly string[]> {
    try {
      return await this.backend.keys();
    } catch {
      return [];
    }
  }

  /**
   * Stores a webhook's secret; another one that it replaces is kept as the newest previous one.
   * @returns whether the secret was read back and is equal
   * @throws PacSpaceError `invalid` for an empty secret; what the storage throws, when what is there can't be read or
   *   replaced: nothing is overwritten unseen
   */
  async store(id: string, secret: string): Promise<boolean> {
    if (secret === "")
      throw invalidInput("The secret is empty. It begins with whsec_ and was shown when the webhook was created.");
    return this.#writes.run(async () => {
      const text = await this.backend.get(this.#entry(id));
      const old = text === undefined ? undefined : readStoredSecret(text);
      const earlier = old === undefined ? [] : [old.secret, ...old.previous];
      const previous = earlier.filter((key, index) => key !== secret && earlier.indexOf(key) === index);
      await this.backend.store(this.#entry(id), JSON.stringify({ secret, previous }));
      const stored = (await this.get(id))?.secret === secret;
      if (old !== undefined && old.secret !== secret) this.#changed.fire(id);
      return stored;
    });
  }

  /**
   * Forgets a webhook's secret and its previous ones.
   * @throws PacSpaceError `notFound` when there is none
   */
  async forget(id: string): Promise<void> {
    await this.#writes.run(async () => {
      if ((await this.backend.get(this.#entry(id))) === undefined) throw secretMissing(id);
      await this.backend.delete(this.#entry(id));
      this.#remember(id, false);
    });
  }

  /**
   * All secrets of this environment.
   * @param alsoAsk ids known from elsewhere, in case the storage's index lost them
   */
  async all(alsoAsk: readonly string[] = []): Promise<readonly ({ readonly id: string } & StoredSecret)[]> {
    const prefix = this.#entry("");
    const stored = (await this.#names()).filter((name) => name.startsWith(prefix));
    const ids = new Set([...stored.map((name) => name.slice(prefix.length)), ...alsoAsk]);
    const found = await Promise.all([...ids].map(async (id) => ({ id, stored: await this.get(id) })));
    return found.flatMap(({ id, stored }) => (stored === undefined ? [] : [{ id, ...stored }]));
  }
}

/** The error for a webhook whose secret isn't stored here. */
export function secretMissing(id: string): PacSpaceError {
  return new PacSpaceError(
    "notFound",
    `No secret is stored here for ${id}. PacSpace shows a secret once, when the webhook is created: paste it with "Store Secret", or create the webhook anew.`,
  );
}
