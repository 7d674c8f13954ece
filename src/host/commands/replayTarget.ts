import * as vscode from "vscode";
import { invalidInput } from "../../core/errors";
import type { Delivery } from "../../core/model/delivery";
import { textField, type Fields } from "../../core/model/fields";
import { readTargetUrl } from "../../send/targetUrl";
import { mayBeLaidOutAnew, type ReplaySource, type ReplayWish } from "../sending/replaySources";
import type { Services } from "../services";
import type { TreeNode } from "../tree/nodes";
import { askDeliveryTarget, readDeliveryTarget } from "./deliveryTarget";
import { requiredText, requireLoopback } from "./prompts";

/** What is sent again, where to and how. */
export interface ReplayTarget extends ReplayWish {
  /** Oldest first. */
  readonly sources: readonly ReplaySource[];
}

function isCaptureId(id: string): boolean {
  return id.startsWith("cap_");
}

/** The argument object's delivery or capture, URL and wish. Throws PacSpaceError `invalid` for what is missing or wrong. */
export function readReplayTarget(argument: Fields): ReplayTarget {
  const id = requiredText(argument, "id", "a delivery's id, evt_…, or a capture's, cap_…");
  const url = readTargetUrl(requiredText(argument, "url", "where your handler runs"), "url").href;
  requireLoopback(argument, url, "the delivery");
  const { resign = false } = argument;
  if (typeof resign !== "boolean") throw invalidInput("resign must be true or false.");
  const webhookId = textField(argument, "webhookId");
  const sources: readonly ReplaySource[] = isCaptureId(id)
    ? [{ kind: "capture", id, webhookId }]
    : readDeliveryTarget(argument).map((ref) => ({ kind: "delivery", ref }));
  return { sources, url, resign };
}

interface Chosen {
  readonly source: ReplaySource;
  readonly at: string;
  readonly delivery?: Delivery;
}

/** A row as something to send again; undefined for a row of another kind. */
function chosenOf(node: TreeNode): readonly Chosen[] {
  if (node.kind !== "delivery") return [];
  const { delivery } = node;
  return [{ source: { kind: "delivery", ref: delivery }, at: delivery.createdAt ?? "", delivery }];
}

async function askChosen(services: Services, nodes: readonly TreeNode[], title: string): Promise<readonly Chosen[]> {
  const chosen = nodes.flatMap(chosenOf);
  if (chosen.length > 0) return chosen.toSorted((left, right) => Date.parse(left.at) - Date.parse(right.at));
  const refs = (await askDeliveryTarget(services, [], title)) ?? [];
  return refs.flatMap((ref): readonly Chosen[] => {
    const delivery = services.account().deliveries.get(ref);
    return [{ source: { kind: "delivery", ref }, at: ref.createdAt ?? "", ...(delivery && { delivery }) }];
  });
}

async function askResign(title: string, laidOutAnew: boolean): Promise<boolean | undefined> {
  const anew = {
    label: `$(key) ${vscode.l10n.t("Signed anew")}`,
    detail: vscode.l10n.t("The same body with a timestamp of now, signed with the stored secret of its webhook"),
    resign: true,
  };
  const asItWas = {
    label: `$(history) ${vscode.l10n.t("As it was")}`,
    detail: laidOutAnew
      ? vscode.l10n.t(
          "PacSpace's API gives the payload as a value, perhaps laid out anew: then the old signature can't match",
        )
      : vscode.l10n.t("Byte for byte with its old signature: a handler refuses it once it is some minutes old"),
    resign: false,
  };
  const placeHolder = vscode.l10n.t("How shall it be sent?");
  return (await vscode.window.showQuickPick([anew, asItWas], { title, placeHolder }))?.resign;
}

/** The selected rows, or a delivery to choose; where to and how. Undefined when the person gave up. */
export async function askReplayTarget(
  services: Services,
  nodes: readonly TreeNode[],
  title: string,
): Promise<ReplayTarget | undefined> {
  const chosen = await askChosen(services, nodes, title);
  if (chosen.length === 0) return undefined;
  const what = chosen.length === 1 ? vscode.l10n.t("the delivery") : vscode.l10n.t("the {0} deliveries", chosen.length);
  const url = await (await services.sending()).targets.askUrl(title, what);
  if (url === undefined) return undefined;
  const laidOutAnew = chosen.some(({ delivery }) => delivery !== undefined && mayBeLaidOutAnew(delivery));
  const resign = await askResign(title, laidOutAnew);
  return resign === undefined ? undefined : { sources: chosen.map(({ source }) => source), url, resign };
}
