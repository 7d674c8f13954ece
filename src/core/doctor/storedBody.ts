import { allCauses } from "./causes";
import { BodyLevels } from "./bodyLevels";
import { sameBytes } from "./bytes";
import type { DoctorCause, Levelling } from "./cause";
import type { Pace } from "./pace";
import { withoutDetours } from "./shorterPath";
import type { BodyState } from "./states";

/** Up to this size pairs of causes are tried. */
const smallEnough = 200_000;
/** Up to this size tokens are compared. */
const readable = 4_000_000;

interface Bounds {
  readonly pace: Pace;
  /** Asked before pairs of causes are tried. */
  readonly goesOn: () => boolean;
}

/** One kind of difference, with the cause that makes it. */
interface Difference extends Levelling {
  readonly cause: DoctorCause;
}

const allDifferences: readonly Difference[] = allCauses
  .flatMap((cause) => (cause.levelling ? [{ cause, ...cause.levelling }] : []))
  .toSorted((left, right) => Number(left.equalBut !== undefined) - Number(right.equalBut !== undefined));

async function levelled(body: Uint8Array, chosen: readonly Difference[], pace: Pace): Promise<Uint8Array> {
  let bytes = body;
  for (const { level } of chosen) {
    bytes = (await level?.(bytes, pace)) ?? bytes;
    if (pace.due()) await pace.turn();
  }
  return bytes;
}

/** The kinds of difference between two bodies, when they are of the known kinds only: no fewer explain it. */
async function knownDifferences(
  received: Uint8Array,
  stored: Uint8Array,
  pace: Pace,
): Promise<readonly Difference[] | undefined> {
  if (Math.max(received.length, stored.length) > readable) return undefined;
  const equalBy = async (chosen: readonly Difference[]): Promise<boolean> => {
    const equal = chosen.find(({ equalBut }) => equalBut !== undefined)?.equalBut ?? sameBytes;
    return equal(await levelled(received, chosen, pace), await levelled(stored, chosen, pace));
  };
  let needed = allDifferences;
  if (!(await equalBy(needed))) return undefined;
  for (const candidate of needed.toReversed()) {
    const fewer = needed.filter((other) => other !== candidate);
    if (await equalBy(fewer)) needed = fewer;
  }
  return needed;
}

async function damagedTo(
  received: Uint8Array,
  stored: Uint8Array,
  { pace, goesOn }: Bounds,
): Promise<BodyState | undefined> {
  const levels = new BodyLevels([{ bytes: received }], "request", pace);
  const among = async (from: BodyLevels, depth: 0 | 1 | 2): Promise<BodyState | undefined> => {
    for await (const state of from.at(depth)) if (sameBytes(state.bytes, stored)) return withoutDetours(state, pace);
    return undefined;
  };
  const single = (await among(levels, 1)) ?? (await among(await levels.settled(), 0));
  if (single !== undefined || received.length > smallEnough || !goesOn()) return single;
  return (await among(levels, 2)) ?? (await among(await levels.settled(), 1));
}

/**
 * Explains how a received body came out of the stored one, which differs and is known to be genuine. No HMAC is
 * needed: that the undone damage gives equal bytes is the proof.
 * @param received the body as it arrived
 * @param stored the body as it was sent
 * @param bounds how long it may take
 * @returns the stored body as a state whose steps are the causes
 */
export async function explainedBy(received: Uint8Array, stored: Uint8Array, bounds: Bounds): Promise<BodyState> {
  const start: BodyState = { bytes: received };
  const ending = (cause: DoctorCause, note: string): BodyState => ({
    bytes: stored,
    step: { cause, note },
    from: start,
  });
  const damaged = await damagedTo(received, stored, bounds);
  if (damaged !== undefined) return damaged;
  for (const cause of allCauses) {
    const note = cause.lossFrom?.(received, stored);
    if (note !== undefined) return ending(cause, note);
  }
  const differences = (await knownDifferences(received, stored, bounds.pace)) ?? [];
  for (const cause of differences.length === 0 ? allCauses : []) {
    if (cause.remaining !== undefined) return ending(cause, cause.remaining);
  }
  return differences.reduce<BodyState>(
    (from, { cause, note }) => ({ bytes: stored, step: { cause, note }, from }),
    start,
  );
}
