import * as vscode from "vscode";
import {
  deliverySortKeys,
  deliveryStatuses,
  readDay,
  readDeliveryViewFilter,
  type DeliveryViewFilter,
} from "../../core/model/deliveryFilter";
import { webhookLabel } from "../../core/model/webhook";
import type { Account } from "../../state/account";
import { endpointLabel } from "../tree/webhooksTree";

type Draft = { -readonly [K in keyof DeliveryViewFilter]: DeliveryViewFilter[K] | undefined };
type Step = vscode.QuickPickItem & { change?: () => Promise<Draft | undefined>; done?: "apply" | "clear" };

interface Option {
  readonly label: string;
  readonly description?: string;
  readonly value: string | undefined;
}

async function choose(title: string, any: string, options: readonly Option[]): Promise<Option | undefined> {
  return vscode.window.showQuickPick([{ label: any, value: undefined }, ...options], { title });
}

/** What is wrong with the days from and until together. */
function orderProblem({ startDate, endDate }: Draft): string | undefined {
  if (startDate === undefined || endDate === undefined || startDate <= endDate) return undefined;
  return vscode.l10n.t("From ({0}) lies after Until ({1}).", startDate, endDate);
}

/** @param problemOf what is wrong with a day that exists; said where it is typed, since Apply would lose the draft */
async function askDay(
  title: string,
  label: string,
  value: string | undefined,
  problemOf: (day: string) => string | undefined,
): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t("A UTC day, YYYY-MM-DD, included. Leave it empty for no limit"),
    value: value ?? "",
    placeHolder: new Date().toISOString().slice(0, 10),
    validateInput: (text) => {
      if (text.trim() === "") return undefined;
      try {
        return problemOf(readDay(label, text.trim()));
      } catch (error) {
        return (error as Error).message;
      }
    },
  });
}

/** Values that the loaded rows have, for what only works on them. */
function loadedEvents(account: Account): readonly Option[] {
  const events = new Set(account.deliveries.snapshot.rows.flatMap(({ event }) => (event === undefined ? [] : [event])));
  return [...events].sort().map((event) => ({ label: event, value: event }));
}

/** Lets a person build a filter step by step, in any order; each step shows what is set. */
export async function pickDeliveryFilter(account: Account): Promise<DeliveryViewFilter | undefined> {
  const title = vscode.l10n.t("Filter Deliveries");
  const any = vscode.l10n.t("Any");
  let draft: Draft = { ...account.deliveries.filter };
  for (;;) {
    const steps: Step[] = [
      { label: `$(check) ${vscode.l10n.t("Apply")}`, done: "apply" },
      {
        label: `$(pulse) ${vscode.l10n.t("Status")}`,
        description: draft.status ?? any,
        change: () =>
          change(
            "status",
            choose(
              title,
              any,
              deliveryStatuses.map((value) => ({ label: value, value })),
            ),
          ),
      },
      {
        label: `$(calendar) ${vscode.l10n.t("From")}`,
        description: draft.startDate ?? any,
        change: () => changeDay("startDate", vscode.l10n.t("From")),
      },
      {
        label: `$(calendar) ${vscode.l10n.t("Until")}`,
        description: draft.endDate ?? any,
        change: () => changeDay("endDate", vscode.l10n.t("Until")),
      },
      {
        label: `$(symbol-event) ${vscode.l10n.t("Event")}`,
        description: draft.event ?? any,
        detail: vscode.l10n.t("PacSpace has no such filter: it works on the rows that are loaded"),
        change: () => change("event", choose(title, any, loadedEvents(account))),
      },
      {
        label: `$(broadcast) ${vscode.l10n.t("Webhook")}`,
        description: endpointLabel(account, draft.webhookId, draft.webhookId) ?? any,
        detail: vscode.l10n.t("Works on the rows that are loaded"),
        change: () =>
          change(
            "webhookId",
            choose(
              title,
              any,
              account.webhooks.snapshot.webhooks.map((webhook) => ({
                label: webhookLabel(webhook),
                description: webhook.id,
                value: webhook.id,
              })),
            ),
          ),
      },
      {
        label: `$(list-ordered) ${vscode.l10n.t("Sort by")}`,
        description: `${draft.sortBy ?? "createdAt"} ${draft.sortOrder === "asc" ? "↑" : "↓"}`,
        change: changeOrder,
      },
      { label: `$(clear-all) ${vscode.l10n.t("Clear all")}`, done: "clear" },
    ];
    const step = await vscode.window.showQuickPick(steps, {
      title,
      placeHolder: vscode.l10n.t("Choose what to change, then Apply"),
    });
    if (step === undefined) return undefined;
    if (step.done === "clear") return {};
    if (step.done === "apply") return readDeliveryViewFilter(draft);
    draft = (await step.change?.()) ?? draft;
  }

  async function change(name: keyof Draft, chosen: Promise<Option | undefined>): Promise<Draft | undefined> {
    const option = await chosen;
    return option === undefined ? undefined : { ...draft, [name]: option.value };
  }

  async function changeDay(name: "startDate" | "endDate", label: string): Promise<Draft | undefined> {
    const day = await askDay(title, label, draft[name], (typed) => orderProblem({ ...draft, [name]: typed }));
    return day === undefined ? undefined : { ...draft, [name]: day.trim() || undefined };
  }

  async function changeOrder(): Promise<Draft | undefined> {
    const orders = deliverySortKeys.flatMap((sortBy) =>
      (["desc", "asc"] as const).map((sortOrder) => ({
        label: `${sortBy} ${sortOrder === "asc" ? "↑" : "↓"}`,
        sortBy,
        sortOrder,
      })),
    );
    const chosen = await vscode.window.showQuickPick(orders, { title });
    return chosen && { ...draft, sortBy: chosen.sortBy, sortOrder: chosen.sortOrder };
  }
}
