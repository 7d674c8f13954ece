import { describe, expect, test } from "vitest";
import { readDelivery, type Delivery } from "../../../src/core/model/delivery";
import { deliveryDocument } from "../../../src/core/request/deliveryDocument";

function delivery(rest: string): Delivery {
  const raw = `{"id":"evt_12ab","event":"delta.failed","endpoint":"https://example.com/hook"${rest}}`;
  return readDelivery(JSON.parse(raw), raw);
}

const payload = '{"id" : "rec_34cd","n":1.0,"big":12345678901234567890,"n":2}';
const full = delivery(
  `,"payload":${payload},"requestHeaders":{"X-Event-ID":"evt_12ab"},"httpStatus":500,"durationMs":7,"attempts":2,` +
    '"responseHeaders":{"Date":"Fri, 10 Apr 2026 12:00:00 GMT"},"responseBody":"<p>no</p>",' +
    '"attemptLog":[{"startedAt":"2026-04-10T12:00:00Z","error":"evt_12ab timed out","durationMs":9000},' +
    '{"startedAt":"2026-04-10T12:00:30Z","httpStatus":500,"responseBody":"{\\"a\\":[1]}"}]',
);

describe("as it came", () => {
  test("bodies and the row keep each character", () => {
    expect(deliveryDocument(full, { part: "payload" })).toEqual({ text: payload, extension: "json" });
    expect(deliveryDocument(full, { part: "response" })).toEqual({ text: "<p>no</p>", extension: "txt" });
    expect(deliveryDocument(full, { part: "raw" })).toEqual({ text: full.raw, extension: "json" });
  });

  test("request and answer have their headers", () => {
    expect(deliveryDocument(full, { part: "request" })).toEqual({
      text: `POST https://example.com/hook HTTP/1.1\nX-Event-ID: evt_12ab\n\n${payload}`,
      extension: "http",
    });
    expect(deliveryDocument(full, { part: "answer" }).text).toBe(
      "# began 2026-04-10T12:00:30Z\n# took 7 ms\nHTTP 500\nDate: Fri, 10 Apr 2026 12:00:00 GMT\n\n<p>no</p>",
    );
  });

  test("so have attempts, one without an answer too", () => {
    expect(deliveryDocument(full, { part: "answer", attempt: 1 }).text).toBe(
      "# began 2026-04-10T12:00:00Z\n# took 9000 ms\n# evt_12ab timed out\nNo answer is known\n",
    );
    expect(deliveryDocument(full, { part: "response", attempt: 2 })).toEqual({ text: '{"a":[1]}', extension: "json" });
  });
});

describe("for comparing", () => {
  test("JSON is laid out, ids and times are hidden when asked for", () => {
    const laid = '{\n  "id": "rec_34cd",\n  "n": 1.0,\n  "big": 12345678901234567890,\n  "n": 2\n}';
    expect(deliveryDocument(full, { part: "payload", form: "laidOut" }).text).toBe(laid);
    const hidden = laid.replace("rec_34cd", "<rec id>");
    expect(deliveryDocument(full, { part: "payload", form: "placeholders" }).text).toBe(hidden);
    expect(deliveryDocument(full, { part: "request", form: "placeholders" }).text).toBe(
      `POST https://example.com/hook HTTP/1.1\nX-Event-ID: <evt id>\n\n${hidden}`,
    );
    expect(deliveryDocument(full, { part: "answer", attempt: 1, form: "placeholders" }).text).toBe(
      "# began <time>\n# took <duration>\n# <evt id> timed out\nNo answer is known\n",
    );
  });
});

describe("what the API doesn't tell is said in words", () => {
  const bare = delivery("");
  test.each([
    ["payload", "gives no payload for evt_12ab"],
    ["request", "gives no request for evt_12ab"],
    ["response", "gives no body of an answer"],
    ["answer", "gives no answer"],
  ] as const)("%s", (part, words) => {
    expect(() => deliveryDocument(bare, { part })).toThrow(words);
  });

  test("attempts", () => {
    expect(() => deliveryDocument(full, { part: "answer", attempt: 3 })).toThrow("describes 2 of its attempts");
    expect(() => deliveryDocument(bare, { part: "answer", attempt: 1 })).toThrow("describes none of its attempts");
    const last = delivery(',"attempts":3,"httpStatus":502');
    expect(() => deliveryDocument(last, { part: "answer", attempt: 3 })).toThrow("describes none of its attempts");
    expect(deliveryDocument(last, { part: "answer" }).text).toBe("HTTP 502\n");
  });
});
