import { createHmac, type KeyObject } from "node:crypto";
import type { Attempts } from "../model/diagnosis";
import type { BodyLevels } from "./bodyLevels";
import type { Pace } from "./pace";
import { ShortHmac } from "./shortHmac";
import { withoutDetours } from "./shorterPath";
import { provenReading, type Reading } from "./readings";
import { standardForm } from "./signingStringCauses";
import type { BodyState, FormState, KeyLevels, KeyState, TimeLevels, TimeState } from "./states";

/** One family of attempts: how far each part is from what was given. */
export interface Stage {
  /** Words for the table of what was tried. */
  readonly family: string;
  readonly body?: 0 | 1 | 2 | 3;
  /** Counts from the settled bodies in place of what arrived. */
  readonly settled?: true;
  /** The bodies that take many tries, made out of those of `body`. */
  readonly rareBody?: true;
  readonly key?: 0 | 1 | 2;
  readonly time?: "asIs" | "otherForms" | "rare" | Iterable<TimeState>;
  readonly form?: 0 | 1;
  readonly whose: "all" | "addressed" | "others";
  /** Bodies longer than this are left out: each try costs too much. */
  readonly upTo?: number;
}

/** An HMAC that equals the signature: proof. */
export interface Match {
  readonly body: BodyState;
  readonly key: KeyState;
  readonly time: TimeState;
  readonly form: FormState;
  readonly reading: Reading;
}

export interface SearchSpace {
  readonly bodies: BodyLevels;
  readonly keys: KeyLevels;
  readonly times: TimeLevels;
  /** The signing strings of faulty handlers. */
  readonly forms: readonly FormState[];
  /** The digests, one of which must come out. */
  readonly readings: readonly Reading[];
}

/** Counts what was tried, and how long it took. */
export class Tally {
  private readonly families = new Map<string, { count: number; elapsedMs: number }>();
  total = 0;

  private of(family: string): { count: number; elapsedMs: number } {
    const entry = this.families.get(family) ?? { count: 0, elapsedMs: 0 };
    this.families.set(family, entry);
    return entry;
  }

  add(family: string, count: number): void {
    this.total += count;
    this.of(family).count += count;
  }

  /** Does some work and counts its time for a family. */
  async timed<T>(family: string, work: () => Promise<T>): Promise<T> {
    const begun = performance.now();
    try {
      return await work();
    } finally {
      this.of(family).elapsedMs += performance.now() - begun;
    }
  }

  entries(): readonly Attempts[] {
    return [...this.families].filter(([, { count }]) => count > 0).map(([family, entry]) => ({ family, ...entry }));
  }
}

/** A hash of more than this many bytes at once would block for too long. */
const mostAtOnce = 4 * 1024 * 1024;

/** A look at the clock costs as much as the hash of a few hundred bytes: for short bodies not every try is worth one. */
const bytesPerLook = 32_768;

/** Tries HMAC after HMAC, stage by stage. */
export class Search {
  private ranOut = false;
  /** Lives as long as the search does: it holds what is made of the keys. */
  private readonly short = new ShortHmac(bytesPerLook);

  constructor(
    private readonly space: SearchSpace,
    private readonly pace: Pace,
    private readonly tally: Tally,
  ) {}

  /** True when a stage was left because its time was over. */
  get outOfTime(): boolean {
    return this.ranOut;
  }

  private digest(key: KeyObject, before: string, body: Uint8Array, after: string): string {
    const hmac = createHmac("sha256", key);
    if (before !== "") hmac.update(before);
    hmac.update(body);
    if (after !== "") hmac.update(after);
    return hmac.digest("hex");
  }

  private async digestInTurns(key: KeyObject, before: string, body: Uint8Array, after: string): Promise<string> {
    const hmac = createHmac("sha256", key).update(before);
    for (let at = 0; at < body.length; at += mostAtOnce) {
      hmac.update(body.subarray(at, at + mostAtOnce));
      if (this.pace.due()) await this.pace.turn();
    }
    return hmac.update(after).digest("hex");
  }

  private keysOf(stage: Stage): readonly KeyState[] {
    const keys = this.space.keys.at(stage.key ?? 0);
    return stage.whose === "all" ? keys : keys.filter((key) => key.addressed === (stage.whose === "addressed"));
  }

  /** The signing strings of a stage. */
  private formsOf({ form = 0 }: Stage): readonly FormState[] {
    return form === 0 ? [{ form: standardForm, steps: [] }] : this.space.forms;
  }

  private timesOf({ time = "asIs" }: Stage): Iterable<TimeState> {
    if (typeof time !== "string") return time;
    return time === "rare" ? this.space.times.rare() : this.space.times[time];
  }

  /** Tries all of a stage; see `runAll`. */
  private async run(stage: Stage, deadline = Infinity): Promise<Match | undefined> {
    const { readings } = this.space;
    const keys = this.keysOf(stage);
    if (readings.length === 0 || keys.length === 0) return undefined;
    const depth = stage.body ?? 0;
    const bodies = stage.settled ? await this.space.bodies.settled() : this.space.bodies;
    for await (const body of stage.rareBody ? bodies.rareAt(depth) : bodies.at(depth)) {
      if (this.expired(deadline)) return undefined;
      if (stage.upTo !== undefined && body.bytes.length > stage.upTo) continue;
      const match = await this.tryBody(stage, body, keys, deadline);
      if (match !== undefined) return match;
    }
    return undefined;
  }

  private async tryBody(
    stage: Stage,
    body: BodyState,
    keys: readonly KeyState[],
    deadline: number,
  ): Promise<Match | undefined> {
    const { bytes } = body;
    const forms = this.formsOf(stage);
    const large = bytes.length > mostAtOnce;
    const isShort = bytes.length <= bytesPerLook;
    if (isShort) this.short.take(bytes);
    const stride = Math.ceil(bytesPerLook / (bytes.length + 1));
    let tried = 0;
    for (const time of this.timesOf(stage)) {
      for (const form of forms) {
        const before = form.form.before(time.text);
        const after = form.form.after(time.text);
        const isHeld = isShort && after === "" && this.short.begin(before);
        const { digest: other } = form.form;
        // In one piece, so not for what would block for too long.
        if (other !== undefined && large) continue;
        for (const key of keys) {
          const digest =
            other !== undefined
              ? other(key.key.export(), [before, bytes, after])
              : large
                ? await this.digestInTurns(key.key, before, bytes, after)
                : isHeld
                  ? this.short.digest(key.key)
                  : this.digest(key.key, before, bytes, after);
          tried++;
          const reading = provenReading(this.space.readings, digest);
          if (reading !== undefined) {
            this.tally.add(stage.family, tried);
            return { body, key, time, form, reading };
          }
          if (tried % stride === 0 && this.pace.due()) {
            this.tally.add(stage.family, tried);
            tried = 0;
            await this.pace.turn();
            if (this.expired(deadline)) return undefined;
          }
        }
      }
    }
    this.tally.add(stage.family, tried);
    // Many bodies with few tries each must take turns, too.
    if (this.pace.due()) await this.pace.turn();
    return undefined;
  }

  private expired(deadline: number): boolean {
    if (deadline !== Infinity && performance.now() >= deadline) this.ranOut = true;
    return this.ranOut;
  }

  /**
   * Tries stage after stage.
   * @param deadline when to stop, by `performance.now()`
   * @returns the first match
   * @throws PacSpaceError `cancelled`
   */
  async runAll(stages: readonly Stage[], deadline = Infinity): Promise<Match | undefined> {
    for (const stage of stages) {
      if (this.expired(deadline)) return undefined;
      const match = await this.tally.timed(stage.family, () => this.run(stage, deadline));
      if (match !== undefined) return { ...match, body: await withoutDetours(match.body, this.pace) };
    }
    return undefined;
  }
}
