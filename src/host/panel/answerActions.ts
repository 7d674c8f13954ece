import * as vscode from "vscode";
import { invalidInput } from "../../core/errors";
import type { Framework } from "../../core/model/diagnosis";
import type { CheckOutcome } from "../../protocol/outcomeView";
import { answerReport, type ReportedRequest } from "./answerReport";
import type { LastEditor } from "./lastEditor";

/** An answer and what it is about. */
export interface Answer {
  readonly outcome: CheckOutcome;
  readonly framework: Framework;
  readonly request: ReportedRequest;
}

/** Puts a text on the clipboard, and says so. */
export async function copyText(text: string): Promise<void> {
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage(`$(check) ${vscode.l10n.t("Copied")}`, 3_000);
}

/** @throws PacSpaceError `invalid` when the answer has no such cause: it is another one by now */
function codeFor(answer: Answer | undefined, cause: string): string {
  const finding = answer?.outcome.findings.find(({ id }) => id === cause);
  if (finding === undefined) throw invalidInput(vscode.l10n.t("This answer is no longer shown. Check again."));
  return finding.code;
}

/** Copies the code that mends a cause. */
export async function copyCode(answer: Answer | undefined, cause: string): Promise<void> {
  await copyText(codeFor(answer, cause));
}

/** Inserts the code that mends a cause into the text editor that was active last. */
export async function insertCode(answer: Answer | undefined, cause: string, editor: LastEditor): Promise<void> {
  await editor.insert(codeFor(answer, cause));
}

/** Copies the answer as Markdown. */
export async function copyReport(answer: Answer | undefined): Promise<void> {
  if (answer !== undefined) await copyText(answerReport(answer.outcome, answer.request, answer.framework));
}
