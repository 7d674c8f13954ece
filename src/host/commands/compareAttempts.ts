import * as vscode from "vscode";
import { invalidInput, PacSpaceError } from "../../core/errors";
import { attemptTimeline } from "../../core/model/attemptTimeline";
import type { Delivery, DeliveryRef } from "../../core/model/delivery";
import { readDeliveryDetail } from "../../core/model/deliveryDetail";
import { numberField, type Fields } from "../../core/model/fields";
import type { Services } from "../services";
import { fullTime } from "../tree/times";
import type { Command } from "./command";
import { compare, readComparison, type Compared, type Comparison } from "./comparison";
import { askDeliveryTarget, readDeliveryTarget } from "./deliveryTarget";

interface Pair extends Comparison {
  readonly delivery: DeliveryRef;
  /** Counted from 1 among those that the API describes. */
  readonly attempts: readonly [number, number];
}

function readAttempt(argument: Fields, name: "left" | "right"): number {
  const number = numberField(argument, name);
  if (number === undefined || !Number.isInteger(number) || number < 1) {
    throw invalidInput(`${name} must be the number of an attempt, counted from 1.`);
  }
  return number;
}

/** How many attempts can be compared. Throws PacSpaceError `notFound` when it is less than two. */
function comparable(delivery: Delivery): ReturnType<typeof attemptTimeline>["entries"] {
  const { entries, told } = attemptTimeline(delivery, readDeliveryDetail(delivery));
  if (told === "each" && entries.length > 1) return entries;
  const known = told === "each" ? "one attempt" : "no single attempts";
  throw new PacSpaceError(
    "notFound",
    `PacSpace's API describes ${known} of ${delivery.id}: there are no two to compare.`,
  );
}

/** Two attempts that a person picks; the last two are chosen already. */
async function pickAttempts(delivery: Delivery): Promise<Pair["attempts"] | undefined> {
  const entries = comparable(delivery);
  const items = entries.map(({ at, error, httpStatus }, index) => ({
    label: vscode.l10n.t("Attempt {0}", index + 1),
    description: [httpStatus === undefined ? error : `HTTP ${httpStatus}`, at && fullTime(at)]
      .filter(Boolean)
      .join(" · "),
    picked: index >= entries.length - 2,
    number: index + 1,
  }));
  const options = {
    title: vscode.l10n.t("Compare Attempts"),
    placeHolder: vscode.l10n.t("Choose two"),
    canPickMany: true,
  } as const;
  const picked = await vscode.window.showQuickPick(items, options);
  if (picked === undefined) return undefined;
  const [left, right] = picked.map(({ number }) => number);
  if (left === undefined || right === undefined || picked.length > 2) {
    throw invalidInput(vscode.l10n.t("Two attempts can be compared: choose two."));
  }
  return [left, right];
}

/** Compares the answers to two attempts of one delivery. */
export function compareAttemptsCommand(services: Services): Command<Pair, Compared> {
  return {
    id: "pacspace.compareAttempts",
    single: true,
    read: (argument) => {
      const [delivery = { id: "" }] = readDeliveryTarget(argument);
      const attempts = [readAttempt(argument, "left"), readAttempt(argument, "right")] as const;
      return { delivery, attempts, ...readComparison(argument, "answer") };
    },
    ask: async (nodes) => {
      const [ref] = (await askDeliveryTarget(services, nodes, vscode.l10n.t("Compare Attempts"))) ?? [];
      if (ref === undefined) return undefined;
      const attempts = await pickAttempts(await services.deliveries.find(ref));
      return attempts && { delivery: ref, attempts, part: "answer", placeholders: false };
    },
    run: async ({ delivery: ref, attempts, ...how }, { signal }) => {
      const delivery = await services.deliveries.find(ref, signal);
      comparable(delivery);
      return compare(
        services,
        [
          { delivery, attempt: attempts[0] },
          { delivery, attempt: attempts[1] },
        ],
        how,
      );
    },
  };
}
