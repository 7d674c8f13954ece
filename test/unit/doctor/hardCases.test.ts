import { describe, expect, test } from "vitest";
import { diagnose } from "../../../src/core/doctor/diagnose";
import * as arrival from "./hard/arrival";
import { bodyCases } from "./hard/bodies";
import { handlerCases } from "./hard/handlers";
import { headerCases, secretCases, signatureCases, timestampCases } from "./hard/headers";
import { mixedCases } from "./hard/mixed";

/** The causes by name, those that are only likely with a question mark. */
async function causesOf(given: arrival.Arrival, budgetMs: number): Promise<readonly string[]> {
  const original = given.original ?? (given.computed === undefined ? arrival.text : arrival.plainText);
  const key = given.keys?.[0]?.secret ?? arrival.secret;
  const headers = given.headers ?? [
    [
      "X-PacSpace-Signature",
      given.signature ?? `v1=${arrival.signed(original, given.computed ? key : arrival.secret)}`,
    ],
    ["X-PacSpace-Timestamp", given.timestamp ?? arrival.sent],
  ];
  const { causes } = await diagnose({
    headers: [...headers, ...(given.more ?? [])],
    body: Uint8Array.from(Buffer.from(given.received ?? original)),
    keys: given.keys ?? [{ id: "webhook_a", secret: arrival.secret }],
    addressed: "first",
    now: arrival.now,
    toleranceSeconds: 300,
    budgetMs,
    computed: given.computed,
  });
  return causes.map(({ id, certainty }) => (certainty === "proven" ? id : `${id}?`)).toSorted();
}

describe.each([
  ["the signature header", signatureCases],
  ["headers' names", headerCases],
  ["the timestamp", timestampCases],
  ["the secret", secretCases],
  ["the body", bodyCases],
  ["several at once", mixedCases],
  ["the handler's value", handlerCases],
])("exactly the true causes: %s", (_name, cases) => {
  test.each(cases)("%s", async (_title, given, causes) => {
    // What nothing explains is searched for in vain: not for long here.
    expect(await causesOf(given, causes.length === 0 ? 500 : 60_000)).toEqual(causes.toSorted());
  });
});

test("the cases are many, and no two have one name", () => {
  const lists = [signatureCases, headerCases, timestampCases, secretCases, bodyCases];
  const names = [...lists, mixedCases, handlerCases].flatMap((cases, list) => cases.map(([name]) => `${list} ${name}`));
  expect(names.length).toBeGreaterThan(200);
  expect(new Set(names).size).toBe(names.length);
});
