import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readDelivery } from "../../../src/core/model/delivery";
import { readDeliveryDetail, type DeliveryDetail } from "../../../src/core/model/deliveryDetail";

function detailOf(raw: string): DeliveryDetail {
  return readDeliveryDetail(readDelivery({}, raw));
}

describe("the payload", () => {
  test.each(["payload", "body", "requestBody"])("an object under %s keeps its own text", (name) => {
    const text = '{"big":12345678901234567890, "a":1.0,"a":1e3,"s":"\\u00e9\\/"}';
    expect(detailOf(`{"id":"evt_1","${name}": ${text} }`).payload).toEqual({ text, form: "value" });
  });

  test("a string is the body character for character", () => {
    const body = '{\r\n  "n": 1.0,\t"s": "\\u00e9 é \\\\"\n}\n';
    expect(detailOf(JSON.stringify({ payload: body })).payload).toEqual({ text: body, form: "string" });
  });

  test("an empty string is an empty body, and null is none", () => {
    expect(detailOf('{"payload":""}').payload).toEqual({ text: "", form: "string" });
    expect(detailOf('{"payload":null}').payload).toBeUndefined();
    expect(detailOf('{"payload":null,"body":"b"}').payload?.text).toBe("b");
  });

  test("it may lie inside a request", () => {
    const detail = detailOf('{"request":{"headers":{"A":"1"},"body":{"x":1}}}');
    expect(detail.payload?.text).toBe('{"x":1}');
    expect(detail.requestHeaders).toEqual([["A", "1"]]);
  });
});

describe("headers", () => {
  const expected = [
    ["X-Event-ID", "evt_1"],
    ["Set-Cookie", "a=1"],
    ["Set-Cookie", "b=2"],
  ];

  test.each([
    ["an object", '{"X-Event-ID":"evt_1","Set-Cookie":["a=1","b=2"]}'],
    ["an object with a name twice", '{"X-Event-ID":"evt_1","Set-Cookie":"a=1","Set-Cookie":"b=2"}'],
    ["pairs", '[["X-Event-ID","evt_1"],["Set-Cookie","a=1"],["Set-Cookie","b=2"]]'],
    ["names and values", '[{"name":"X-Event-ID","value":"evt_1"},{"key":"Set-Cookie","values":["a=1","b=2"]}]'],
    ["Node's flat list", '["X-Event-ID","evt_1","Set-Cookie","a=1","Set-Cookie","b=2"]'],
  ])("%s", (_name, text) => {
    expect(detailOf(`{"requestHeaders":${text}}`).requestHeaders).toEqual(expected);
    expect(detailOf(`{"responseHeaders":${text}}`).responseHeaders).toEqual(expected);
  });

  test("numbers keep their text, and what is no value is left out", () => {
    expect(
      detailOf('{"headers":{"Length":12345678901234567890,"Bad":{"a":1},"None":null,"Yes":true}}').requestHeaders,
    ).toEqual([
      ["Length", "12345678901234567890"],
      ["Yes", "true"],
    ]);
  });
});

describe("the answer", () => {
  test.each<[string, string, string]>([
    ["responseBody", '{"responseBody":"<b>no</b>"}', "<b>no</b>"],
    ["response as text", '{"response":"ok"}', "ok"],
    ["response as a JSON answer", '{"response":{"received":true}}', '{"received":true}'],
    ["response with a body", '{"response":{"status":500,"headers":{"A":"1"},"body":"oops"}}', "oops"],
    ["the last attempt's", '{"attempts":[{"responseBody":"first"},{"responseBody":"second"}]}', "second"],
  ])("%s", (_name, raw, text) => {
    expect(detailOf(raw).response?.text).toBe(text);
  });

  test("its headers may lie inside it", () => {
    expect(detailOf('{"response":{"headers":{"A":"1"},"durationMs":7}}')).toMatchObject({
      responseHeaders: [["A", "1"]],
      durationMs: 7,
    });
  });
});

describe("attempts", () => {
  test.each(["attemptLog", "attempts", "attemptHistory"])("%s: oldest first, each with what is known", (name) => {
    const { attempts, durationMs } = detailOf(
      JSON.stringify({
        [name]: [
          { at: "2026-04-10T12:00:10Z", httpStatus: 200, durationMs: 41, responseBody: "ok" },
          { timestamp: 1775822400, statusCode: 503, duration: 1200, error: "Service Unavailable" },
        ],
      }),
    );
    expect(attempts).toEqual([
      { at: "2026-04-10T12:00:00.000Z", httpStatus: 503, durationMs: 1200, error: "Service Unavailable" },
      { at: "2026-04-10T12:00:10Z", httpStatus: 200, durationMs: 41, response: { text: "ok", form: "string" } },
    ]);
    expect(durationMs).toBe(41);
  });

  test("a number of attempts is no log", () => {
    expect(detailOf('{"attempts":3}').attempts).toEqual([]);
    expect(detailOf('{"attempts":2,"attemptHistory":[{"status":500},7]}').attempts).toEqual([{ httpStatus: 500 }, {}]);
  });

  test("a nested answer tells the status", () => {
    expect(detailOf('{"attempts":[{"response":{"status":502,"body":"bad"}}]}').attempts).toEqual([
      { httpStatus: 502, response: { text: "bad", form: "string" } },
    ]);
  });
});

describe("whatever comes", () => {
  const names = [
    "payload", "body", "requestBody", "request", "requestHeaders", "headers", "responseHeaders", "response",
    "responseBody", "duration", "durationMs", "attempts", "attemptLog", "attemptHistory", "status", "at", "name", "value",
  ]; // prettier-ignore
  const node = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.oneof(fc.string(), fc.double(), fc.integer(), fc.boolean(), fc.constant(null)),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(fc.constantFrom(...names), tie("value"), { maxKeys: 6 }),
    ),
  })).value;

  test("nothing throws, and all that is found is of its type", () => {
    fc.assert(
      fc.property(node, (value) => {
        const detail = detailOf(JSON.stringify(value));
        for (const [name, text] of [...detail.requestHeaders, ...detail.responseHeaders]) {
          expect([typeof name, typeof text]).toEqual(["string", "string"]);
        }
        for (const attempt of detail.attempts) expect(["undefined", "number"]).toContain(typeof attempt.httpStatus);
        expect(["undefined", "number"]).toContain(typeof detail.durationMs);
      }),
      { numRuns: 2_000 },
    );
  });

  test("an object in place of the payload comes back as its own text", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const payload = detailOf(`{"id":"evt_1","payload":${text}}`).payload;
        const value: unknown = JSON.parse(text);
        if (value === null) expect(payload).toBeUndefined();
        else if (typeof value === "string") expect(payload).toEqual({ text: value, form: "string" });
        else expect(payload).toEqual({ text: text.trim(), form: "value" });
      }),
    );
  });

  test("text that is no JSON, or cut short, throws nothing", () => {
    fc.assert(fc.property(fc.string(), (raw) => Array.isArray(detailOf(raw).attempts)));
    fc.assert(
      fc.property(node, fc.nat(), (value, cut) => {
        const text = JSON.stringify(value);
        return Array.isArray(detailOf(text.slice(0, cut % (text.length + 1))).attempts);
      }),
    );
  });
});
