import { describe, expect, test } from "vitest";
import { readDelivery } from "../../../src/core/model/delivery";
import { readDeliveryDetail } from "../../../src/core/model/deliveryDetail";
import { deliveryRequest, type Signing } from "../../../src/core/signature/deliveryRequest";
import { verifySignature } from "../../../src/core/signature/verify";
import type { WrittenRequest } from "../../../src/core/request/writtenRequest";

const url = "http://127.0.0.1:3000/hook";
const now = 1_775_822_400.9;
const payload = '{"n":1.0,  "big":12345678901234567890}';

function requestOf(rest: string, signing: Signing): WrittenRequest {
  const raw = `{"id":"evt_1","event":"delta.failed","webhookId":"wh_1"${rest}}`;
  const delivery = readDelivery(JSON.parse(raw), raw);
  return deliveryRequest(delivery, readDeliveryDetail(delivery), url, signing);
}

describe("a delivery as a request to send again", () => {
  test("signed now, it is valid, and its body is the row's own text", () => {
    const { headers, body } = requestOf(`,"payload":${payload}`, { secret: "whsec_a", now });
    expect(Buffer.from(body).toString()).toBe(payload);
    const keys = [{ id: "wh_1", secret: "whsec_a" }];
    const { verdict } = verifySignature({ headers, body, keys, addressed: "first", now, toleranceSeconds: 1 });
    expect(verdict).toBe("valid");
    expect(headers.map(([name]) => name)).toEqual([
      "Content-Type",
      "X-Webhook-Event",
      "X-Event-ID",
      "X-PacSpace-Timestamp",
      "X-PacSpace-Signature",
    ]);
  });

  test("its known headers stay, but for the old signature, whatever its case", () => {
    const known = { "x-pacspace-signature": ["v1=a", "v1=b"], "X-PACSPACE-TIMESTAMP": "1", "X-Trace": "t" };
    const rest = `,"payload":{},"requestHeaders":${JSON.stringify(known)}`;
    expect(requestOf(rest, "placeholder").headers).toEqual([
      ["X-Trace", "t"],
      ["X-PacSpace-Timestamp", "<Unix seconds>"],
      ["X-PacSpace-Signature", "v1=<signature>"],
    ]);
    expect(JSON.stringify(requestOf(rest, { secret: "whsec_a", now }))).not.toContain("whsec_a");
  });

  test("without a payload there is nothing to send", () => {
    expect(() => requestOf("", "placeholder")).toThrow("gives no payload for evt_1");
  });
});
