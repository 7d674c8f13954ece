import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { attemptTimeline, type AttemptTimeline } from "../../../src/core/model/attemptTimeline";
import { readDelivery } from "../../../src/core/model/delivery";
import { readDeliveryDetail } from "../../../src/core/model/deliveryDetail";

function timelineOf(row: object): AttemptTimeline {
  const raw = JSON.stringify(row);
  const delivery = readDelivery(JSON.parse(raw), raw);
  return attemptTimeline(delivery, readDeliveryDetail(delivery));
}

describe("attempts that the API describes one by one", () => {
  test("oldest first, each with its wait, number and outcome", () => {
    const { entries, made, told } = timelineOf({
      attempts: 3,
      attemptLog: [
        { startedAt: "2026-04-10T12:05:30Z", httpStatus: 204, durationMs: 40 },
        { startedAt: "2026-04-10T12:00:00Z", error: "No answer within 10 s", durationMs: 10_000 },
        { startedAt: "2026-04-10T12:00:30Z", httpStatus: 500, responseHeaders: { A: "b" }, responseBody: "oh" },
      ],
    });
    expect([made, told]).toEqual([3, "each"]);
    expect(entries.map(({ number, outcome, waitMs }) => [number, outcome, waitMs])).toEqual([
      [1, "unanswered", undefined],
      [2, "refused", 30_000],
      [3, "accepted", 300_000],
    ]);
    expect(entries[1]).toMatchObject({ responseHeaders: [["A", "b"]], response: { text: "oh" } });
  });

  test("where some are left out, numbers are those that the API gives", () => {
    const attemptLog = [{ startedAt: "2026-04-10T12:00:00Z" }, { startedAt: "2026-04-10T12:00:30Z", number: 5 }];
    const { entries, made } = timelineOf({ attempts: 5, attemptLog });
    expect([made, entries.map(({ number }) => number)]).toEqual([5, [undefined, 5]]);
    expect(entries[0]?.outcome).toBe("unknown");
  });

  test("without times there is no wait, and none is negative", () => {
    const { entries } = timelineOf({ attempts: [{ status: 500 }, { at: "soon", status: 301 }, { at: "2026-04-10" }] });
    expect(entries.map(({ waitMs }) => waitMs)).toEqual([undefined, undefined, undefined]);
    expect(entries.map(({ outcome }) => outcome)).toEqual(["refused", "refused", "unknown"]);
  });
});

describe("where it gives the last answer alone", () => {
  test("that is the one entry", () => {
    expect(timelineOf({ status: "failed", attempts: 4, httpStatus: 502, responseBody: "bad", durationMs: 7 })).toEqual({
      told: "last",
      made: 4,
      entries: [
        { number: 4, outcome: "refused", httpStatus: 502, durationMs: 7, response: { text: "bad", form: "string" } },
      ],
    });
  });

  test("its time is that of the acceptance, not of the beginning", () => {
    const { entries, made } = timelineOf({ status: "delivered", deliveredAt: "2026-04-10T12:00:00Z" });
    expect(made).toBeUndefined();
    expect(entries).toEqual([{ outcome: "accepted", acceptedAt: "2026-04-10T12:00:00Z" }]);
  });

  test.each([
    [{}, undefined],
    [{ attempts: 0, error: "queued" }, 0],
    [{ attempts: 3 }, 3],
  ])("nothing is made up: %j", (row, made) => {
    expect(timelineOf(row)).toEqual({ entries: [], made, told: "none" });
  });
});

test("whatever the row holds, what was made is not less than what is told", () => {
  fc.assert(
    fc.property(
      fc.record({ attempts: fc.anything(), attemptLog: fc.anything(), status: fc.anything() }, { requiredKeys: [] }),
      (row) => {
        const text = fc.stringify(row);
        const raw = JSON.stringify(row, (_, value: unknown) => (typeof value === "bigint" ? text : value));
        const delivery = readDelivery(JSON.parse(raw), raw);
        const { entries, made, told } = attemptTimeline(delivery, readDeliveryDetail(delivery));
        if (told === "each") expect(made).toBeGreaterThanOrEqual(entries.length);
        else expect(entries.length).toBe(told === "last" ? 1 : 0);
      },
    ),
  );
});
