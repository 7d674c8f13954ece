import * as vscode from "vscode";
import type { Delivery, DeliveryRef } from "../../core/model/delivery";
import { textField, type Fields } from "../../core/model/fields";
import { visibleText } from "../../core/model/visibleText";
import type { Services } from "../services";
import type { TreeNode } from "../tree/nodes";
import { age } from "../tree/times";
import { endpointLabel } from "../tree/webhooksTree";
import { pickWhenRead, requiredText } from "./prompts";

type DeliveryItem = vscode.QuickPickItem & { readonly delivery: Delivery };

/** The delivery of an argument object; `webhookId` and `createdAt` tell two of one event apart. */
export function readDeliveryTarget(argument: Fields): readonly DeliveryRef[] {
  const webhookId = textField(argument, "webhookId");
  const createdAt = textField(argument, "createdAt");
  return [{ id: requiredText(argument, "id", "the delivery's id, evt_…"), webhookId, createdAt }];
}

/** The deliveries that rows stand for: a capture is one, too. */
export function chosenDeliveries(services: Services, nodes: readonly TreeNode[]): readonly Delivery[] {
  return nodes.flatMap((node) => {
    if (node.kind === "delivery") return [node.delivery];
    return node.kind === "capture" ? (services.deliveries.loaded({ id: node.capture.id }) ?? []) : [];
  });
}

/** The selected rows' deliveries; from the palette, one that a person picks among those loaded. */
export async function askDeliveryTarget(
  services: Services,
  nodes: readonly TreeNode[],
  title: string,
  only?: { readonly status: string },
): Promise<readonly DeliveryRef[] | undefined> {
  const chosen = chosenDeliveries(services, nodes);
  if (chosen.length > 0) return only === undefined ? chosen : chosen.filter(({ status }) => status === only.status);
  const account = services.account();
  const items = (): readonly DeliveryItem[] =>
    account.deliveries.snapshot.rows
      .filter(({ status }) => only === undefined || status === only.status)
      .map((delivery) => ({
        label: visibleText(delivery.event ?? delivery.id),
        description: [visibleText(delivery.status), age(delivery.createdAt, Date.now())].join(" · "),
        detail: [visibleText(delivery.id), endpointLabel(account, delivery.webhookId, delivery.endpoint)].join(" · "),
        delivery,
      }));
  const options = {
    title,
    matchOnDescription: true,
    matchOnDetail: true,
    placeHolder: vscode.l10n.t("Choose a delivery among those loaded"),
  };
  const picked = await pickWhenRead(
    () => (account.deliveries.snapshot.loaded ? items() : services.sidebar.loadDeliveries().then(items)),
    options,
    vscode.l10n.t("No such delivery is loaded. Load more, or change the filter."),
  );
  return picked && [picked.delivery];
}
