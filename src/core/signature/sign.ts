import { createHash, createHmac, createSecretKey, timingSafeEqual, type KeyObject } from "node:crypto";
import { invalidInput } from "../errors";

/**
 * Makes a webhook's secret ready for use: the whole string as UTF-8, its prefix included (signature verification page).
 * A KeyObject is made once because a Buffer key costs four times as much per call.
 * @throws PacSpaceError `invalid` for an empty secret
 */
export function signingKey(secret: string): KeyObject {
  if (secret === "")
    throw invalidInput("The secret is empty. It begins with whsec_ and was shown when the webhook was created.");
  return createSecretKey(secret, "utf8");
}

/**
 * The HMAC-SHA256 of `{timestamp}.{raw body}`.
 * @param timestamp the header's text, as sent
 * @param body the bytes, as sent
 * @returns 64 lower-case hex digits
 */
export function hmacHex(key: KeyObject, timestamp: string, body: Uint8Array): string {
  return createHmac("sha256", key).update(`${timestamp}.`).update(body).digest("hex");
}

/** How much of a body is hashed at a time by those who must not block their thread; it takes about a millisecond. */
const sliceBytes = 256 * 1024;

/**
 * The HMAC-SHA256 of `{timestamp}.{raw body}` in steps of at most 256 KB.
 * @param timestamp the header's text, as sent
 * @param body the bytes, as sent
 * @returns 64 lower-case hex digits
 */
export function* hmacHexStepwise(key: KeyObject, timestamp: string, body: Uint8Array): Generator<undefined, string> {
  if (body.length <= sliceBytes) return hmacHex(key, timestamp, body);
  const hmac = createHmac("sha256", key).update(`${timestamp}.`);
  for (let at = 0; at < body.length; at += sliceBytes) {
    if (at > 0) yield;
    hmac.update(body.subarray(at, at + sliceBytes));
  }
  return hmac.digest("hex");
}

/**
 * The value of the signature header for a body.
 * @param secret the webhook's secret
 * @param timestamp Unix seconds as text, as it goes into the timestamp header
 */
export function signatureOf(secret: string, timestamp: string, body: Uint8Array): string {
  return `v1=${hmacHex(signingKey(secret), timestamp, body)}`;
}

/** Equality of two texts in a time that depends on their lengths only; lengths are compared first. */
export function equalInConstantTime(left: string, right: string): boolean {
  const [leftBytes, rightBytes] = [Buffer.from(left), Buffer.from(right)];
  return leftBytes.length === rightBytes.length && timingSafeEqual(leftBytes, rightBytes);
}

/** A name for a secret that tells nothing of it: the first 8 hex digits of its SHA-256; a text counts as UTF-8. */
export function fingerprint(secret: string | Uint8Array): string {
  return createHash("sha256").update(secret).digest("hex").slice(0, 8);
}
