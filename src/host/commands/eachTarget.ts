import * as vscode from "vscode";
import { isPacSpaceError, PacSpaceError } from "../../core/errors";

/** What the next ones would fail of as well. */
const endsAll: readonly string[] = ["auth", "cancelled", "network"];

/**
 * Works through all selected rows: one that fails keeps none of the others from being done.
 * @param nameOf what a person calls a row
 * @returns the results, in the rows' order; by argument there is exactly one
 * @throws the error itself where there is one row; of several rows one PacSpaceError that counts those that were done and
 * says of each other one why not
 */
export async function eachTarget<Target, Result>(
  targets: readonly Target[],
  nameOf: (target: Target) => string,
  work: (target: Target) => Promise<Result>,
): Promise<readonly [Result, ...Result[]]> {
  const results: Result[] = [];
  const failed: { readonly name: string; readonly error: PacSpaceError }[] = [];
  for (const target of targets) {
    try {
      results.push(await work(target));
    } catch (error) {
      if (targets.length === 1 || !isPacSpaceError(error)) throw error;
      failed.push({ name: nameOf(target), error });
      if (endsAll.includes(error.kind)) break;
    }
  }
  const [problem] = failed;
  if (problem !== undefined) {
    const why = failed.map(({ name, error }) => `${name}: ${error.message}`).join(" ");
    const words = vscode.l10n.t("{0} of {1} are done. {2}", results.length, targets.length, why);
    throw new PacSpaceError(problem.error.kind, words, { cause: problem.error });
  }
  if (!isNotEmpty(results)) throw new RangeError("no target");
  return results;
}

function isNotEmpty<T>(list: readonly T[]): list is readonly [T, ...T[]] {
  return list.length > 0;
}
