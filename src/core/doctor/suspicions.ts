import type { Finding } from "../model/diagnosis";
import { empty, truncated } from "./bodyLoss";
import { charset } from "./bodyCharset";
import { findingOf } from "./findings";
import { toldLength } from "./headerSources";
import { printStyles, reprint, valueSpan } from "./json/reprint";
import type { Pace } from "./pace";
import { mistakenSecret, notASecret } from "./secretCauses";
import type { VerificationRequest } from "../signature/verify";
import { counted } from "../model/counted";

/** A JSON text that ends before its last bracket. */
async function isCutJson(body: Uint8Array, pace: Pace): Promise<boolean> {
  const first = body[valueSpan(body).start];
  const [style] = printStyles;
  return (first === 0x7b || first === 0x5b) && style !== undefined && (await reprint(body, style, pace)) === undefined;
}

async function lengthFindings(request: VerificationRequest, pace: Pace): Promise<readonly Finding[]> {
  const { headers, body } = request;
  const told = toldLength(headers);
  if (body.length === 0) {
    const byLength = told !== undefined && told > 0;
    const detail = byLength
      ? `The body is empty, but Content-Length says ${counted(told, "byte")}: something read it before.`
      : "The body is empty: PacSpace's deliveries never are.";
    return [findingOf(empty, byLength ? "proven" : "likely", detail)];
  }
  if (!(await isCutJson(body, pace))) return [];
  return told !== undefined && told > body.length
    ? [
        findingOf(
          truncated,
          "proven",
          `The body was cut short: ${body.length} of the ${told} bytes that Content-Length tells are here.`,
        ),
      ]
    : [findingOf(truncated, "likely", "The body's JSON ends in the middle, as if it was cut short.")];
}

/**
 * What a request shows by itself when no HMAC matched: proven where a length says it, else likely.
 */
export async function suspicions(request: VerificationRequest, pace: Pace): Promise<readonly Finding[]> {
  const findings = [...(await lengthFindings(request, pace))];
  if (Buffer.from(request.body).includes("\ufffd")) {
    const detail = "The body holds � (U+FFFD): characters were lost when it was read in another character set.";
    findings.push(findingOf(charset, "likely", detail));
  }
  const mistaken = request.keys.map(({ secret }) => mistakenSecret(secret));
  const first = mistaken.find((name) => name !== undefined);
  if (first !== undefined && (mistaken[0] !== undefined || mistaken.every((name) => name !== undefined))) {
    findings.push(findingOf(notASecret, "likely", `What was given as the secret looks like ${first}.`));
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
  if (findings.some(({ id }) => id === notASecret.id)) {
    return "The webhook's own secret. It begins with whsec_ and was shown when the webhook was created.";
  }
  if (!storedChecked) {
    return "The stored delivery of this X-Event-ID: its body tells whether the secret is wrong or the body was changed.";
  }
  return "The secret that was current when this was sent: neither the received nor the stored body fits those at hand.";
}
