import * as vscode from "vscode";
import type { Delivery } from "../../core/model/delivery";
import { readDeliveryPageRequest, type DeliveryPageRequest } from "../../core/model/deliveryFilter";
import { settings } from "../platform/settings";
import type { Services } from "../services";
import type { Command } from "./command";

interface Page {
  readonly deliveries: readonly Delivery[];
  readonly total?: number;
}

/** Reads one page of deliveries; only what is given is sent. From the palette: shows the view, read anew. */
export function listDeliveriesCommand(services: Services): Command<DeliveryPageRequest, Page> {
  return {
    id: "pacspace.listDeliveries",
    read: (argument) => ({ limit: settings.pageSize(), ...readDeliveryPageRequest(argument) }),
    ask: async () => {
      await vscode.commands.executeCommand("pacspace.deliveries.focus");
      await services.sidebar.loadDeliveries();
      return undefined;
    },
    run: async (request, task) => {
      const { deliveries, total } = await services
        .account()
        .call((api) => api.webhooks.deliveryPage(request, { signal: task.signal }));
      return { deliveries, ...(total !== undefined && { total }) };
    },
  };
}
