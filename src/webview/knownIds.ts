import type { KnownId } from "../protocol/hostMessages";
import { mostIds } from "../protocol/panelMessages";
import { send } from "./vscodeApi";

/** Ids as PacSpace and others make them: letters, a mark, and more; or a UUID. */
const idShape = /^(?:[A-Za-z]{1,20}[_-][\w-]{1,100}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** What the host knows of ids that stand in payloads: asked once for each that comes into view. */
class KnownIds extends EventTarget {
  readonly #known = new Map<string, KnownId | undefined>();

  get(id: string): KnownId | undefined {
    return this.#known.get(id);
  }

  /** Asks the host about those that look like ids and were not asked about yet. */
  ask(texts: Iterable<string>): void {
    const ids = [...new Set(texts)].filter((text) => idShape.test(text) && !this.#known.has(text)).slice(0, mostIds);
    for (const id of ids) this.#known.set(id, undefined);
    if (ids.length > 0) send({ type: "askIds", ids });
  }

  learn(ids: readonly KnownId[]): void {
    for (const known of ids) this.#known.set(known.id, known);
    if (ids.length > 0) this.dispatchEvent(new Event("change"));
  }

  /** The host may know others now. */
  forget(): void {
    this.#known.clear();
  }
}

export const knownIds = new KnownIds();
