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

/**
 * The one fact that would decide, when nothing is proven.
 * @param storedChecked whether the stored body was at hand, and verified or not
 */
export function nextFact(
  request: VerificationRequest,
  findings: readonly Finding[],
  storedChecked: boolean,
  hasSignature: boolean,
): string {
  if (!hasSignature) return "A request with PacSpace's signature header: look at what the proxy in front receives.";
  if (request.keys.length === 0) return "The webhook's secret: there is none to check with.";
  for (const { id } of findings) {
    const decidedBy = causeOf(id)?.decidedBy;
    if (decidedBy !== undefined) return decidedBy;
  }
  if (!storedChecked) {
    return "The stored delivery of this X-Event-ID: its body tells whether the secret is wrong or the body was changed.";
  }
  return "The secret that was current when this was sent: neither the received nor the stored body fits those at hand.";
}
