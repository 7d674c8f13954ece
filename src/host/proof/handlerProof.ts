import * as vscode from "vscode";
import { proofCases } from "../../conformance/cases/all";
import { proveHandler, type CaseResult } from "../../conformance/prove";
import { countOutcomes, type Counts } from "../../conformance/report/words";
import { isErrorOfKind, isPacSpaceError } from "../../core/errors";
import { Disposable } from "../platform/lifecycle";
import { requireTrust } from "../platform/trust";
import type { Services } from "../services";
import { ProofTargets, type ProofTarget } from "./proofTarget";

export interface ProofRequest extends ProofTarget {
  readonly timeoutMs?: number | undefined;
}

/** The proof of a person's handler: its cases in the Test Explorer, and the same run for a command. */
export class HandlerProof extends Disposable {
  readonly targets: ProofTargets;
  readonly #controller: vscode.TestController;

  constructor(
    private readonly services: Services,
    memory: vscode.Memento,
  ) {
    super();
    this.targets = new ProofTargets(services, memory);
    this.register(services.memory.onDidForget(() => this.targets.forget()));
    this.#controller = this.register(
      vscode.tests.createTestController("pacspace.handlerProof", vscode.l10n.t("PacSpace webhook handler")),
    );
    for (const [order, { id, title }] of proofCases.entries()) {
      const item = this.#controller.createTestItem(id, title);
      // The Test Explorer sorts by label where nothing else is said, and the order is part of the proof.
      item.sortText = String(order).padStart(3, "0");
      this.#controller.items.add(item);
    }
    const profile = this.register(
      this.#controller.createRunProfile(
        vscode.l10n.t("Prove"),
        vscode.TestRunProfileKind.Run,
        (request, token) => this.#runTests(request, token),
        true,
      ),
    );
    profile.configureHandler = () => void this.targets.ask().then(undefined, sayOnce);
  }

  /**
   * Runs all cases, and shows them nowhere.
   * @throws PacSpaceError as proveHandler does; `forbidden` in an untrusted workspace
   */
  async prove(
    request: ProofRequest,
    signal: AbortSignal,
  ): Promise<Counts & { readonly results: readonly CaseResult[] }> {
    requireTrust();
    const results: CaseResult[] = [];
    for await (const result of proveHandler({ ...request, cases: proofCases, signal })) results.push(result);
    return { ...countOutcomes(results), results };
  }

  /**
   * Runs all cases in the Test Explorer, which comes to the front.
   * @throws PacSpaceError as proveHandler does; `forbidden` in an untrusted workspace
   */
  async proveInExplorer(target: ProofTarget, signal: AbortSignal): Promise<Counts> {
    await vscode.commands.executeCommand("workbench.view.testing.focus");
    return this.#show(new vscode.TestRunRequest(), target, signal);
  }

  async #runTests(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> {
    const controller = new AbortController();
    const subscription = token.onCancellationRequested(() => controller.abort());
    try {
      const target = await this.targets.current();
      if (target !== undefined) await this.#show(request, target, controller.signal);
    } catch (error) {
      sayOnce(error);
    } finally {
      subscription.dispose();
    }
  }

  async #show(request: vscode.TestRunRequest, target: ProofTarget, signal: AbortSignal): Promise<Counts> {
    requireTrust();
    const asked = new Set((request.include ?? [...this.#controller.items].map(([, item]) => item)).map(({ id }) => id));
    for (const { id } of request.exclude ?? []) asked.delete(id);
    const cases = proofCases.filter(({ id }) => asked.has(id));
    const run = this.#controller.createTestRun(request, vscode.l10n.t("Proof of {0}", target.url));
    // Stopping is offered by the run itself as well as by what called it.
    const stopped = AbortSignal.any([signal, signalOf(run.token)]);
    const items = cases.flatMap(({ id }) => this.#controller.items.get(id) ?? []);
    for (const item of items) run.enqueued(item);
    const results: CaseResult[] = [];
    const timeoutMs = this.services.debugging.isActive ? 0 : undefined;
    try {
      const next = (): void => {
        const item = items[results.length];
        if (item !== undefined) run.started(item);
      };
      next();
      for await (const result of proveHandler({ ...target, cases, timeoutMs, signal: stopped })) {
        results.push(result);
        const item = this.#controller.items.get(result.id);
        if (item !== undefined) showResult(run, item, result);
        next();
      }
    } catch (error) {
      const [first, ...rest] = items.slice(results.length);
      for (const item of rest) run.skipped(item);
      if (first !== undefined && isErrorOfKind(error, "cancelled")) run.skipped(first);
      else if (first !== undefined) run.errored(first, new vscode.TestMessage(wordsOf(error)));
      throw error;
    } finally {
      run.end();
    }
    return countOutcomes(results);
  }
}

function signalOf(token: vscode.CancellationToken): AbortSignal {
  const controller = new AbortController();
  token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}

function showResult(run: vscode.TestRun, item: vscode.TestItem, result: CaseResult): void {
  const { outcome, did, should, fix, durationMs } = result;
  const words = [did, should, fix && vscode.l10n.t("Fix: {0}", fix)].filter((text) => text !== undefined);
  run.appendOutput([result.title, ...words.map((text) => `    ${text}`), ""].join("\r\n"), undefined, item);
  item.description = outcome === "told" ? did : "";
  switch (outcome) {
    case "passed":
    case "told":
      run.passed(item, durationMs);
      return;
    case "failed":
      run.failed(item, new vscode.TestMessage(words.join("\n\n")), durationMs);
      return;
    case "notRun":
      run.skipped(item);
  }
}

function wordsOf(error: unknown): string {
  return isPacSpaceError(error) || error instanceof Error ? error.message : String(error);
}

/** What the Test Explorer's own button ran into: no command is there to say it. */
function sayOnce(error: unknown): void {
  if (!isErrorOfKind(error, "cancelled")) void vscode.window.showErrorMessage(wordsOf(error));
}
