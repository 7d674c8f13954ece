import { createHmac } from "node:crypto";
import { diagnose, type DoctorRequest } from "../../../src/core/doctor/diagnose";

/** PacSpace signed `body` with it. */
export const secret = "whsec_a71d8c13e270aa1c25ab9713c78543f0";
export const now = 1_775_826_942;
export const sent = String(now - 15);
export const body = Buffer.from(
  '{"event":"test","timestamp":"2026-04-10T13:15:02.000Z","data":{"big":12345678901234567890,"n":1.0}}',
);

/** An HMAC of anything. */
export function mac(signed: string | Uint8Array, key: string | Uint8Array = secret): string {
  return createHmac("sha256", key).update(signed).digest("hex");
}

/** What PacSpace signs of a body. */
export function macOf(bytes: Uint8Array, timestamp = sent): string {
  return mac(Buffer.concat([Buffer.from(`${timestamp}.`), bytes]));
}

/** A request that is genuine but for these changes. */
export function requestWith(changes: Partial<DoctorRequest>): DoctorRequest {
  return {
    headers: [
      ["X-PacSpace-Signature", `v1=${macOf(body)}`],
      ["X-PacSpace-Timestamp", sent],
    ],
    body,
    keys: [{ id: "webhook_a", secret }],
    addressed: "first",
    now,
    toleranceSeconds: 300,
    ...changes,
  };
}

/** The causes by id, those that are only likely with a question mark. */
export async function idsOf(request: DoctorRequest): Promise<readonly string[]> {
  const { causes } = await diagnose(request);
  return causes.map(({ id, certainty }) => (certainty === "proven" ? id : `${id}?`));
}

export const text = body.toString();
