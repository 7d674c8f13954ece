import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { readDelivery } from "../../../src/core/model/delivery";
import { readDeliveryDetail } from "../../../src/core/model/deliveryDetail";
import { copyableText, presentDelivery, textOf, wholeText } from "../../../src/host/panel/presentDelivery";
import { deliveryViewSchema, type DeliveryView } from "../../../src/protocol/deliveryView";

function viewOf(raw: string, label?: string): DeliveryView {
  const delivery = readDelivery(JSON.parse(raw), raw);
  const view = presentDelivery(delivery, readDeliveryDetail(delivery), label);
  expect(v.safeParse(deliveryViewSchema, structuredClone(view)).issues).toBeUndefined();
  return view;
}

describe("what the panel gets of a delivery", () => {
  test("no more than is known", () => {
    expect(viewOf("{}")).toEqual({
      id: "",
      status: "unknown",
      requestHeaders: [],
      responseHeaders: [],
      attempts: [],
      attemptsTold: "none",
      raw: { text: "{}", bytes: 2, cut: false },
    });
  });

  test("PacSpace's own headers are explained, whatever their case, and a timestamp is a time", () => {
    const { requestHeaders } = viewOf(
      '{"requestHeaders":{"x-pacspace-timestamp":"1775822400","X-Event-ID":"evt_1","Host":"example.com"}}',
    );
    expect(requestHeaders.map(({ name, time }) => [name, time])).toEqual([
      ["x-pacspace-timestamp", "2026-04-10T12:00:00.000Z"],
      ["X-Event-ID", undefined],
      ["Host", undefined],
    ]);
    expect(requestHeaders.map(({ note }) => note !== undefined)).toEqual([true, true, false]);
  });

  test("a timestamp beyond all calendars is no time", () => {
    const { requestHeaders } = viewOf('{"requestHeaders":{"X-PacSpace-Timestamp":"9999999999999999"}}');
    expect(requestHeaders[0]).not.toHaveProperty("time");
  });

  test("a wait is told between attempts whose times are known", () => {
    const { attempts, attemptCount, httpStatus } = viewOf(
      JSON.stringify({
        attempts: [
          { at: "2026-04-10T12:00:00Z", status: 500 },
          { at: "2026-04-10T12:00:30Z", status: 200 },
        ],
      }),
    );
    expect(attempts.map(({ waitMs }) => waitMs)).toEqual([undefined, 30_000]);
    expect([attemptCount, httpStatus]).toEqual([2, 200]);
  });

  test("where the API gives the last answer alone, that is the one attempt", () => {
    const { attempts, attemptsTold } = viewOf('{"attempts":3,"httpStatus":502,"responseBody":"bad"}');
    expect(attemptsTold).toBe("last");
    expect(attempts).toEqual([
      { number: 3, outcome: "refused", httpStatus: 502, response: { text: "bad", bytes: 3, cut: false } },
    ]);
  });

  test("of a long text comes the beginning, no character cut in two, and its whole length", () => {
    const text = `"${"x".repeat(199_998)}😀 and more"`;
    const { payload } = viewOf(`{"payload":${text}}`);
    expect(payload).toMatchObject({ text: "x".repeat(199_998) + "😀", cut: true, bytes: 200_011 });
    const { payload: other } = viewOf(`{"payload":"${"x".repeat(199_999)}😀"}`);
    expect(other).toMatchObject({ text: "x".repeat(199_999), cut: true });
  });

  test("of bytes that are no text comes how many they are, and none is copied as a text", () => {
    const bytes = Buffer.from([0x7b, 0xff, 0x22]);
    const base64 = bytes.toString("base64");
    const raw = JSON.stringify({ bodyBase64: base64, attempts: [{ responseBodyBase64: base64 }] });
    const view = viewOf(raw);
    const shown = { text: '{\ufffd"', bytes: 3, notText: true, cut: false };
    expect([view.payload, view.response, view.attempts[0]?.response]).toEqual([shown, shown, shown]);
    const delivery = readDelivery(JSON.parse(raw), raw);
    const detail = readDeliveryDetail(delivery);
    for (const of of ["payload", "response", { attempt: 0 }] as const) {
      const text = textOf(delivery, detail, of);
      expect(wholeText(text)).toEqual(shown);
      expect(() => copyableText(text)).toThrow("no UTF-8");
    }
    expect(copyableText(textOf(delivery, detail, "raw"))).toBe(raw);
  });

  test("a text that came as base64 is a text", () => {
    const raw = JSON.stringify({ bodyBase64: Buffer.from("\ufeff\ufffdé").toString("base64") });
    expect(viewOf(raw).payload).toEqual({ text: "\ufeff\ufffdé", bytes: 8, cut: false });
  });
});
