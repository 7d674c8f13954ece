import type { Finding } from "../model/diagnosis";
import type { Cause } from "../model/verdict";
import { bodyPath } from "./bodyLevels";
import { differingSnippets, utf8 } from "./bytes";
import type { DoctorCause, Step } from "./cause";
import { causeOf } from "./causes";
import { fingerprint } from "../signature/sign";
import type { Match } from "./search";
import { handlerCorrect, signaturePrefix } from "./signatureCauses";
import type { BodyState, FormState, KeyState } from "./states";

type Sides = ReturnType<typeof differingSnippets>;

/** A cause with its answer. */
export function findingOf(cause: DoctorCause, certainty: Cause["certainty"], detail: string, sides?: Sides): Finding {
  return { id: cause.id, certainty, detail, change: cause.change, mending: cause.mending, ...sides };
}

/** What the strict check says, with what to change. */
export function strictFindings(causes: readonly Cause[]): readonly Finding[] {
  return causes.flatMap(({ id, certainty, detail }) => {
    const cause = causeOf(id);
    return cause === undefined ? [] : [findingOf(cause, certainty, detail)];
  });
}

/** Of several findings of one cause the first one stays. */
export function distinctFindings(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ id }) => !seen.has(id) && seen.add(id));
}

function fingerprints({ materials: [given, tried] }: KeyState): string {
  return ` Fingerprint of the secret at hand: ${fingerprint(given)}; of the one that matches: ${fingerprint(tried)}.`;
}

/** Both sides of one step of the body; of the whole way where the step alone changes nothing. */
function bodySides(state: BodyState, received: Uint8Array): Sides {
  return differingSnippets(state.from?.bytes ?? received, state.bytes) ?? differingSnippets(received, state.bytes);
}

/** What was tried of the request and matched, part by part. */
export interface RequestProof extends Pick<Match, "body" | "key" | "time" | "reading"> {
  /** As they arrived. */
  readonly signature: string;
  readonly timestamp: string;
  readonly received: Uint8Array;
}

/**
 * The causes of a request whose signature an HMAC matched.
 * @returns none when it matched as it is
 */
export function requestFindings(proof: RequestProof): readonly Finding[] {
  const { body, key, time, reading, received } = proof;
  const path = bodyPath(body);
  const count = reading.steps.length + time.steps.length + key.steps.length + path.length;
  const together = count > 1 ? " (together with the other causes)" : "";
  const proven = ({ cause, note }: Step, sides?: Sides, more = ""): Finding =>
    findingOf(cause, "proven", `${cause.happened}: ${note}, it matches${together}.${more}`, sides);
  const written = reading.hex.length === 64 ? utf8(`v1=${reading.hex}`) : undefined;
  const signatureSides = written && differingSnippets(utf8(proof.signature), written);
  return [
    ...key.faults.map(({ cause, note }) => findingOf(cause, "proven", `${cause.happened}: ${note} matches.`)),
    ...reading.steps.map((step) => proven(step, signatureSides)),
    ...time.steps.map((step) => proven(step, differingSnippets(utf8(proof.timestamp), utf8(time.text)))),
    ...key.steps.map((step) => proven(step, undefined, fingerprints(key))),
    ...path.flatMap((state) => (state.step ? [proven(state.step, bodySides(state, received))] : [])),
  ];
}

/** The causes of a body that differs from the stored one, which is known to be genuine. */
export function storedFindings(received: Uint8Array, stored: BodyState): readonly Finding[] {
  return bodyPath(stored).flatMap((state) => {
    if (state.step === undefined) return [];
    const { cause, note } = state.step;
    const detail = `${cause.happened}: ${note}, it equals the stored body, which is genuine.`;
    return [findingOf(cause, "proven", detail, bodySides(state, received))];
  });
}

/** Whether a signing string has the timestamp in it. */
function signsTimestamp({ form }: FormState): boolean {
  const signed = (timestamp: string): string => form.before(timestamp) + form.after(timestamp);
  return signed("1") !== signed("2");
}

/** What a handler did, when an HMAC made so equals its value. */
export function handlerFindings(match: Match, received: Uint8Array): readonly Finding[] {
  const { key, time, form, body, reading } = match;
  const path = bodyPath(body);
  const proven = ({ cause, note }: Step, sides?: Sides): Finding => {
    const told = `${cause.inHandler ?? cause.happened}. The HMAC made so is exactly its value: ${note}.`;
    return findingOf(cause, "proven", told, sides);
  };
  const faults = [
    ...form.steps.map((step) => proven(step)),
    ...key.faults.map((step) => proven(step)),
    ...key.steps.map((step) => proven(step)),
    ...(signsTimestamp(form) ? time.steps.map((step) => proven(step)) : []),
    ...path.flatMap((state) => (state.step ? [proven(state.step, bodySides(state, received))] : [])),
  ];
  // A value logged without v1= is no fault where another one is found.
  const written = reading.steps.filter(({ cause }) => faults.length === 0 || cause !== signaturePrefix);
  const correct =
    "The handler computed the right value for what it got, so the fault lies in its comparison or in the time it allows.";
  // What is no lower-case or upper-case hex, or not whole, is a fault of the value itself.
  const isRight = faults.length === 0 && reading.steps.every(({ cause }) => cause.failsComparison);
  return [
    ...(isRight ? [findingOf(handlerCorrect, "proven", correct)] : faults),
    ...written.map((step) => proven(step)),
  ];
}
