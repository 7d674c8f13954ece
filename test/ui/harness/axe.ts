import axeCore, { type AxeResults } from "axe-core";
import type { Frame } from "playwright-core";

/** One rule that a page breaks, and where. */
export interface Violation {
  readonly rule: string;
  readonly help: string;
  /** What breaks it: its selector, and what axe found there. */
  readonly where: readonly string[];
}

/**
 * Examines what a frame shows with axe-core, by all rules that are on by default.
 * @returns an empty list when nothing is wrong
 */
export async function axe(frame: Frame): Promise<readonly Violation[]> {
  // By the debugger, not by a script element: the page's Content-Security-Policy stays as it is.
  await frame.evaluate(axeCore.source);
  const { violations } = await frame.evaluate<AxeResults>('axe.run(document, { resultTypes: ["violations"] })');
  return violations.map(({ id, help, nodes }) => ({
    rule: id,
    help,
    where: nodes.map(({ target, failureSummary }) => `${target.join(" ")}: ${failureSummary ?? ""}`),
  }));
}
