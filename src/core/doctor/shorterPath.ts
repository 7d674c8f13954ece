import { bodyPath } from "./bodyLevels";
import { sameBytes } from "./bytes";
import type { Step } from "./cause";
import type { Pace } from "./pace";
import type { BodyState } from "./states";

/**
 * Takes a step again, on other bytes; one that changes nothing there, or is not to be had, is left out.
 * @param wanted what must come of it: several variants have one note where there are very many
 */
async function taken(state: BodyState, step: Step, wanted: Uint8Array | undefined, pace: Pace): Promise<BodyState> {
  const { cause, note } = step;
  for (const source of [cause.bodies, cause.handlerBodies, cause.rareBodies]) {
    for await (const { value, note: said } of source?.(state.bytes, pace) ?? []) {
      if (said !== note || (wanted !== undefined && !sameBytes(value, wanted))) continue;
      return sameBytes(value, state.bytes) ? state : { bytes: value, step, from: state };
    }
  }
  return state;
}

async function replayed(start: BodyState, steps: readonly Step[], end: Uint8Array, pace: Pace): Promise<BodyState> {
  let state = start;
  for (const [place, step] of steps.entries()) {
    state = await taken(state, step, place === steps.length - 1 ? end : undefined, pace);
  }
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
    const candidate = await replayed(start, steps.toSpliced(left, 1), body.bytes, pace);
    if (sameBytes(candidate.bytes, body.bytes)) shortest = candidate;
    else left++;
  }
}
