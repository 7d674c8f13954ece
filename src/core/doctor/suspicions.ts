import type { Finding } from "../model/diagnosis";
import type { VerificationRequest } from "../signature/verify";
import { allCauses, causeOf } from "./causes";
import { findingOf } from "./findings";
import type { Pace } from "./pace";

/**
 * What a request shows by itself when no HMAC matched: proven where a length says it, else likely.
 */
export async function suspicions(request: VerificationRequest, pace: Pace): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const cause of allCauses) {
    const suspicion = await cause.suspect?.(request, pace);
    if (suspicion) findings.push(findingOf(cause, suspicion.certainty, suspicion.detail));
  }
  return findings;
}

const otherHashes: ReadonlyMap<number, string> = new Map([
  [32, "MD5"],
  [40, "SHA-1"],
  [56, "SHA-224"],
  [96, "SHA-384"],
  [128, "SHA-512"],
]);

/**
 * The one fact that would decide about a handler, when nothing explains its value.
 * @param computed the value, which may tell its hash by its length
 */
export function nextHandlerFact(computed: string): string {
  const digits = computed.trim().replace(/^[\w-]{1,24}=/, "");
  const hash = /^[0-9a-fA-F]+$/.test(digits) ? otherHashes.get(digits.length) : undefined;
  return hash === undefined
    ? "The bytes that the handler passes to its HMAC: their count and SHA-256, logged just before."
    : `Which hash the handler uses: ${digits.length} hex digits are what ${hash} gives, and PacSpace signs with HMAC-SHA256.`;
}

/** What of a request decides which fact is asked for. */
export interface OpenQuestion {
  readonly signature: "missing" | "unreadable" | "read";
  /** Whether the handler's value is the very signature that arrived. */
  readonly computedEqualsReceived: boolean;
  /** Whether the request names its delivery, so that the stored one can be found. */
  readonly hasEventId: boolean;
  /** Whether the stored body was at hand, and did not verify. */
  readonly storedChecked: boolean;
}

/**
 * The one fact that would decide, when nothing is proven.
 * @param findings what is likely
 */
export function nextFact(
  request: VerificationRequest,
  findings: readonly Finding[],
  { signature, computedEqualsReceived, hasEventId, storedChecked }: OpenQuestion,
): string {
  if (signature === "missing") {
    return "A request with PacSpace's signature header: look at what the proxy in front receives.";
  }
  if (signature === "unreadable") {
    return "The whole signature, v1= and 64 hex digits: what stands in the header is masked or no digest.";
  }
  if (request.keys.length === 0) return "The webhook's secret: there is none to check with.";
  if (computedEqualsReceived) {
    return (
      "Where the handler's value comes from, for it equals the signature that arrived: either the handler's bytes and " +
      "secret are right and the secret here is another one, or it logged the header itself."
    );
  }
  for (const { id } of findings) {
    const decidedBy = causeOf(id)?.decidedBy;
    if (decidedBy !== undefined) return decidedBy;
  }
  if (storedChecked) {
    return "The secret that was current when this was sent: neither the received nor the stored body fits those at hand.";
  }
  return hasEventId
    ? "The stored delivery of this X-Event-ID: its body tells whether the secret is wrong or the body was changed."
    : "The request's X-Event-ID header, which is not here: the body of the delivery that it names tells whether the " +
        "secret is wrong or the body was changed.";
}
