import type { CaseResult } from "../prove";

const marks: Readonly<Record<CaseResult["outcome"], string>> = {
  passed: "passed",
  told: "told",
  failed: "FAILED",
  notRun: "not run",
};

/** How often each outcome came. */
export type Counts = Readonly<Record<CaseResult["outcome"], number>>;

/** Counts the outcomes of a run. */
export function countOutcomes(results: readonly CaseResult[]): Counts {
  const counts = { passed: 0, told: 0, failed: 0, notRun: 0 };
  for (const { outcome } of results) counts[outcome] += 1;
  return counts;
}

/** One result's lines for a terminal, without a newline at the end. */
export function resultWords(result: CaseResult): string {
  const { outcome, title, durationMs, did, should, fix } = result;
  const head = `${marks[outcome].padEnd(7)} ${title} (${Math.round(durationMs)} ms)`;
  const more = outcome === "passed" ? [] : [did, should, fix && `Fix: ${fix}`];
  return [head, ...more.filter((line) => line !== undefined).map((line) => `        ${line}`)].join("\n");
}

/** The sum of a run as one line. */
export function sumWords(results: readonly CaseResult[]): string {
  const { passed, told, failed, notRun } = countOutcomes(results);
  return `${passed} passed, ${failed} failed, ${told} told${notRun > 0 ? `, ${notRun} not run` : ""}`;
}
