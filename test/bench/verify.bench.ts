import { createHmac, createSecretKey } from "node:crypto";
import { signatureOf } from "../../src/core/signature/sign";
import { verifySignature, type VerificationRequest } from "../../src/core/signature/verify";
import { duel, report } from "./measure";

const secret = "whsec_bench_only";
const body = Buffer.alloc(10 * 1024 * 1024, '{"event":"delta.verified","data":{"delta":-42.5}} ');
const timestamp = "1775826922";
const request: VerificationRequest = {
  headers: [
    ["X-PacSpace-Signature", signatureOf(secret, timestamp, body)],
    ["X-PacSpace-Timestamp", timestamp],
  ],
  body,
  keys: [{ id: "webhook_bench", secret }],
  addressed: "first",
  now: Number(timestamp),
  toleranceSeconds: 300,
};
const key = createSecretKey(secret, "utf8");

async function main(): Promise<void> {
  const [ours, rival] = await duel(
    41,
    () => {
      if (verifySignature(request).verdict !== "valid") throw new Error("the bench's own request must verify");
    },
    () => createHmac("sha256", key).update(`${timestamp}.`).update(body).digest("hex"),
  );
  report("strict check of a 10 MB body", ours, "bare HMAC", rival, 1.1);
}

void main();
