import { PacSpaceError, invalidInput } from "../core/errors";
import { arrayField, recordOf, textField } from "../core/model/fields";
import { Emitter } from "../core/emitter";
import type { SecretBackend } from "./secretBackend";

export interface StoredSecret {
  readonly secret: string;
  /** Keys that it replaced, newest first: a delivery from before a rotation is still checked by them. */
  readonly previous: readonly string[];
}

function readStored(text: string | undefined): StoredSecret | undefined {
  if (text === undefined) return undefined;
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

function readIds(text: string | undefined): readonly string[] {
  try {
    const value: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(value) ? value.filter((id) => typeof id === "string") : [];
  } catch {
    return [];
  }
}

/**
 * The secrets of one environment's webhooks. Each has an entry of its own, so that two windows that store at the same
 * moment can't undo each other; the index of ids is a help for enumeration only, and ids known from elsewhere are
 * looked up as well. Nothing is cached but which ids have a secret: another window may have changed the rest.
 */
export class WebhookSecrets {
  readonly #changed = new Emitter<string>();
  readonly #known = new Map<string, boolean>();
  /** Fires with the id of a webhook of which it becomes known that it has a secret, another one, or none any more. */
  readonly onDidChange = this.#changed.event;
  #writes: Promise<unknown> = Promise.resolve();

  /** @param environmentKey under which the environment's things are kept apart */
  constructor(
    private readonly backend: SecretBackend,
    private readonly environmentKey: string,
  ) {}

  #entry(id: string): string {
    return `webhook:${this.environmentKey}:${id}`;
  }

  get #index(): string {
    return `webhooks:${this.environmentKey}`;
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
   * Reads a webhook's secret. A lost or damaged entry counts as none.
   * @returns undefined when there is none
   */
  async get(id: string): Promise<StoredSecret | undefined> {
    const stored = readStored(await this.backend.get(this.#entry(id)));
    this.#remember(id, stored !== undefined);
    return stored;
  }

  /** Another window changed an entry of the storage: reads it anew where it is one of these secrets. */
  async reread(key: string): Promise<void> {
    const prefix = this.#entry("");
    if (key.startsWith(prefix)) await this.get(key.slice(prefix.length));
  }

  /** Reads anew which of these webhooks have a secret, for example after another window had the focus. */
  async refresh(ids: readonly string[]): Promise<void> {
    await Promise.all(ids.map((id) => this.get(id)));
  }

  /**
   * Stores a webhook's secret; another one that it replaces is kept as the newest previous one.
   * @returns whether the secret was read back and is equal
   * @throws PacSpaceError `invalid` for an empty secret
   */
  async store(id: string, secret: string): Promise<boolean> {
    if (secret === "")
      throw invalidInput("The secret is empty. It begins with whsec_ and was shown when the webhook was created.");
    return this.#serially(async () => {
      const old = await this.get(id);
      const earlier = old === undefined ? [] : [old.secret, ...old.previous];
      const previous = earlier.filter((key, index) => key !== secret && earlier.indexOf(key) === index);
      await this.backend.store(this.#entry(id), JSON.stringify({ secret, previous }));
      await this.#writeIndex((ids) => [...ids.filter((known) => known !== id), id]);
      // Last: who hears of it asks for all secrets, and must find this one among them.
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
    await this.#serially(async () => {
      if ((await this.backend.get(this.#entry(id))) === undefined) throw secretMissing(id);
      await this.backend.delete(this.#entry(id));
      this.#remember(id, false);
      await this.#writeIndex((ids) => ids.filter((known) => known !== id));
    });
  }

  /**
   * All secrets of this environment.
   * @param alsoAsk ids known from elsewhere, in case the index lost them
   */
  async all(alsoAsk: readonly string[] = []): Promise<readonly ({ readonly id: string } & StoredSecret)[]> {
    const ids = new Set([...readIds(await this.backend.get(this.#index)), ...alsoAsk]);
    const found = await Promise.all([...ids].map(async (id) => ({ id, stored: await this.get(id) })));
    return found.flatMap(({ id, stored }) => (stored === undefined ? [] : [{ id, ...stored }]));
  }

  async #writeIndex(change: (ids: readonly string[]) => readonly string[]): Promise<void> {
    const ids = readIds(await this.backend.get(this.#index));
    await this.backend.store(this.#index, JSON.stringify(change(ids)));
  }

  #serially<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#writes.then(work, work);
    this.#writes = result.catch(() => undefined);
    return result;
  }
}

/** The error for a webhook whose secret isn't stored here. */
export function secretMissing(id: string): PacSpaceError {
  return new PacSpaceError(
    "notFound",
    `No secret is stored here for ${id}. PacSpace shows a secret once, when the webhook is created: paste it with "Store Secret", or create the webhook anew.`,
  );
}
