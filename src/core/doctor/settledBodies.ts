import type { DoctorCause } from "./cause";
import { sameBytes } from "./bytes";
import type { Pace } from "./pace";
import type { BodyState } from "./states";

/** Far more than any body has gone through; it ends a chain that would go round. */
const mostSteps = 16;

async function nextStep(state: BodyState, causes: readonly DoctorCause[], pace: Pace): Promise<BodyState | undefined> {
  for (const cause of causes) {
    for await (const { value, note, settles } of cause.bodies?.(state.bytes, pace) ?? []) {
      if (settles && !sameBytes(value, state.bytes)) return { bytes: value, step: { cause, note }, from: state };
      // What settles comes first: the others need not be made.
      break;
    }
  }
  return undefined;
}

/**
 * The way from a body to the form in which PacSpace prints one, each step at the place of the first cause that has one:
 * unpacked, unwrapped, compact, without escapes that need not be. What was damaged in four or five ways at once lies on
 * it or near its end, where no search over all their combinations would come.
 * @returns each body on the way but the first
 */
export async function settledBodies(
  start: BodyState,
  causes: readonly DoctorCause[],
  pace: Pace,
): Promise<readonly BodyState[]> {
  const way: BodyState[] = [];
  for (let state = await nextStep(start, causes, pace); state !== undefined && way.length < mostSteps;) {
    way.push(state);
    state = await nextStep(state, causes, pace);
  }
  return way;
}
