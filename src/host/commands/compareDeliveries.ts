import * as vscode from "vscode";
import { invalidInput } from "../../core/errors";
import { deliveryKey, type DeliveryRef } from "../../core/model/delivery";
import { recordOf, type Fields } from "../../core/model/fields";
import type { Services } from "../services";
import type { TreeNode } from "../tree/nodes";
import type { Command } from "./command";
import { askComparison, compare, readComparison, type Compared, type Comparison } from "./comparison";
import { askDeliveryTarget, readDeliveryTarget } from "./deliveryTarget";

interface Pair extends Comparison {
  readonly sides: readonly [DeliveryRef, DeliveryRef];
}

/** A side of the argument object: an id, or an object that tells two deliveries of one event apart. */
function readSide(argument: Fields, name: "left" | "right"): DeliveryRef {
  const value = argument[name];
  const [ref] =
    value === undefined ? [] : readDeliveryTarget(typeof value === "string" ? { id: value } : recordOf(value));
  if (ref === undefined)
    throw invalidInput(`${name} is missing: a delivery's id, evt_…, or {id, webhookId, createdAt}.`);
  return ref;
}

/** Two selected rows, the older one left; what is missing is asked for. */
async function askSides(
  services: Services,
  nodes: readonly TreeNode[],
  title: string,
): Promise<Pair["sides"] | undefined> {
  const first = await askDeliveryTarget(services, nodes, title);
  if (first === undefined) return undefined;
  if (first.length > 2) throw invalidInput(vscode.l10n.t("Two deliveries can be compared. Select two, or one."));
  const second =
    first.length === 2
      ? []
      : await askDeliveryTarget(services, [], vscode.l10n.t("Compare {0} with", first[0]?.id ?? ""));
  if (second === undefined) return undefined;
  const [left, right] = [...first, ...second].toSorted(
    (one, other) => (Date.parse(one.createdAt ?? "") || 0) - (Date.parse(other.createdAt ?? "") || 0),
  );
  return left && right && [left, right];
}

/** Compares two deliveries in VS Code's own comparison. */
export function compareDeliveriesCommand(services: Services): Command<Pair, Compared> {
  return {
    id: "pacspace.compareDeliveries",
    read: (argument) => ({
      sides: [readSide(argument, "left"), readSide(argument, "right")],
      ...readComparison(argument),
    }),
    ask: async (nodes) => {
      const title = vscode.l10n.t("Compare Deliveries");
      const sides = await askSides(services, nodes, title);
      if (sides === undefined) return undefined;
      const how = await askComparison(title, ["payload", "request", "answer"]);
      return how && { sides, ...how };
    },
    run: async ({ sides, ...how }, { signal }) => {
      const left = await services.deliveries.find(sides[0], signal);
      const right = await services.deliveries.find(sides[1], signal);
      if (deliveryKey(left) === deliveryKey(right)) {
        throw invalidInput(`${left.id} is on both sides. Choose two different deliveries.`);
      }
      return compare(services, [{ delivery: left }, { delivery: right }], how);
    },
  };
}
