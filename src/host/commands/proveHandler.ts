import * as vscode from "vscode";
import type { CaseResult } from "../../conformance/prove";
import type { Counts } from "../../conformance/report/words";
import { invalidInput } from "../../core/errors";
import { textField } from "../../core/model/fields";
import { settings } from "../platform/settings";
import { secretOf, type KeyChoice } from "../platform/keyChoice";
import type { ProofRequest } from "../proof/handlerProof";
import type { ProofTarget } from "../proof/proofTarget";
import type { Services } from "../services";
import type { Command } from "./command";
import { readKey, requiredText, requireLoopback } from "./prompts";

type Input =
  | { readonly kind: "argument"; readonly request: Omit<ProofRequest, "secret">; readonly key: KeyChoice }
  | { readonly kind: "explorer"; readonly target: ProofTarget };
type Outcome = Counts & { readonly results?: readonly CaseResult[] };

/** Proves a running handler right or wrong: in the Test Explorer, or by argument with the results returned. */
export function proveHandlerCommand(services: Services): Command<Input, Outcome> {
  return {
    id: "pacspace.proveHandler",
    progress: { place: "notification", title: vscode.l10n.t("Proving the handler…") },
    read: (argument) => {
      const url = requiredText(argument, "url", "where the handler runs");
      requireLoopback(argument, url, "the proof's requests");
      const checkUrl = textField(argument, "checkUrl") ?? (settings.handlerCheckUrl().trim() || undefined);
      if (checkUrl !== undefined) requireLoopback(argument, checkUrl, "the proof's look-ups");
      const { timeoutMs } = argument;
      if (timeoutMs !== undefined && !(typeof timeoutMs === "number" && timeoutMs >= 0)) {
        throw invalidInput("timeoutMs must be a number of milliseconds; 0 is no limit.");
      }
      const request = { url, checkUrl, timeoutMs };
      return { kind: "argument", request, key: readKey(argument) };
    },
    ask: async () => {
      const target = await (await services.proof()).targets.ask();
      return target && { kind: "explorer", target };
    },
    run: async (input, task) => {
      const proof = await services.proof();
      if (input.kind === "explorer") return proof.proveInExplorer(input.target, task.signal);
      return proof.prove({ ...input.request, secret: await secretOf(services.account(), input.key) }, task.signal);
    },
    announce: ({ passed, failed, told, notRun }) =>
      failed + notRun === 0
        ? {
            severity: "information",
            message:
              passed === 1
                ? vscode.l10n.t("The handler is right: 1 case passed, {0} told.", told)
                : vscode.l10n.t("The handler is right: {0} cases passed, {1} told.", passed, told),
          }
        : {
            severity: "warning",
            message: vscode.l10n.t(
              "The handler fails {0} of {1} cases. The Test Explorer says what it did, what it should do, and the fix.",
              failed + notRun,
              passed + told + failed + notRun,
            ),
          },
  };
}
