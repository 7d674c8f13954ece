import { proofCases } from "../../src/conformance/cases/all";
import { proveHandler, type CaseResult, type ProofOptions } from "../../src/conformance/prove";

export const secret = "whsec_5b1f0f6a2c9d4e7788a1";

/** All cases against a handler. */
export async function prove(url: string, more: Partial<ProofOptions> = {}): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = [];
  for await (const result of proveHandler({ url, secret, cases: proofCases, ...more })) results.push(result);
  return results;
}

/** The ids of the cases that came out so. */
export function idsOf(results: readonly CaseResult[], outcome: CaseResult["outcome"]): readonly string[] {
  return results
    .filter((result) => result.outcome === outcome)
    .map(({ id }) => id)
    .sort();
}
