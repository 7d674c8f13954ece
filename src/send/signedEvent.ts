import { randomBytes } from "node:crypto";
import { fillPlaceholders } from "../core/events/sampleText";
import { deliveryHeaders, type HeaderList } from "../core/signature/headers";
import { signatureOf } from "../core/signature/sign";

/** A moment as the timestamp header has it. */
export function unixSeconds(moment: Date): string {
  return String(Math.floor(moment.getTime() / 1_000));
}

/**
 * An event id that no other delivery has.
 * @param kind what it is for: `evt_<kind>_` and 16 hex digits
 */
export function freshEventId(kind: string): string {
  return `evt_${kind}_${randomBytes(8).toString("hex")}`;
}

/** A secret as PacSpace makes them, for a webhook that there isn't. */
export function throwAwaySecret(): string {
  return `whsec_${randomBytes(32).toString("hex")}`;
}

/**
 * A sample's body as it goes out.
 * @param payload the sample's bytes, with placeholders
 * @param now the moment of sending
 */
export function sampleBody(payload: Uint8Array, now: Date): Uint8Array {
  // Read as Latin-1, each byte is a character of its own and comes out as it went in.
  return Buffer.from(fillPlaceholders(Buffer.from(payload).toString("latin1"), { now }), "latin1");
}

/**
 * An event as PacSpace would deliver it: with an id of its own, signed now.
 * @param event its type
 * @param body the bytes to send
 * @param secret the webhook's whole secret
 * @param now the moment of sending
 * @throws PacSpaceError `invalid` for an empty secret
 */
export function signedEvent(
  event: string,
  body: Uint8Array,
  secret: string,
  now: Date,
): { readonly headers: HeaderList; readonly body: Uint8Array } {
  const timestamp = unixSeconds(now);
  const signature = signatureOf(secret, timestamp, body);
  return { headers: deliveryHeaders({ event, eventId: freshEventId("sample"), timestamp, signature }), body };
}
