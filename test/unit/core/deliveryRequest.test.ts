import { describe, expect, test } from "vitest";
import type { Capture } from "../../../src/core/model/capture";
import { readDelivery } from "../../../src/core/model/delivery";
import { readDeliveryDetail } from "../../../src/core/model/deliveryDetail";
import { captureRequest, deliveryRequest, type Signing } from "../../../src/core/signature/deliveryRequest";
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
      ["x-pacspace-signature", "v1=<signature>"],
      ["X-PACSPACE-TIMESTAMP", "<Unix seconds>"],
      ["X-Trace", "t"],
    ]);
    expect(JSON.stringify(requestOf(rest, { secret: "whsec_a", now }))).not.toContain("whsec_a");
  });

  test("as it was, all its headers stay, the old signature among them", () => {
    const rest = `,"payload":"{}","requestHeaders":{"X-PacSpace-Signature":"v1=old","X-PacSpace-Timestamp":"1"}`;
    expect(requestOf(rest, "asItWas").headers).toEqual([
      ["X-PacSpace-Signature", "v1=old"],
      ["X-PacSpace-Timestamp", "1"],
    ]);
    expect(() => requestOf(`,"payload":"{}"`, "asItWas")).toThrow("its old signature isn't known. Sign it anew.");
  });

  test("without a payload there is nothing to send", () => {
    expect(() => requestOf("", "placeholder")).toThrow("gives no payload for evt_1");
  });
});

describe("a capture as a request to send again", () => {
  const capture: Capture = {
    id: "cap_1",
    receivedAt: "2026-01-01T00:00:00.000Z",
    source: "request",
    method: "POST",
    target: "/hook",
    headers: [
      ["x-event-id", "evt_1"],
      ["X-PACSPACE-SIGNATURE", "v1=a"],
      ["X-Trace", "t"],
      ["x-pacspace-signature", "v1=b"],
    ],
    body: Uint8Array.of(0xff, 0x00),
    check: { state: "unchecked" },
  };

  test("as it was, it is the same, byte for byte", () => {
    expect(captureRequest(capture, url, "asItWas")).toEqual({ url, headers: capture.headers, body: capture.body });
  });

  test("signed anew, the signature stands where the first one stood, and there is one", () => {
    const { headers, body } = captureRequest(capture, url, { secret: "whsec_a", now });
    expect(headers.map(([name]) => name)).toEqual([
      "x-event-id",
      "X-PACSPACE-SIGNATURE",
      "X-Trace",
      "X-PacSpace-Timestamp",
    ]);
    const keys = [{ id: "wh_1", secret: "whsec_a" }];
    expect(verifySignature({ headers, body, keys, addressed: "first", now, toleranceSeconds: 1 }).verdict).toBe(
      "valid",
    );
  });
});
