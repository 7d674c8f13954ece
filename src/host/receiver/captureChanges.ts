/** Which captures changed: those of these ids, or all that there are, since some came or went. */
export type CaptureChanges = "all" | ReadonlySet<string>;

/** Captures may come by the thousand in a second: what changed is told this often at most. */
const gatherMs = 80;

/** Tells changes at once after a rest, and together while they keep coming. */
export class GatheredChanges {
  #ids = new Set<string>();
  #all = false;
  #timer: NodeJS.Timeout | undefined;
  #told = 0;

  constructor(private readonly tell: (changes: CaptureChanges) => void) {}

  add(change: "all" | { readonly id: string }): void {
    if (change === "all") this.#all = true;
    else this.#ids.add(change.id);
    this.#timer ??= setTimeout(() => this.#flush(), Math.max(0, this.#told + gatherMs - performance.now()));
  }

  #flush(): void {
    const changes = this.#all ? "all" : this.#ids;
    this.dispose();
    this.#told = performance.now();
    this.tell(changes);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#all = false;
    this.#ids = new Set();
  }
}
