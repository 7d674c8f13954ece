import * as vscode from "vscode";
import type { TestResult } from "../../api/pacspaceApi";
import { isPacSpaceError, PacSpaceError, reasonOf } from "../../core/errors";
import type { Services } from "../services";
import type { Command } from "./command";
import { askWebhookTarget, eachWebhook, readWebhookTarget, webhookName, type WebhookTargets } from "./webhookTarget";

/** What came of several tests, as one: which of them failed, and how. */
function inOne(names: readonly string[], results: readonly [TestResult, ...TestResult[]]): TestResult {
  if (results.length === 1) return results[0];
  const failed = results.flatMap(({ success, message }, index) => (success ? [] : [`${names[index]}: ${message}`]));
  const count = vscode.l10n.t("{0} of {1} endpoints took it.", results.length - failed.length, results.length);
  return { success: failed.length === 0, message: [count, ...failed].join(" ") };
}

/** Has PacSpace send a test event, once: a lost answer is never repeated. */
export function testWebhookCommand(services: Services): Command<WebhookTargets, TestResult> {
  return {
    id: "pacspace.testWebhook",
    progress: { place: { view: "pacspace.webhooks" }, title: vscode.l10n.t("Sending a test event…") },
    read: readWebhookTarget,
    ask: (nodes) => askWebhookTarget(services, nodes, vscode.l10n.t("Send Test Event")),
    run: async (targets, task) => {
      const account = services.account();
      const tested = eachWebhook(services, targets, (id) =>
        account
          .call((api) => api.webhooks.test(id, { signal: task.signal }))
          .catch((error: unknown) => {
            if (!isPacSpaceError(error) || !error.uncertain) throw error;
            const message = `${reasonOf(error)} The endpoint may have got the test event all the same: look at the deliveries before you send another.`;
            throw new PacSpaceError(error.kind, message, { status: error.status, cause: error });
          }),
      );
      const results = await tested.finally(() => services.sidebar.reloadDeliveries());
      // "Last triggered" has changed; that it can't be read now takes nothing from the test.
      for (const id of targets) {
        void account
          .call((api) => api.webhooks.get(id))
          .then((webhook) => {
            if (account.webhooks.get(id) !== undefined) account.webhooks.put(webhook);
          })
          .catch(() => undefined);
      }
      const names = targets.map((id) => webhookName(services, id));
      return inOne(names, results);
    },
    announce: ({ success, httpStatus, message }, targets) => {
      if (targets.length > 1) {
        return {
          severity: success ? "information" : "warning",
          message: vscode.l10n.t("Test events sent. {0}", message),
        };
      }
      const status = httpStatus === undefined ? "" : ` (${httpStatus})`;
      return success
        ? {
            severity: "information",
            message: vscode.l10n.t("The endpoint took the test event{0}. {1}", status, message),
          }
        : {
            severity: "warning",
            message: vscode.l10n.t("The endpoint did not take the test event{0}. {1}", status, message),
          };
    },
  };
}
