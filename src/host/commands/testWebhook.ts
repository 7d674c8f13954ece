import * as vscode from "vscode";
import type { TestResult } from "../../api/pacspaceApi";
import { isPacSpaceError, PacSpaceError } from "../../core/errors";
import type { Services } from "../services";
import type { Command } from "./command";
import { askWebhookTarget, forEachTarget, readWebhookTarget, type WebhookTargets } from "./webhookTarget";

/** Has PacSpace send a test event, once: a lost answer is never repeated. */
export function testWebhookCommand(services: Services): Command<WebhookTargets, TestResult> {
  return {
    id: "pacspace.testWebhook",
    progress: { place: { view: "pacspace.webhooks" }, title: vscode.l10n.t("Sending a test event…") },
    read: readWebhookTarget,
    ask: (nodes) => askWebhookTarget(services, nodes, vscode.l10n.t("Send Test Event")),
    run: async (targets, task) => {
      const account = services.account();
      const result = await forEachTarget(targets, (id) =>
        account
          .call((api) => api.webhooks.test(id, { signal: task.signal }))
          .catch((error: unknown) => {
            if (!isPacSpaceError(error) || !error.uncertain) throw error;
            const message = `${error.message} The endpoint may have got the test event all the same: look at the deliveries before you send another.`;
            throw new PacSpaceError(error.kind, message, { status: error.status, cause: error });
          }),
      );
      services.sidebar.reloadDeliveries();
      // "Last triggered" has changed; that it can't be read now takes nothing from the test.
      for (const id of targets) {
        void account
          .call((api) => api.webhooks.get(id))
          .then((webhook) => {
            if (account.webhooks.get(id) !== undefined) account.webhooks.put(webhook);
          })
          .catch(() => undefined);
      }
      return result;
    },
    announce: ({ success, httpStatus, message }) => {
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
