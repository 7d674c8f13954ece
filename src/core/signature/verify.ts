import type { KeyObject } from "node:crypto";
import type { Cause, Verdict } from "../model/verdict";
import { headerValue, signatureHeader, timestampHeader, type HeaderList } from "./headers";
import { equalInConstantTime, hmacHexStepwise, signingKey } from "./sign";
import { spokenDuration, timestampSeconds } from "./timestamp";
import { counted } from "../model/counted";

export interface VerificationKey {
  /** The webhook's id. */
  readonly id: string;
  readonly secret: string;
  /** A key from before a rotation. */
  readonly previous?: boolean;
}

export interface VerificationRequest {
  readonly headers: HeaderList;
  /** The raw bytes, as received. */
  readonly body: Uint8Array;
  readonly keys: readonly VerificationKey[];
  /**
   * Whose endpoint was called. `first`: the first key's webhook, so that a match by another one's is a fault.
   * `any`: not known, every current key is as good as the other.
   */
  readonly addressed: "first" | "any";
  /** Unix seconds. */
  readonly now: number;
  readonly toleranceSeconds: number;
}

/**
 * Splits the signature header: during a rotation it holds several values (SDK 0.4.0).
 * @returns the values behind `v1=`, in order; parts of other schemes are left out
 */
export function signatureValues(header: string): readonly string[] {
  const values: string[] = [];
  for (const part of header.split(",")) {
    const value = part.trim();
    if (value.startsWith("v1=")) values.push(value.slice("v1=".length));
  }
  return values;
}

function proven(id: string, detail: string): Cause {
  return { id, certainty: "proven", detail };
}

function missingHeaders(signature: string, timestamp: string): readonly Cause[] {
  const causes: Cause[] = [];
  if (signature === "") {
    causes.push(proven("signature.missing", `There is no ${signatureHeader} header, or it is empty.`));
  }
  if (timestamp === "") {
    causes.push(proven("timestamp.missing", `There is no ${timestampHeader} header, or it is empty.`));
  }
  return causes;
}

/**
 * What an authentic request's age says against it.
 * @param age seconds since it was signed; negative when that lies ahead of the clock
 * @param tolerance seconds
 */
export function ageCauses(age: number, tolerance: number): readonly Cause[] {
  if (Math.abs(age) <= tolerance) return [];
  const allowed = counted(tolerance, "second");
  return age > 0
    ? [proven("timestamp.stale", `It was signed ${spokenDuration(age)} ago; the tolerance is ${allowed}.`)]
    : [
        proven(
          "timestamp.future",
          `It was signed ${spokenDuration(age)} ahead of this clock; the tolerance is ${allowed}.`,
        ),
      ];
}

/** The id of the webhook that a request was addressed to; undefined when every key is as good as the other. */
export function addressedWebhook(request: Pick<VerificationRequest, "addressed" | "keys">): string | undefined {
  return request.addressed === "first" ? request.keys[0]?.id : undefined;
}

/** The fault of a match by a key that should not have matched; none when it is the right one. */
export function keyCauses(key: VerificationKey, addressed: string | undefined): readonly Cause[] {
  if (addressed !== undefined && key.id !== addressed) {
    return [proven("secret.otherWebhook", `It was signed for another webhook: the secret of ${key.id} matches.`)];
  }
  if (key.previous) {
    return [proven("secret.previous", `It was signed with an earlier secret of ${key.id}, from before a rotation.`)];
  }
  return [];
}

/** The keys that are right to match first. */
function rankedKeys(keys: readonly VerificationKey[], addressed: string | undefined): readonly VerificationKey[] {
  const isRight = (key: VerificationKey): boolean => keyCauses(key, addressed).length === 0;
  // As they mostly are; sorting costs more than all the rest of a small body's check.
  if (keys.every(isRight)) return keys;
  return [...keys.filter(isRight), ...keys.filter((key) => !isRight(key))];
}

/** Made once for each key: who checks many requests hands in the same keys. */
const readyKeys = new WeakMap<VerificationKey, KeyObject>();

function readyKey(key: VerificationKey): KeyObject {
  const ready = readyKeys.get(key) ?? signingKey(key.secret);
  readyKeys.set(key, ready);
  return ready;
}

/**
 * The strict check in steps of about a millisecond, for those who must not block their thread.
 * @returns the verdict, as `verifySignature`
 * @throws PacSpaceError `invalid` for an empty secret
 */
export function* verifyStepwise(request: VerificationRequest): Generator<undefined, Verdict> {
  const signature = headerValue(request.headers, signatureHeader)?.trim() ?? "";
  const timestamp = headerValue(request.headers, timestampHeader) ?? "";
  const missing = missingHeaders(signature, timestamp.trim());
  if (missing.length > 0) return { verdict: "malformed", causes: missing, tried: 0 };
  const seconds = timestampSeconds(timestamp);
  if (seconds === undefined) {
    const cause = proven("timestamp.format", `The ${timestampHeader} header is no decimal integer of Unix seconds.`);
    return { verdict: "malformed", causes: [cause], tried: 0 };
  }

  const addressed = addressedWebhook(request);
  const values = signatureValues(signature);
  const ranked = rankedKeys(request.keys, addressed);
  let tried = 0;
  for (const key of ranked) {
    if (tried++ > 0) yield;
    const expected = yield* hmacHexStepwise(readyKey(key), timestamp, request.body);
    const place = values.findIndex((value) => equalInConstantTime(value, expected));
    if (place < 0) continue;
    const wrongKey = keyCauses(key, addressed);
    const age = ageCauses(request.now - seconds, request.toleranceSeconds);
    const several: readonly Cause[] =
      place === 0
        ? []
        : [
            proven(
              "signature.multiple",
              `The header holds ${values.length} values, as after a rotation; number ${place + 1} matches.`,
            ),
          ];
    return {
      verdict: wrongKey.length > 0 ? "invalid" : age.length > 0 ? "expired" : "valid",
      matchedWebhookId: key.id,
      causes: [...wrongKey, ...age, ...several],
      tried,
    };
  }
  return { verdict: "invalid", causes: [], tried };
}

/**
 * Checks a request strictly by the contract: the MAC first, then the tolerance. `expired` means authentic but outside
 * the tolerance. Comparison takes constant time; any one `v1=` value may match.
 * Source: signature verification page; several values and milliseconds: SDK.
 * @returns the verdict, with the causes that this check itself proves; why a MAC doesn't match is the doctor's question
 * @throws PacSpaceError `invalid` for an empty secret
 */
export function verifySignature(request: VerificationRequest): Verdict {
  const steps = verifyStepwise(request);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
