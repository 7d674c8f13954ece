import type { Capture } from "../core/model/capture";
import { captureParts } from "./captureBytes";
import type { CaptureFollower } from "./captureFollower";
import type { CaptureStore } from "./captureStore";

/** What changed in a store since it was told last. */
export interface CaptureNews {
  /** Captures that are new or are not what they were, those that came first first, as they lie in a file. */
  readonly captures: Uint8Array;
  /** No id in them is behind this one. */
  readonly last: string;
  /** Ids of those that a person removed. */
  readonly removed: readonly string[];
  /** The oldest that is kept, for ids sort as captures came: those before it made room. Undefined when none is kept. */
  readonly oldest: string | undefined;
  readonly count: number;
  /** How many had to go for newer ones; see `CaptureStore.dropped`. */
  readonly dropped: number;
  /** Which rows look different; `all` when some came or went. */
  readonly rows: "all" | readonly string[];
}

/** After each telling there is rest for so many times as long as it took: a burst leaves the time to requests. */
const restFactor = 100;
/** What is told at a time, unless it is a single capture. */
const mostBytes = 8 * 1024 * 1024;
/** Milliseconds of rest, at least and at most. */
const [shortestRest, longestRest] = [2, 1_000];

/**
 * Tells another process what changes in a store: at once after a rest, together while changes keep coming, and never
 * more than is kept, so that the other side hears little of a burst that comes and goes.
 */
export class CaptureFeed implements CaptureFollower {
  /** The newest that the other side has heard of. All behind it are new, and need no place in a set. */
  #newestTold = "";
  /** Ids of those that it knows otherwise. */
  readonly #changed = new Set<string>();
  #removed: string[] = [];
  #hasNews = true;
  #areRowsOthers = true;
  #pause: NodeJS.Timeout | undefined;
  #restUntil = 0;
  /** Tellings that the other side has not taken in yet. */
  #underWay = 0;

  /**
   * @param store followed from now on; what is in it counts as new
   * @param tell settles when the other side has taken it in
   */
  constructor(
    private readonly store: CaptureStore,
    private readonly tell: (news: CaptureNews) => Promise<void>,
  ) {
    store.follow(this);
  }

  changed(id: string): void {
    if (id <= this.#newestTold) this.#changed.add(id);
    else this.#areRowsOthers = true;
    this.#schedule();
  }

  gone(id: string, why: "dropped" | "removed"): void {
    this.#changed.delete(id);
    this.#areRowsOthers = true;
    if (why === "removed") this.#removed.push(id);
    this.#schedule();
  }

  /** Tells what there is to tell now, so that it is there before whatever is sent next. */
  flush(): void {
    clearTimeout(this.#pause);
    this.#pause = undefined;
    const began = performance.now();
    let pieces = 0;
    // Piece by piece: reading one must not hold up the other side.
    for (; this.#hasNews; pieces++) this.#tellSome();
    if (pieces > 0) this.#rest(performance.now() - began);
  }

  #rest(tookMs: number): void {
    this.#restUntil = performance.now() + Math.min(longestRest, Math.max(shortestRest, restFactor * tookMs));
  }

  #tellSome(): void {
    this.#underWay++;
    const taken = (): void => {
      this.#underWay--;
      if (this.#hasNews) this.#schedule();
    };
    void this.tell(this.#take()).then(taken, taken);
  }

  #take(): CaptureNews {
    const { count, dropped, oldest } = this.store;
    const parts: Uint8Array[] = [];
    const rows: string[] = [];
    let bytes = 0;
    for (const capture of this.#unheard()) {
      if (bytes > 0 && bytes + capture.body.length > mostBytes) break;
      for (const part of captureParts(capture)) {
        parts.push(part);
        bytes += part.length;
      }
      rows.push(capture.id);
      if (!this.#changed.delete(capture.id)) this.#newestTold = capture.id;
    }
    const news: CaptureNews = {
      captures: Buffer.concat(parts, bytes),
      last: this.#newestTold,
      removed: this.#removed,
      oldest: oldest?.id,
      count,
      dropped,
      rows: this.#areRowsOthers ? "all" : rows,
    };
    this.#removed = [];
    this.#hasNews = this.#unheard().next().done === false;
    this.#areRowsOthers = this.#hasNews;
    return news;
  }

  /** What there is to tell: what changed of the known ones, then the new ones as they came. */
  *#unheard(): Generator<Capture> {
    for (const id of this.#changed) {
      const capture = this.store.get(id);
      if (capture !== undefined) yield capture;
    }
    yield* this.store.newerThan(this.#newestTold).toReversed();
  }

  #schedule(): void {
    this.#hasNews = true;
    if (this.#underWay > 0) return;
    this.#pause ??= setTimeout(() => this.flush(), Math.max(0, this.#restUntil - performance.now()));
  }
}
