import type { Mending } from "../model/diagnosis";
import type { Cause } from "../model/verdict";
import type { VerificationRequest } from "../signature/verify";
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
  /** What is computed in place of an HMAC with the secret as its key, in lower-case hex. */
  readonly digest?: (key: Uint8Array, signed: readonly (string | Uint8Array)[]) => string;
}

/** Takes one kind of difference away: two bodies that differ in nothing else become equal by it. */
export interface Levelling {
  /** Completes "…, it equals the stored body". */
  readonly note: string;
  /** Gives bodies that differ in this alone the same bytes. */
  readonly level?: (body: Uint8Array, pace: Pace) => Promise<Uint8Array | undefined>;
  /** Where no form is common to both: whether the received body, levelled otherwise, differs from the stored one in this alone. */
  readonly equalBut?: (received: Uint8Array, stored: Uint8Array) => boolean;
}

/** What a request shows by itself: proven where a length says it. */
export type Suspicion = Pick<Cause, "certainty" | "detail">;

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

  /** What the request shows of it when no HMAC matched. */
  readonly suspect?: (request: VerificationRequest, pace: Pace) => Promise<Suspicion | undefined>;
  /** The one fact that would decide, where it is suspected and nothing is proven. */
  readonly decidedBy?: string;

  /** Makes a body that differs from the stored one by this cause equal to it. */
  readonly levelling?: Levelling;
  /** What of the stored body is lost in the received one, as a note; undefined where it isn't this. */
  readonly lossFrom?: (received: Uint8Array, stored: Uint8Array) => string | undefined;
  /** The note where no cause explains how the received body differs from the stored one. */
  readonly remaining?: string;
  /** True where a value is right and only its comparison with the header's text fails. */
  readonly failsComparison?: true;
  /** True where the request then holds no longer what was signed, or its signature: as it came, it matches no key. */
  readonly beyondRestoring?: true;

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
