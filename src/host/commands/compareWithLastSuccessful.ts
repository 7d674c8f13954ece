import * as vscode from "vscode";
import type { DeliveryRef } from "../../core/model/delivery";
import { findLastSuccessful } from "../../state/findDelivery";
import type { Services } from "../services";
import type { Command } from "./command";
import { askComparison, compare, readComparison, type Compared, type Comparison } from "./comparison";
import { askDeliveryTarget, readDeliveryTarget } from "./deliveryTarget";

interface Wanted extends Comparison {
  readonly delivery: DeliveryRef;
}

/** Compares a delivery with the last one of its event that succeeded, which stands left. */
export function compareWithLastSuccessfulCommand(services: Services): Command<Wanted, Compared> {
  return {
    id: "pacspace.compareWithLastSuccessful",
    single: true,
    progress: {
      place: { view: "pacspace.deliveries" },
      title: vscode.l10n.t("Looking for the last successful delivery…"),
    },
    read: (argument) => {
      const [delivery = { id: "" }] = readDeliveryTarget(argument);
      return { delivery, ...readComparison(argument) };
    },
    ask: async (nodes) => {
      const title = vscode.l10n.t("Compare with the Last Successful Delivery");
      const [delivery] = (await askDeliveryTarget(services, nodes, title)) ?? [];
      if (delivery === undefined) return undefined;
      const how = await askComparison(title, ["payload", "request", "answer"]);
      return how && { delivery, ...how };
    },
    run: async ({ delivery: ref, ...how }, { signal }) => {
      const delivery = await services.deliveries.find(ref, signal);
      const successful = await services.account().call((api) => findLastSuccessful(api, delivery, signal));
      return compare(services, [{ delivery: successful }, { delivery }], how);
    },
  };
}
