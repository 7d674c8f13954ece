/** Which captures changed: those of these ids, or all that there are, since some came or went. */
export type CaptureChanges = "all" | ReadonlySet<string>;

/** Captures may come by the thousand in a second: what changed is gathered and told a few times in it. */
const gatherMs = 80;

/** Gathers changes and tells them together. */
export class GatheredChanges {
  #ids = new Set<string>();
  #all = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly tell: (changes: CaptureChanges) => void) {}

  add(change: "all" | { readonly id: string }): void {
    if (change === "all") this.#all = true;
    else this.#ids.add(change.id);
    this.#timer ??= setTimeout(() => this.#flush(), gatherMs);
  }

  #flush(): void {
    const changes = this.#all ? "all" : this.#ids;
    this.dispose();
    this.tell(changes);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#all = false;
    this.#ids = new Set();
  }
}
