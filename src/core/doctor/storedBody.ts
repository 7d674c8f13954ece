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

/** One kind of difference, with the cause that makes it. */
interface Difference extends Levelling {
  readonly cause: DoctorCause;
}

const allDifferences: readonly Difference[] = allCauses
  .flatMap((cause) => (cause.levelling ? [{ cause, ...cause.levelling }] : []))
  .toSorted((left, right) => Number(left.coarseFor !== undefined) - Number(right.coarseFor !== undefined));

async function levelled(body: Uint8Array, chosen: readonly Difference[], pace: Pace): Promise<Uint8Array> {
  let bytes = body;
  for (const { level } of chosen) {
    bytes = (await level(bytes, pace)) ?? bytes;
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
  const equalBy = async (chosen: readonly Difference[]): Promise<boolean> =>
    sameBytes(await levelled(received, chosen, pace), await levelled(stored, chosen, pace));
  let needed = allDifferences.filter(({ coarseFor }) => coarseFor?.(received) ?? true);
  if (!(await equalBy(needed))) return undefined;
  for (const candidate of needed.toReversed()) {
    const fewer = needed.filter((other) => other !== candidate);
    if (await equalBy(fewer)) needed = fewer;
  }
  return needed;
}

async function damagedTo(received: Uint8Array, stored: Uint8Array, pace: Pace): Promise<BodyState | undefined> {
  const levels = new BodyLevels([{ bytes: received }], "request", pace);
  const isSmall = received.length <= smallEnough;
  for (const [from, depth] of [
    [levels, 1],
    ...(isSmall ? ([[levels, 2]] as const) : []),
    [await levels.settled(), 0],
    ...(isSmall ? ([[await levels.settled(), 1]] as const) : []),
  ] as const) {
    for await (const state of from.at(depth)) if (sameBytes(state.bytes, stored)) return withoutDetours(state, pace);
  }
  return undefined;
}

/**
 * Explains how a received body came out of the stored one, which differs and is known to be genuine. No HMAC is
 * needed: that the undone damage gives equal bytes is the proof.
 * @param received the body as it arrived
 * @param stored the body as it was sent
 * @returns the stored body as a state whose steps are the causes
 */
export async function explainedBy(received: Uint8Array, stored: Uint8Array, pace: Pace): Promise<BodyState> {
  const start: BodyState = { bytes: received };
  const ending = (cause: DoctorCause, note: string): BodyState => ({
    bytes: stored,
    step: { cause, note },
    from: start,
  });
  const damaged = await damagedTo(received, stored, pace);
  if (damaged !== undefined) return damaged;
  for (const cause of allCauses) {
    const note = cause.lossFrom?.(received, stored);
    if (note !== undefined) return ending(cause, note);
  }
  const differences = (await knownDifferences(received, stored, pace)) ?? [];
  for (const cause of differences.length === 0 ? allCauses : []) {
    if (cause.remaining !== undefined) return ending(cause, cause.remaining);
  }
  return differences.reduce<BodyState>(
    (from, { cause, note }) => ({ bytes: stored, step: { cause, note }, from }),
    start,
  );
}
