import type { DoctorCause } from "./cause";
import { allCauses } from "./causes";
import type { Pace } from "./pace";
import { settledBodies } from "./settledBodies";
import type { BodyState, Side } from "./states";

const mostKept = 64 * 1024 * 1024;
const mostStates = 20_000;
const shortBody = 4096;

/** Which bodies were made before. Large ones are forgotten when they get too many: then work is done twice, no harm. */
class SeenBodies {
  private readonly short = new Set<string>();
  private readonly long = new Map<number, Uint8Array[]>();
  private kept = 0;

  /** True the first time. */
  add(bytes: Uint8Array): boolean {
    if (bytes.length <= shortBody) {
      const name = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
      const before = this.short.size;
      return this.short.add(name).size > before;
    }
    const same = this.long.get(bytes.length) ?? [];
    if (same.some((other) => Buffer.compare(other, bytes) === 0)) return false;
    this.kept += bytes.length;
    if (this.kept <= mostKept) this.long.set(bytes.length, [...same, bytes]);
    return true;
  }
}

/** The bodies to try, by how many steps they are away from what arrived. Each level is made once, when it is asked for. */
export class BodyLevels {
  private readonly levels: BodyState[][];
  private readonly seen = new SeenBodies();
  private kept = 0;

  private settledLevels: BodyLevels | undefined;

  constructor(
    start: readonly BodyState[],
    private readonly side: Side,
    private readonly pace: Pace,
  ) {
    this.levels = [start.filter(({ bytes }) => this.seen.add(bytes))];
  }

  /** The levels of the settled bodies: those that lie on the way from what arrived to PacSpace's own form. */
  async settled(): Promise<BodyLevels> {
    if (this.settledLevels === undefined) {
      const ways: BodyState[] = [];
      for await (const state of this.at(0)) ways.push(...(await settledBodies(state, this.causes(), this.pace)));
      this.settledLevels = new BodyLevels(ways, this.side, this.pace);
    }
    return this.settledLevels;
  }

  private causes(): readonly DoctorCause[] {
    return this.side === "request" ? allCauses : allCauses.filter((cause) => cause.inHandler !== undefined);
  }

  private async *variantsOf(from: BodyState): AsyncGenerator<BodyState> {
    for (const cause of this.causes()) {
      const sources = [cause.bodies, this.side === "handler" ? cause.handlerBodies : undefined];
      for (const source of sources) {
        if (source === undefined) continue;
        for await (const { value, note } of source(from.bytes, this.pace)) {
          if (this.seen.add(value)) yield { bytes: value, step: { cause, note }, from };
        }
      }
    }
  }

  /** Keeps a state for the levels above, while there is room. */
  private keep(level: BodyState[], state: BodyState): void {
    if (level.length >= mostStates || this.kept + state.bytes.length > mostKept) return;
    this.kept += state.bytes.length;
    level.push(state);
  }

  /**
   * The bodies of one level.
   * @param depth how many steps away
   */
  async *at(depth: number): AsyncGenerator<BodyState> {
    const made = this.levels[depth];
    if (made !== undefined) {
      yield* made;
      return;
    }
    const level: BodyState[] = [];
    for await (const parent of this.at(depth - 1)) {
      for await (const state of this.variantsOf(parent)) {
        this.keep(level, state);
        yield state;
      }
    }
    this.levels[depth] = level;
  }

  /** The bodies that take many tries, each one such step away from a body of a level. */
  async *rareAt(depth: number): AsyncGenerator<BodyState> {
    for await (const from of this.at(depth)) {
      for (const cause of this.causes()) {
        for await (const { value, note } of cause.rareBodies?.(from.bytes, this.pace) ?? []) {
          yield { bytes: value, step: { cause, note }, from };
        }
      }
    }
  }
}

/** The steps from what arrived to a body, in order. */
export function bodyPath(state: BodyState): readonly BodyState[] {
  const path: BodyState[] = [];
  for (let at: BodyState | undefined = state; at?.step !== undefined; at = at.from) path.unshift(at);
  return path;
}
