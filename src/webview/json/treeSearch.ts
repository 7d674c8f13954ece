import type { ReactiveController, ReactiveControllerHost } from "lit";
import { searchJson } from "./jsonSearch";
import type { JsonTable } from "./jsonTable";

/** A search as it goes: what is looked for, what was found until now, and which of it is shown. */
export class TreeSearch implements ReactiveController {
  query = "";
  isRunning = false;
  #found: number[] = [];
  #current = -1;
  #search: AbortController | undefined;

  /** @param show called with a value that matches and is to be shown */
  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly show: (node: number) => void,
  ) {
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#search?.abort();
  }

  /** What was found, in words; empty while nothing is looked for. */
  get words(): string {
    if (this.query === "") return "";
    const count = this.#found.length.toLocaleString("en");
    if (this.isRunning) return `${count}, searching…`;
    if (this.#found.length === 0) return "Nothing found";
    return `${(this.#current + 1).toLocaleString("en")} of ${count}`;
  }

  get hasFound(): boolean {
    return this.#found.length > 0;
  }

  /** Looks for something else, and shows the first that matches from a value on. */
  async start(query: string, table: JsonTable, from: number): Promise<void> {
    this.#search?.abort();
    const search = (this.#search = new AbortController());
    const found: number[] = [];
    this.query = query;
    this.#found = found;
    this.#current = -1;
    this.isRunning = query !== "";
    this.host.requestUpdate();
    if (query === "") return;
    const showFirst = (): void => {
      if (this.#current < 0 && (found.at(-1) ?? -1) >= from) this.#go(found.findIndex((node) => node >= from));
    };
    const wasFinished = await searchJson(table, query, found, search.signal, () => {
      showFirst();
      this.host.requestUpdate();
    });
    if (!wasFinished) return;
    this.isRunning = false;
    showFirst();
    if (this.#current < 0) this.#go(0);
    this.host.requestUpdate();
  }

  /** Goes to the next match, or the one before; from the last to the first. */
  step(by: 1 | -1): void {
    const { length } = this.#found;
    if (length > 0) this.#go((Math.max(this.#current, by === 1 ? -1 : 0) + by + length) % length);
  }

  #go(index: number): void {
    const node = this.#found[index];
    if (node === undefined) return;
    this.#current = index;
    this.show(node);
    this.host.requestUpdate();
  }
}
