import * as vscode from "vscode";
import { invalidInput } from "../../core/errors";
import type { Delivery } from "../../core/model/delivery";
import { visibleText } from "../../core/model/visibleText";
import { readDeliveryViewFilter, type DeliveryViewFilter } from "../../core/model/deliveryFilter";
import {
  failedDeliveries,
  retryDeliveries,
  type BulkRetryProgress,
  type BulkRetryResult,
} from "../../state/actions/retryFailedDeliveries";
import type { Services } from "../services";
import { withProgress } from "../platform/task";
import { roughDuration } from "../tree/times";
import type { Command } from "./command";
import { confirmLoss, requireConfirmation } from "./prompts";

type BulkRetry =
  | { readonly resume: true }
  | {
      readonly resume: false;
      readonly filter: DeliveryViewFilter;
      /** Counted already, when a person was asked. */
      readonly deliveries?: readonly Delivery[];
    };

/** Which endpoints get something, and how often. */
function whereTo(deliveries: number, endpoints: number, filter: string): string {
  if (deliveries === 1) {
    return vscode.l10n.t("It goes to 1 webhook (filter: {0}). The endpoint gets the event once more.", filter);
  }
  return endpoints === 1
    ? vscode.l10n.t("They go to 1 webhook (filter: {0}). The endpoint gets its events once more.", filter)
    : vscode.l10n.t(
        "They go to {0} webhooks (filter: {1}). Each endpoint gets its events once more.",
        count(endpoints),
        filter,
      );
}

async function countAndConfirm(services: Services): Promise<BulkRetry | undefined> {
  const account = services.account();
  const { filter } = account.deliveries;
  const deliveries = await withProgress("notification", vscode.l10n.t("Counting failed deliveries"), (task) =>
    failedDeliveries(account, filter, task.signal, (found) => task.report(vscode.l10n.t("{0} so far", count(found)))),
  );
  if (deliveries.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t("No failed delivery matches the filter."));
    return undefined;
  }
  const { name } = account.environment;
  const endpoints = new Set(deliveries.map(({ webhookId }) => webhookId)).size;
  const words = services.filters.describe(account) ?? vscode.l10n.t("no filter");
  const confirmed = await confirmLoss(
    deliveries.length === 1
      ? vscode.l10n.t("Retry 1 failed delivery in {0}?", name)
      : vscode.l10n.t("Retry {0} failed deliveries in {1}?", count(deliveries.length), name),
    `${whereTo(deliveries.length, endpoints, words)} ${vscode.l10n.t("PacSpace can't take that back.")}`,
    vscode.l10n.t("Retry {0}", count(deliveries.length)),
  );
  return confirmed ? { resume: false, filter, deliveries } : undefined;
}

function count(number: number): string {
  return number.toLocaleString(vscode.env.language);
}

function howFar(done: number, of: number): string {
  return of === 1
    ? vscode.l10n.t("{0} of 1 delivery is done.", count(done))
    : vscode.l10n.t("{0} of {1} deliveries are done.", count(done), count(of));
}

function queued(retried: number, of: number): string {
  return of === 1
    ? vscode.l10n.t("{0} of 1 delivery is queued again", count(retried))
    : vscode.l10n.t("{0} of {1} deliveries are queued again", count(retried), count(of));
}

/** What was left unfinished comes first: a person may go on with it, or begin anew. */
async function ask(services: Services): Promise<BulkRetry | undefined> {
  const { name, storageKey } = services.account().environment;
  const left = await (await services.memory.retries()).unfinished(storageKey);
  if (left === undefined) return countAndConfirm(services);
  const [resume, anew] = [vscode.l10n.t("Resume"), vscode.l10n.t("Start Over")];
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t("Resume the retry in {0} that was not finished?", name),
    {
      modal: true,
      detail: `${howFar(left.done, left.ids.length)} ${vscode.l10n.t(
        "What is done is not retried again when you resume. Starting over counts what has failed now.",
      )}`,
    },
    resume,
    anew,
  );
  if (chosen === resume) return { resume: true };
  return chosen === anew ? countAndConfirm(services) : undefined;
}

function inWords({ done, of, leftMs, waitMs }: BulkRetryProgress): string {
  const far = vscode.l10n.t("{0} of {1}", count(done), count(of));
  const time = leftMs === undefined ? "" : `, ${vscode.l10n.t("about {0} left", roughDuration(leftMs))}`;
  const wait =
    waitMs === undefined
      ? ""
      : `; ${vscode.l10n.t("PacSpace asks to wait {0}", roughDuration(Math.max(waitMs, 1_000)))}`;
  return far + time + wait;
}

function failureList({ failed, matched, retried }: BulkRetryResult): string {
  const head = vscode.l10n.t("{0}; these could not be retried:", queued(retried, matched));
  return [head, "", ...failed.map(({ id, message }) => `${visibleText(id)}  ${message}`), ""].join("\n");
}

/** Retries all failed deliveries that a filter matches, each once, at the pace that PacSpace asks for. */
export function retryFailedDeliveriesCommand(services: Services): Command<BulkRetry, BulkRetryResult> {
  return {
    id: "pacspace.retryFailedDeliveries",
    progress: { place: "notification", title: vscode.l10n.t("Retrying failed deliveries") },
    read: (argument) => {
      requireConfirmation(argument, "Retrying deliveries");
      const { confirmed: _confirmed, resume, ...filter } = argument;
      if (resume !== true) return { resume: false, filter: readDeliveryViewFilter(filter) };
      if (Object.keys(filter).length > 0) throw invalidInput("resume goes on with what was left: it takes no filter.");
      return { resume: true };
    },
    ask: () => ask(services),
    run: async (wish, task) => {
      const account = services.account();
      const rows = wish.resume
        ? undefined
        : (wish.deliveries ?? (await failedDeliveries(account, wish.filter, task.signal)));
      if (rows?.length === 0) return { matched: 0, retried: 0, failed: [] };
      const ids = rows?.map(({ id }) => id);
      const retries = await services.memory.retries();
      try {
        return await retries.run(account.environment.storageKey, ids, (journal) =>
          retryDeliveries(account, journal, {
            signal: task.signal,
            onProgress: (progress) => task.report(inWords(progress), (progress.done / progress.of) * 100),
          }),
        );
      } finally {
        services.sidebar.reloadDeliveries();
      }
    },
    announce: (result) => {
      const { matched, retried, failed } = result;
      const rest = matched - retried - failed.length;
      const left =
        rest === 0
          ? ""
          : ` ${rest === 1 ? vscode.l10n.t("1 is left as it is.") : vscode.l10n.t("{0} are left as they are.", count(rest))}`;
      const resume = {
        label: vscode.l10n.t("Resume…"),
        run: () => vscode.commands.executeCommand("pacspace.retryFailedDeliveries"),
      };
      const show = {
        label: vscode.l10n.t("Show Failures"),
        run: async () => {
          const { lists } = await services.documents.get();
          await lists.show(vscode.l10n.t("Failed retries"), failureList(result));
        },
      };
      return {
        severity: failed.length === 0 ? "information" : "warning",
        message:
          (failed.length === 0
            ? `${queued(retried, matched)}.`
            : vscode.l10n.t("{0}; {1} could not be retried.", queued(retried, matched), count(failed.length))) + left,
        choices: [...(rest > 0 ? [resume] : []), ...(failed.length > 0 ? [show] : [])],
      };
    },
  };
}
