import { createSecretKey, type KeyObject } from "node:crypto";
import { addressedWebhook, keyCauses, type VerificationKey, type VerificationRequest } from "../signature/verify";
import type { DoctorCause, KeyMaterial, SigningForm, Step } from "./cause";
import { allCauses, causeOf } from "./causes";
import { keyVariants } from "./secretCauses";

/** A body to try, and how it was come to. */
export interface BodyState {
  readonly bytes: Uint8Array;
  /** The last step; absent for a body that is tried as it is. */
  readonly step?: Step;
  readonly from?: BodyState;
}

/** A key to try. */
export interface KeyState {
  readonly key: KeyObject;
  readonly owner: VerificationKey;
  /** True for the webhook that the request was addressed to. */
  readonly addressed: boolean;
  readonly text?: string;
  /** What is wrong with a match by this key's owner. */
  readonly faults: readonly Step[];
  readonly steps: readonly Step[];
  /** The key as it was given, and as it is tried: only fingerprints of them may leave. */
  readonly materials: readonly [given: KeyMaterial, tried: KeyMaterial];
}

/** A timestamp to try. */
export interface TimeState {
  readonly text: string;
  readonly steps: readonly Step[];
}

/** A signing string to try. */
export interface FormState {
  readonly form: SigningForm;
  readonly steps: readonly Step[];
}

/** Whose fault is looked for: the request's way here, or the user's handler. */
export type Side = "request" | "handler";

/** How many keys count as addressed when the webhook is not known. */
const fewKeys = 3;
const mostForms = 400;

function ownerFaults(key: VerificationKey, addressed: string | undefined): readonly Step[] {
  const note = key.id === "" ? "one of the other secrets" : `the secret of ${key.id}`;
  return keyCauses(key, addressed).flatMap(({ id }) => {
    const cause = causeOf(id);
    return cause ? [{ cause, note }] : [];
  });
}

function keyState(
  material: KeyMaterial,
  base: Omit<KeyState, "key" | "text" | "materials">,
  given: KeyMaterial,
): KeyState {
  const text = typeof material === "string" ? material : undefined;
  return {
    ...base,
    key: typeof material === "string" ? createSecretKey(material, "utf8") : createSecretKey(material),
    materials: [given, material],
    ...(text !== undefined && { text }),
  };
}

/** The keys to try, by how many steps they are away from those given. */
export class KeyLevels {
  private readonly levels: KeyState[][];
  private readonly seen = new Set<string>();

  constructor(
    request: Pick<VerificationRequest, "addressed" | "keys">,
    private readonly side: Side,
  ) {
    const addressed = addressedWebhook(request);
    const ranked = request.keys.toSorted(
      (left, right) => keyCauses(left, addressed).length - keyCauses(right, addressed).length,
    );
    const states = ranked.flatMap((owner, index) => {
      if (!this.isNew(owner.secret)) return [];
      const base = {
        owner,
        addressed: addressed === undefined ? index < fewKeys : owner.id === addressed,
        faults: ownerFaults(owner, addressed),
        steps: [],
      };
      return [keyState(owner.secret, base, owner.secret)];
    });
    this.levels = [states];
  }

  private isNew(material: KeyMaterial): boolean {
    const name = typeof material === "string" ? `t${material}` : `b${Buffer.from(material).toString("hex")}`;
    if (this.seen.has(name)) return false;
    this.seen.add(name);
    return true;
  }

  at(depth: number): readonly KeyState[] {
    const made = this.levels[depth];
    if (made !== undefined) return made;
    const level = this.at(depth - 1).flatMap((parent) => this.variantsOf(parent));
    this.levels[depth] = level;
    return level;
  }

  private variantsOf(parent: KeyState): KeyState[] {
    const { text } = parent;
    if (text === undefined) return [];
    return allCauses
      .flatMap((cause) => keyVariants(cause, text, this.side === "handler").map((variant) => ({ cause, ...variant })))
      .slice(0, mostForms)
      .filter(({ value }) => this.isNew(value))
      .map(({ cause, value, note }) =>
        keyState(value, { ...parent, steps: [...parent.steps, { cause, note }] }, parent.materials[0]),
      );
  }
}

function timestampForms(cause: DoctorCause, text: string, side: Side): TimeState[] {
  const variants = [
    ...(cause.timestamps?.(text) ?? []),
    ...((side === "handler" ? cause.handlerTimestamps?.(text) : undefined) ?? []),
  ];
  return variants.map(({ value, note }) => ({ text: value, steps: [{ cause, note }] }));
}

function distinct(states: readonly TimeState[], known: readonly TimeState[]): readonly TimeState[] {
  const seen = new Set(known.map(({ text }) => text));
  return states.filter(({ text }) => !seen.has(text) && seen.add(text));
}

/** The timestamps to try: as they came, in another form, and those that take many tries. */
export class TimeLevels {
  readonly asIs: readonly TimeState[];
  readonly otherForms: readonly TimeState[];

  constructor(asIs: readonly TimeState[], side: Side) {
    this.asIs = distinct(asIs, []);
    const forms = this.asIs.flatMap((base) =>
      allCauses.flatMap((cause) =>
        timestampForms(cause, base.text, side).map(({ text, steps }) => ({ text, steps: [...base.steps, ...steps] })),
      ),
    );
    this.otherForms = distinct(forms, this.asIs);
  }

  *rare(): Iterable<TimeState> {
    for (const base of this.asIs) {
      for (const cause of allCauses) {
        for (const { value, note } of cause.rareTimestamps?.(base.text) ?? []) {
          yield { text: value, steps: [...base.steps, { cause, note }] };
        }
      }
    }
  }
}

/**
 * The signing strings of faulty handlers.
 * @param eventId the event's id, which some schemes sign too; empty where the request has none
 */
export function handlerForms(eventId: string): readonly FormState[] {
  return allCauses.flatMap((cause) =>
    [...(cause.handlerForms?.(eventId) ?? [])].map(({ value, note }) => ({ form: value, steps: [{ cause, note }] })),
  );
}
