import { createHmac } from "node:crypto";

/**
 * The HMAC of `{timestamp}.{raw body}` with the whole secret, as lower-case hex (signature verification page). It is
 * Local PacSpace's own: a mistake in the extension's signer must not be made here too.
 */
export function signed(secret: string, timestamp: string, body: string): string {
  const content = Buffer.concat([Buffer.from(`${timestamp}.`, "utf8"), Buffer.from(body, "utf8")]);
  return createHmac("sha256", Buffer.from(secret, "utf8")).update(content).digest("hex");
}
