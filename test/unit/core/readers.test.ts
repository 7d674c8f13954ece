import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isPacSpaceError } from "../../../src/core/errors";
import { decodeBase64 } from "../../../src/core/model/base64";
import { deliveryKey, isDelivery, readDelivery } from "../../../src/core/model/delivery";
import {
  passesViewFilter,
  readDeliveryPageRequest,
  readDeliveryViewFilter,
} from "../../../src/core/model/deliveryFilter";
import { endpointUrlProblem } from "../../../src/core/model/endpointUrl";
import { environmentOf, readBaseUrl } from "../../../src/core/model/environment";
import { jsonMembers, jsonTextAt } from "../../../src/core/model/jsonText";
import { readWebhook, successRate, webhookHealth, webhookLabel } from "../../../src/core/model/webhook";

/** A good row with anything at all in place of any of its fields. */
function damaged(row: Readonly<Record<string, unknown>>): fc.Arbitrary<unknown> {
  const anything = fc.record(Object.fromEntries(Object.keys(row).map((name) => [name, fc.jsonValue()])), {
    requiredKeys: [],
  });
  return fc.oneof(
    anything.map((fields) => ({ ...row, ...fields })),
    fc.jsonValue(),
  );
}

/** Throws nothing but our own error for bad input. */
function onlyInvalid(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    expect(isPacSpaceError(error) && error.kind).toBe("invalid");
  }
}

const webhookRow = {
  id: "webhook_a",
  url: "https://example.com/hook",
  description: "Billing",
  enabled: true,
  createdAt: "2026-04-10T12:00:00.000Z",
  lastTriggered: "2026-04-10T12:20:00.000Z",
  successCount: 18,
  failureCount: 1,
};

describe("a webhook", () => {
  test("is read as the reference shows it, without its secret", () => {
    expect(readWebhook({ ...webhookRow, secret: "whsec_shown_once" })).toEqual(webhookRow);
  });
  test("is read with `active` in place of `enabled`, and numeric ids", () => {
    expect(readWebhook({ id: 7, active: false })).toEqual({ id: "7", url: "", enabled: false });
  });
  test("with anything in any field never throws, and fits its type", () => {
    fc.assert(
      fc.property(damaged(webhookRow), (row) => {
        const webhook = readWebhook(row);
        if (webhook === undefined) return;
        expect(typeof webhook.id).toBe("string");
        expect(typeof webhook.enabled).toBe("boolean");
        expect(webhookLabel(webhook)).not.toBe("");
        expect(["enabled", "disabled", "failing"]).toContain(webhookHealth(webhook));
        const rate = successRate(webhook);
        expect(rate === undefined || !Number.isNaN(rate)).toBe(true);
      }),
    );
  });
  test("fails when more than half of what was counted did", () => {
    const row = { ...webhookRow, successCount: 3, failureCount: 7 };
    expect(webhookHealth(readWebhook(row) ?? webhookRow)).toBe("failing");
    expect(webhookHealth({ ...row, enabled: false })).toBe("disabled");
  });
});

const deliveryRow = {
  id: "evt_1",
  event: "delta.verified",
  webhookId: "webhook_a",
  status: "failed",
  createdAt: "2026-04-10T12:00:00.000Z",
  deliveredAt: null,
  attempts: 3,
  httpStatus: 500,
  error: "refused",
  payload: { event: "delta.verified" },
};

describe("a delivery", () => {
  test.each([
    [{ eventId: "evt_2", eventType: "test", responseStatus: 200, lastError: "x" }],
    [{ id: "evt_2", type: "test", statusCode: 200, errorMessage: "x" }],
    [{ id: "evt_2", event: "test", httpStatus: "200", error: "x" }],
  ])("is read under other names: %o", (row) => {
    expect(readDelivery(row, "")).toMatchObject({ id: "evt_2", event: "test", httpStatus: 200, error: "x" });
  });
  test("counts its attempts where they come as a list", () => {
    expect(readDelivery({ id: "evt_3", attempts: [{}, {}] }, "").attempts).toBe(2);
  });
  test("with anything in any field never throws, and keeps its text", () => {
    fc.assert(
      fc.property(damaged(deliveryRow), (row) => {
        const raw = JSON.stringify(row);
        const delivery = readDelivery(row, raw);
        expect(delivery.raw).toBe(raw);
        expect(typeof delivery.id).toBe("string");
        expect(isDelivery(delivery, delivery)).toBe(true);
        expect(deliveryKey(delivery)).toBe(deliveryKey({ ...delivery }));
        passesViewFilter(delivery, { event: "test" });
      }),
    );
  });
});

describe("filters", () => {
  const filter = {
    status: "failed",
    startDate: "2026-04-01",
    endDate: "2026-04-10",
    sortBy: "attempts",
    sortOrder: "asc",
  };
  test("keep just what was given", () => {
    expect(readDeliveryPageRequest({ ...filter, limit: 20, offset: 0 })).toEqual({ ...filter, limit: 20, offset: 0 });
    expect(readDeliveryPageRequest({})).toEqual({});
  });
  test.each([
    [{ status: "lost" }, /status must be one of/],
    [{ startDate: "2026-02-30" }, /startDate must be a day that exists/],
    [{ startDate: "2026-04-11", endDate: "2026-04-10" }, /lies after/],
    [{ limit: 0 }, /limit must be a whole number/],
    [{ offset: 1.5 }, /offset must be a whole number/],
    [{ nothing: 1 }, /no filter "nothing"/],
    [{ constructor: 1 }, /no filter "constructor"/],
  ])("name what is wrong with %o", (value, words) => {
    expect(() => readDeliveryPageRequest(value)).toThrow(words);
  });
  test("of any shape throw nothing but our own error", () => {
    fc.assert(
      fc.property(damaged({ ...filter, event: "test", webhookId: "w" }), (value) => {
        onlyInvalid(() => readDeliveryViewFilter(value));
        onlyInvalid(() => readDeliveryPageRequest(value));
      }),
    );
  });
});

describe("addresses", () => {
  test.each(["http://example.com", "ftp://example.com", "https://user:pass@example.com", "example.com", "", 7])(
    "of a PacSpace are refused: %s",
    (value) => {
      expect(() => readBaseUrl(value)).toThrow(/address of PacSpace|can't be used/);
    },
  );
  test.each([
    ["https://app.pacspace.io/", "https://app.pacspace.io"],
    ["http://127.0.0.1:4400/?x=1#y", "http://127.0.0.1:4400"],
    ["http://[::1]:4400", "http://[::1]:4400"],
    ["http://localhost:1/base/", "http://localhost:1/base"],
  ])("of a PacSpace are read: %s", (value, read) => {
    expect(readBaseUrl(value)).toBe(read);
  });
  test("of endpoints are checked by where PacSpace is", () => {
    const production = environmentOf("production", "Production", "https://app.pacspace.io");
    const local = environmentOf("local", "Local PacSpace", "http://127.0.0.1:4400");
    expect(endpointUrlProblem("https://example.com/hook", production)).toBeUndefined();
    expect(endpointUrlProblem("http://127.0.0.1:3000/hook", local)).toBeUndefined();
    expect(endpointUrlProblem("http://127.0.0.1:3000/hook", production)).toMatch(/can't reach this machine/);
    expect(endpointUrlProblem("https://localhost/hook", production)).toMatch(/can't reach this machine/);
    expect(endpointUrlProblem("http://example.com/hook", local)).toMatch(/HTTPS/);
    for (const text of [
      "",
      "x",
      "https://",
      "mailto:a@example.com",
      "https://a:b@example.com/",
      "https://example.com/#x",
    ]) {
      expect(endpointUrlProblem(text, local), text).toBeDefined();
    }
    fc.assert(fc.property(fc.string(), (text) => void endpointUrlProblem(text, production)));
  });
});

describe("JSON text", () => {
  test("is cut out exactly as it stands", () => {
    const text = '{"data" : {"n":12345678901234567890, "n": 1.0 ,"s":"\\u0041\\/"}, "x":[1, {"a":[]} ]}';
    const span = jsonTextAt(text, ["data"]);
    expect(text.slice(span?.start, span?.end)).toBe('{"n":12345678901234567890, "n": 1.0 ,"s":"\\u0041\\/"}');
    const twice = jsonTextAt(text, ["data", "n"]);
    expect(text.slice(twice?.start, twice?.end)).toBe("1.0");
    const elements = jsonMembers(text, jsonTextAt(text, ["x"]));
    expect(elements?.map(({ span: { start, end } }) => text.slice(start, end))).toEqual(["1", '{"a":[]}']);
  });
  test("of any value gives back each member, and cut text throws nothing", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(), (value, at) => {
        const text = JSON.stringify(value, undefined, at % 4);
        const members = jsonMembers(text) ?? [];
        const read = members.map(({ key, span }) => [key, JSON.parse(text.slice(span.start, span.end)) as unknown]);
        expect(Object.fromEntries(read)).toEqual(JSON.parse(text));
        jsonMembers(text.slice(0, at % (text.length + 1)));
      }),
    );
  });
});

describe("base64", () => {
  test("of any bytes is decoded, url-safe and wrapped too", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const wrapped = Buffer.from(bytes)
          .toString("base64")
          .replace(/(.{10})/g, "$1\r\n");
        expect(decodeBase64(wrapped, "x")).toEqual(bytes);
        expect(decodeBase64(Buffer.from(bytes).toString("base64url"), "x")).toEqual(bytes);
      }),
    );
  });
  test.each(["?", "a", "QQ=", "ab=c", "ab===", "äö"])("that is none is refused: %s", (text) => {
    expect(() => decodeBase64(text, "bodyBase64")).toThrow(/bodyBase64 is no base64/);
  });
});
