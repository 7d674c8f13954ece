import * as vscode from "vscode";
import type { DeliveryRef } from "../../core/model/delivery";
import { numberField } from "../../core/model/fields";
import type { DocumentPart } from "../../core/request/documentPart";
import type { Services } from "../services";
import type { Command } from "./command";
import { askDeliveryTarget, readDeliveryTarget } from "./deliveryTarget";
import { pickPart, readPart } from "./documentPart";

interface Wanted {
  readonly deliveries: readonly DeliveryRef[];
  readonly part: DocumentPart;
  readonly attempt?: number | undefined;
  /** Whether the editor in front stays in sight. */
  readonly beside: boolean;
}

/** Opens a text of a delivery as a document. */
export function openDeliveryDocumentCommand(
  services: Services,
): Command<Wanted, { readonly opened: true; readonly uri: string }> {
  return {
    id: "pacspace.openDeliveryDocument",
    read: (argument) => ({
      deliveries: readDeliveryTarget(argument),
      part: readPart(argument, "payload"),
      attempt: numberField(argument, "attempt"),
      beside: argument.beside === true,
    }),
    ask: async (nodes) => {
      const title = vscode.l10n.t("Open as Document");
      const deliveries = await askDeliveryTarget(services, nodes, title);
      if (deliveries === undefined) return undefined;
      const part = await pickPart(title);
      return part && { deliveries, part, beside: false };
    },
    run: async ({ deliveries, part, attempt, beside }, { signal }) => {
      const column = beside ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
      let uri = "";
      for (const ref of deliveries) {
        const delivery = await services.deliveries.find(ref, signal);
        const documents = await services.documents.get();
        const address = documents.address(delivery, { part, attempt });
        await documents.show(address, column);
        uri = address.toString();
      }
      return { opened: true, uri };
    },
  };
}
