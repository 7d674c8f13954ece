import { describe, expect, test } from "vitest";
import { diagnose } from "../../../src/core/doctor/diagnose";
import * as hard from "./hardCases";

/** The causes by name, those that are only likely with a question mark. */
async function causesOf(arrival: hard.Arrival, budgetMs: number): Promise<readonly string[]> {
  const original = arrival.original ?? (arrival.computed === undefined ? hard.text : hard.plainText);
  const key = arrival.keys?.[0]?.secret ?? hard.secret;
  const headers = arrival.headers ?? [
    ["X-PacSpace-Signature", arrival.signature ?? `v1=${hard.signed(original, arrival.computed ? key : hard.secret)}`],
    ["X-PacSpace-Timestamp", arrival.timestamp ?? hard.sent],
  ];
  const { causes } = await diagnose({
    headers: [...headers, ...(arrival.more ?? [])],
    body: Uint8Array.from(Buffer.from(arrival.received ?? original)),
    keys: arrival.keys ?? [{ id: "webhook_a", secret: hard.secret }],
    addressed: "first",
    now: hard.now,
    toleranceSeconds: 300,
    budgetMs,
    computed: arrival.computed,
  });
  return causes.map(({ id, certainty }) => (certainty === "proven" ? id : `${id}?`)).toSorted();
}

describe.each([
  ["the signature header", hard.signatureCases],
  ["headers' names", hard.headerCases],
  ["the timestamp", hard.timestampCases],
  ["the secret", hard.secretCases],
  ["the body", hard.bodyCases],
  ["several at once", hard.mixedCases],
  ["the handler's value", hard.handlerCases],
])("exactly the true causes: %s", (_name, cases) => {
  test.each(cases)("%s", async (_title, arrival, causes) => {
    // What nothing explains is searched for in vain: not for long here.
    expect(await causesOf(arrival, causes.length === 0 ? 500 : 60_000)).toEqual(causes.toSorted());
  });
});

test("the cases are many, and no two have one name", () => {
  const lists = [hard.signatureCases, hard.headerCases, hard.timestampCases, hard.secretCases, hard.bodyCases];
  const names = [...lists, hard.mixedCases, hard.handlerCases].flatMap((cases, list) =>
    cases.map(([name]) => `${list} ${name}`),
  );
  expect(names.length).toBeGreaterThan(200);
  expect(new Set(names).size).toBe(names.length);
});
