import type { Mending } from "../model/diagnosis";
import type { Pace } from "./pace";

/** Something tried in place of what arrived. */
export interface Variant<Value> {
  readonly value: Value;
  /** Completes "…, it matches.", for example "printed as compact JSON". Holds no secret. */
  readonly note: string;
  /** True where it leads to the form in which PacSpace prints a body, worth taking unproven; such a one comes first. */
  readonly settles?: true;
}

export type Variants<Value> = Iterable<Variant<Value>>;
export type BodyVariants = Variants<Uint8Array>;
/** The same where making them takes long enough to take turns. */
export type SlowBodyVariants = AsyncIterable<Variant<Uint8Array>>;

/** A key's material: text counts as UTF-8. */
export type KeyMaterial = string | Uint8Array;

/** What surrounds the body in what is signed. */
export interface SigningForm {
  readonly before: (timestamp: string) => string;
  readonly after: (timestamp: string) => string;
}

/**
 * One thing that can go wrong with a signature: what to try, how it explains itself, how it is mended.
 * All of it lies in one object, so that a new cause is one file's change and one line in the list.
 */
export interface DoctorCause {
  readonly id: string;
  /** What can't be restored out of the damaged request; absent when the damage can always be undone. */
  readonly loses?: string;

  /** Bodies as they may have been before the damage. Few, and cheap to make: they are tried with every key. */
  readonly bodies?: (body: Uint8Array, pace: Pace) => BodyVariants | SlowBodyVariants;
  /** More of them, tried while time allows. */
  readonly rareBodies?: (body: Uint8Array, pace: Pace) => BodyVariants | SlowBodyVariants;
  /** What a faulty handler makes of the body beyond that. */
  readonly handlerBodies?: (body: Uint8Array, pace: Pace) => BodyVariants | SlowBodyVariants;

  /** Keys as they may have been before the damage. */
  readonly keys?: (key: string) => Variants<KeyMaterial>;
  /** What a faulty handler makes of the right key beyond that. */
  readonly handlerKeys?: (key: string) => Variants<KeyMaterial>;

  /** Timestamp texts that may have been signed. */
  readonly timestamps?: (text: string) => Variants<string>;
  readonly rareTimestamps?: (text: string) => Variants<string>;
  /** What a faulty handler makes of the right timestamp. */
  readonly handlerTimestamps?: (text: string) => Variants<string>;

  /** What a faulty handler signs. The event's id is empty where the request has none. */
  readonly handlerForms?: (eventId: string) => Variants<SigningForm>;

  /** What happened to the request: a clause that the variant's note follows. */
  readonly happened: string;
  /** The same fault inside the user's handler; absent when a handler can't have it. */
  readonly inHandler?: string;
  /** What to change: one sentence. */
  readonly change: string;
  readonly mending: Mending;
}

/** One cause on the way from what arrived to what matched. */
export interface Step {
  readonly cause: DoctorCause;
  readonly note: string;
}
