import { bodyPath } from "./bodyLevels";
import { sameBytes } from "./bytes";
import type { Step } from "./cause";
import type { Pace } from "./pace";
import type { BodyState } from "./states";

/** Takes a step again, on other bytes; one that changes nothing there, or is not to be had, is left out. */
async function taken(state: BodyState, { cause, note }: Step, pace: Pace): Promise<BodyState> {
  for (const source of [cause.bodies, cause.handlerBodies]) {
    for await (const variant of source?.(state.bytes, pace) ?? []) {
      if (variant.note !== note) continue;
      return sameBytes(variant.value, state.bytes)
        ? state
        : { bytes: variant.value, step: { cause, note }, from: state };
    }
  }
  return state;
}

async function replayed(start: BodyState, steps: readonly Step[], pace: Pace): Promise<BodyState> {
  let state = start;
  for (const step of steps) state = await taken(state, step, pace);
  return state;
}

/** Longer ones would cost more than they explain. */
const mostBytes = 1_000_000;

/**
 * Leaves out of a body's way what was not needed to come to its bytes, so that only true causes are named: a step that a
 * later one undid.
 */
export async function withoutDetours(body: BodyState, pace: Pace): Promise<BodyState> {
  const path = bodyPath(body);
  const start = path[0]?.from;
  if (start === undefined || path.length < 2 || body.bytes.length > mostBytes) return body;
  let shortest = body;
  for (let left = 0; ;) {
    const steps = bodyPath(shortest).flatMap(({ step }) => step ?? []);
    if (left >= steps.length || steps.length < 2) return shortest;
    const candidate = await replayed(start, steps.toSpliced(left, 1), pace);
    if (sameBytes(candidate.bytes, body.bytes)) shortest = candidate;
    else left++;
  }
}
