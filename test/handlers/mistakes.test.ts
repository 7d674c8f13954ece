import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { proofCases } from "../../src/conformance/cases/all";
import { handlerOf } from "./conduct";
import { mistakes } from "./mistakes";
import { startProgram } from "./program";
import { idsOf, prove, secret } from "./prove";
import { serve } from "./server";

const toldIds = ["large-body", "millisecond-timestamp", "upper-case-hex"];

test("a handler without a mistake fails nothing", async () => {
  const handler = await serve(handlerOf(secret, {}));
  try {
    const results = await prove(handler.url);
    expect(results.filter(({ outcome }) => outcome === "failed" || outcome === "notRun")).toEqual([]);
    expect(idsOf(results, "told")).toEqual(toldIds);
    expect(results.map(({ id }) => id)).toEqual(proofCases.map(({ id }) => id));
  } finally {
    await handler.close();
  }
});

describe("a handler that", () => {
  test.each(mistakes)("$name", async ({ conduct, fails, notAccepted = [], timeoutMs }) => {
    const handler = await serve(handlerOf(secret, conduct()));
    try {
      const results = await prove(handler.url, { timeoutMs });
      expect(idsOf(results, "failed")).toEqual([...fails].sort());
      expect(idsOf(results, "told")).toEqual(toldIds);
      expect(idsOf(results, "notRun")).toEqual([]);
      const told = results.filter(
        ({ id, did }) => id !== "upper-case-hex" && toldIds.includes(id) && !did.includes(" 200 "),
      );
      expect(told.map(({ id }) => id).sort()).toEqual([...notAccepted].sort());
      for (const { outcome, should, fix } of results) {
        const hasAdvice = (should ?? "") !== "" && (fix ?? "") !== "";
        expect(hasAdvice).toBe(outcome === "failed");
      }
    } finally {
      await handler.close();
    }
  });

  test("crashes on a short signature", async () => {
    const cwd = fileURLToPath(new URL("programs", import.meta.url));
    const handler = await startProgram({ command: process.execPath, args: () => ["crashing.mjs"], cwd }, secret);
    try {
      const results = await prove(handler.url);
      expect(idsOf(results, "failed")).toEqual(["empty-signature", "still-alive"]);
      expect(idsOf(results, "notRun")).toEqual(["malformed-signature"]);
      const culprit = results.find(({ id }) => id === "empty-signature");
      expect(culprit?.did).toContain("closed the connection without an answer");
      expect(culprit?.did).toContain("it has crashed");
      expect(results.at(-1)?.did).toBe(`The handler took no connection: it died after “${culprit?.title ?? ""}”.`);
    } finally {
      await handler.stop();
    }
  });
});

test("every case that can fail is failed by some mistake", () => {
  const found = new Set(mistakes.flatMap(({ fails }) => fails));
  const missed = proofCases.filter(({ id }) => !found.has(id) && !toldIds.includes(id));
  expect(missed.map(({ id }) => id)).toEqual([]);
});
