import * as vscode from "vscode";
import type { Delivery } from "../../core/model/delivery";
import { readDeliveryViewFilter, type DeliveryViewFilter } from "../../core/model/deliveryFilter";
import { visibleText } from "../../core/model/visibleText";
import { failedDeliveries, retryDeliveries, type BulkRetryResult } from "../../state/actions/retryFailedDeliveries";
import type { Services } from "../services";
import type { Command } from "./command";
import { confirmLoss, requireConfirmation } from "./prompts";

interface BulkRetry {
  readonly filter: DeliveryViewFilter;
  /** Counted already, when a person was asked. */
  readonly deliveries?: readonly Delivery[];
}

async function countAndConfirm(services: Services): Promise<BulkRetry | undefined> {
  const account = services.account();
  const { filter } = account.deliveries;
  const location = { viewId: "pacspace.deliveries" };
  const deliveries = await vscode.window.withProgress({ location }, () => failedDeliveries(account, filter));
  if (deliveries.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t("No failed delivery matches the filter."));
    return undefined;
  }
  const { name } = account.environment;
  const endpoints = new Set(deliveries.map(({ webhookId }) => webhookId)).size;
  const words = services.filters.describe(account) ?? vscode.l10n.t("no filter");
  const confirmed = await confirmLoss(
    vscode.l10n.t("Retry {0} failed deliveries in {1}?", deliveries.length, name),
    vscode.l10n.t(
      "They go to {0} webhooks (filter: {1}). Each endpoint gets its events once more; PacSpace can't take that back.",
      endpoints,
      words,
    ),
    vscode.l10n.t("Retry {0}", deliveries.length),
  );
  return confirmed ? { filter, deliveries } : undefined;
}

/** Retries all failed deliveries that a filter matches, each once, at the pace that PacSpace asks for. */
export function retryFailedDeliveriesCommand(services: Services): Command<BulkRetry, BulkRetryResult> {
  return {
    id: "pacspace.retryFailedDeliveries",
    progress: { place: "notification", title: vscode.l10n.t("Retrying failed deliveries") },
    read: (argument) => {
      requireConfirmation(argument, "Retrying deliveries");
      const { confirmed: _confirmed, ...filter } = argument;
      return { filter: readDeliveryViewFilter(filter) };
    },
    ask: () => countAndConfirm(services),
    run: async ({ filter, deliveries }, task) => {
      const account = services.account();
      const rows = deliveries ?? (await failedDeliveries(account, filter, task.signal));
      const result = await retryDeliveries(account, rows, {
        signal: task.signal,
        onProgress: (done, of) => task.report(vscode.l10n.t("{0} of {1}", done, of), (done / of) * 100),
        onWait: (ms) => task.report(vscode.l10n.t("PacSpace asks to wait {0} s", Math.ceil(ms / 1_000))),
      });
      services.sidebar.reloadDeliveries();
      return result;
    },
    announce: ({ matched, retried, failed }) => {
      const rest = matched - retried - failed.length;
      const left = rest > 0 ? ` ${vscode.l10n.t("{0} were left as they are.", rest)}` : "";
      if (failed.length === 0) {
        return {
          severity: "information",
          message: vscode.l10n.t("{0} of {1} deliveries are queued again.", retried, matched) + left,
        };
      }
      for (const { id, message } of failed) services.log.warn(`${visibleText(id)} was not retried: ${message}`);
      return {
        severity: "warning",
        message:
          vscode.l10n.t(
            "{0} of {1} deliveries are queued again; {2} could not be retried.",
            retried,
            matched,
            failed.length,
          ) + left,
        choices: [{ label: vscode.l10n.t("Show Why"), run: () => services.log.show() }],
      };
    },
  };
}
