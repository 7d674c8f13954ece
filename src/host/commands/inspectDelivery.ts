import * as vscode from "vscode";
import type { DeliveryRef } from "../../core/model/delivery";
import type { Services } from "../services";
import type { Command } from "./command";
import { askDeliveryTarget, readDeliveryTarget } from "./deliveryTarget";

/** Opens deliveries in the inspector. */
export function inspectDeliveryCommand(services: Services): Command<readonly DeliveryRef[], { opened: true }> {
  return {
    id: "pacspace.inspectDelivery",
    read: readDeliveryTarget,
    ask: (nodes) => askDeliveryTarget(services, nodes, vscode.l10n.t("Inspect Delivery")),
    run: async (deliveries) => {
      const panels = await services.panels();
      for (const delivery of deliveries) await panels.showDelivery(delivery);
      return { opened: true };
    },
  };
}
