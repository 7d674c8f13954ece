import fc from "fast-check";
import { expect, test } from "vitest";
import type { Capture } from "../../../src/core/model/capture";
import { CaptureRows } from "../../../src/receiver/captureRows";

function capture(id: string, state: "pending" | "wrong" = "pending"): Capture {
  const request = { method: "POST", target: "/", headers: [], body: new Uint8Array() };
  return { id, receivedAt: "2026-04-10T12:00:00.000Z", source: "request", check: { state }, ...request };
}

function same(rows: CaptureRows, model: ReadonlyMap<string, Capture>): void {
  const all = [...model.values()];
  expect(rows.size).toBe(all.length);
  expect(rows.oldest).toBe(all[0]);
  expect(rows.newestFirst()).toEqual(all.toReversed());
  for (const [id, known] of model) expect(rows.get(id)).toBe(known);
}

test("has what a Map has, in its order, whatever comes, changes and goes", () => {
  const step = fc.record({
    what: fc.constantFrom("add", "add", "change", "drop", "remove"),
    times: fc.integer({ min: 1, max: 900 }),
    at: fc.nat(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const rows = new CaptureRows();
      const model = new Map<string, Capture>();
      let count = 0;
      const set = (capture: Capture): void => {
        rows.set(capture);
        model.set(capture.id, capture);
      };
      const remove = (id: string): void => {
        rows.delete(id);
        model.delete(id);
      };
      for (const { what, times, at } of steps) {
        for (let time = 0; time < times; time++) {
          const ids = [...(what === "add" ? [] : model.keys())];
          const id = ids[what === "drop" ? 0 : (at + time) % ids.length] ?? "none";
          if (what === "add") set(capture(`cap_${count++}`));
          else if (what !== "change") remove(id);
          else if (model.has(id)) set(capture(id, "wrong"));
        }
        same(rows, model);
        expect(rows.get("none")).toBeUndefined();
      }
    }),
    { numRuns: 30 },
  );
});

test("makes room where the oldest stays and those behind it go", () => {
  const rows = new CaptureRows();
  const oldest = capture("cap_first");
  rows.set(oldest);
  for (let count = 0; count < 10_000; count++) {
    rows.set(capture(`cap_${count}`));
    if (count > 0) rows.delete(`cap_${count - 1}`);
  }
  expect(rows.oldest).toBe(oldest);
  expect(rows.newestFirst().map(({ id }) => id)).toEqual(["cap_9999", "cap_first"]);
});
