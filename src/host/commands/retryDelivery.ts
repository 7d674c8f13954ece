import * as vscode from "vscode";
import type { DeliveryRef } from "../../core/model/delivery";
import { retryDelivery } from "../../state/actions/retryDelivery";
import type { Services } from "../services";
import type { Command } from "./command";
import { askDeliveryTarget, readDeliveryTarget } from "./deliveryTarget";
import { eachTarget } from "./eachTarget";

interface Retried {
  readonly id: string;
  readonly status: string;
}

/** Has PacSpace send failed deliveries again, each once. */
export function retryDeliveryCommand(services: Services): Command<readonly DeliveryRef[], Retried> {
  return {
    id: "pacspace.retryDelivery",
    progress: { place: { view: "pacspace.deliveries" }, title: vscode.l10n.t("Retrying…") },
    read: readDeliveryTarget,
    ask: async (nodes) => {
      const targets = await askDeliveryTarget(services, nodes, vscode.l10n.t("Retry Delivery"), { status: "failed" });
      return targets?.length === 0 ? undefined : targets;
    },
    run: async (deliveries, task) => {
      const account = services.account();
      const retry = (delivery: DeliveryRef): Promise<Retried> => retryDelivery(account, delivery, task.signal);
      const [first] = await eachTarget(deliveries, ({ id }) => id, retry);
      return first;
    },
    announce: ({ id, status }, { length }) => ({
      severity: "information",
      message:
        length > 1
          ? vscode.l10n.t("{0} deliveries are queued again.", length)
          : vscode.l10n.t("{0} is queued again; it is {1} now.", id, status),
    }),
  };
}
