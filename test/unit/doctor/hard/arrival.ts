import { createHmac } from "node:crypto";
import type { DoctorRequest } from "../../../../src/core/doctor/diagnose";

export const secret = "whsec_a71d8c13e270aa1c25ab9713c78543f0";
export const earlier = "whsec_0f0e0d0c0b0a09080706050403020100";
export const foreign = "whsec_ffeeddccbbaa99887766554433221100";
export const now = 1_775_826_942;
export const sent = String(now - 20);
export const eventId = "evt_85de38b85594ea723264";

export const text =
  '{"event":"delta.verified","timestamp":"2026-04-10T13:15:02.000Z","data":{"recordId":"rec_68fe88d26e","customerId":"cust_9","note":"Zażółć ünïcode – “€” a/b <b>R&D</b> it\'s","delta":-42.50,"count":1.0,"tags":[],"meta":{}}}';
/** Nothing but ASCII, and the numbers that any printer keeps. */
export const plainText =
  '{"event":"test","timestamp":"2026-04-10T13:15:02.000Z","data":{"message":"hello from PacSpace","n":7}}';

/** An HMAC in the way of the contract, or not. */
export function hmac(content: string | Uint8Array, key: string | Uint8Array = secret): string {
  return createHmac("sha256", key).update(content).digest("hex");
}

export function signed(body: string | Uint8Array, key: string | Uint8Array = secret, at = sent): string {
  return hmac(Buffer.concat([Buffer.from(`${at}.`), Buffer.from(body)]), key);
}

/** What arrived; all else is as PacSpace sends it. */
export interface Arrival {
  /** What PacSpace signed. */
  readonly original?: string | Uint8Array;
  readonly received?: string | Uint8Array;
  readonly signature?: string;
  readonly timestamp?: string;
  readonly headers?: DoctorRequest["headers"];
  readonly more?: DoctorRequest["headers"];
  readonly keys?: DoctorRequest["keys"];
  readonly computed?: string;
}

export type HardCase = readonly [name: string, arrival: Arrival, causes: readonly string[]];

/** The right signature of `text`. */
export const right = signed(text);
/** All as sent, but for the secret at hand. */
export const key = (changed: string): Arrival => ({ keys: [{ id: "webhook_a", secret: changed }] });
export const digest = Buffer.from(right, "hex");

export const iso = new Date(Number(sent) * 1000);
export const rotated: DoctorRequest["keys"] = [
  { id: "webhook_a", secret },
  { id: "webhook_a", secret: earlier, previous: true },
  { id: "webhook_b", secret: foreign },
];
export const base64Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
