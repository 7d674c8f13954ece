import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Capture } from "../../../src/core/model/capture";
import { captureDelivery, isCaptureId } from "../../../src/core/model/captureDelivery";
import { bodyBytes, readDeliveryDetail } from "../../../src/core/model/deliveryDetail";
import { deliveryDocument } from "../../../src/core/request/deliveryDocument";

const capture: Capture = {
  id: "cap_1",
  receivedAt: "2026-04-10T12:00:00.000Z",
  source: "request",
  method: "POST",
  target: "/hooks?tenant=1",
  headers: [
    ["Content-Type", "application/json"],
    ["X-Thing", "one"],
    ["x-thing", "two"],
  ],
  body: Buffer.from('{"event":"test","n":1.0}\r\n'),
  event: "test",
  eventId: "evt_1",
  check: { state: "verified", webhookId: "webhook_1" },
};

describe("a capture as a delivery", () => {
  test("keeps each byte of any body", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (body) => {
        const { payload } = readDeliveryDetail(captureDelivery({ ...capture, body }));
        expect(payload && Buffer.from(bodyBytes(payload))).toEqual(Buffer.from(body));
      }),
    );
  });

  test("keeps a byte-order mark and bytes that are no UTF-8", () => {
    for (const body of [Buffer.from("\uFEFF{}"), Buffer.from([0x7b, 0xff, 0x7d])]) {
      const { payload } = readDeliveryDetail(captureDelivery({ ...capture, body }));
      expect(payload && Buffer.from(bodyBytes(payload))).toEqual(body);
    }
  });

  test("has its headers as they came, its check as status, and tells how it came", () => {
    const delivery = captureDelivery({ ...capture, duplicateOf: "cap_0" });
    expect(delivery).toMatchObject({ id: "cap_1", status: "verified", event: "test", webhookId: "webhook_1" });
    expect(isCaptureId(delivery.id)).toBe(true);
    expect(isCaptureId("evt_1")).toBe(false);
    const detail = readDeliveryDetail(delivery);
    expect(detail.requestHeaders).toEqual(capture.headers);
    expect(detail.captured).toEqual({
      method: "POST",
      target: "/hooks?tenant=1",
      polled: false,
      duplicateOf: "cap_0",
    });
    expect(detail.attempts).toEqual([]);
  });

  test("tells the handler's answer as an attempt, and a handler that was down as an error", () => {
    const at = "2026-04-10T12:00:00.010Z";
    const url = "http://localhost:3000/hooks";
    const answered = captureDelivery({
      ...capture,
      forward: {
        ...{ state: "answered", url, at, status: 500, truncated: false, durationMs: 12.34 },
        headers: [["Content-Type", "text/plain"]],
        body: Buffer.from("boom"),
      },
    });
    expect(answered).toMatchObject({ endpoint: url, httpStatus: 500, attempts: 1 });
    expect(readDeliveryDetail(answered)).toMatchObject({
      attempts: [{ at, httpStatus: 500, durationMs: 12.3, response: { text: "boom" } }],
      response: { text: "boom" },
    });
    expect(deliveryDocument(answered, { part: "answer" }).text).toContain("HTTP 500");
    const message = "Nothing listens at http://localhost:3000.";
    const failed = captureDelivery({ ...capture, forward: { state: "failed", url, at, message, durationMs: 1 } });
    expect(failed).toMatchObject({ error: message });
    expect(readDeliveryDetail(failed).attempts).toMatchObject([{ at, error: message }]);
  });
});
