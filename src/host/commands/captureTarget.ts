import * as vscode from "vscode";
import type { Fields } from "../../core/model/fields";
import type { Services } from "../services";
import type { TreeNode } from "../tree/nodes";
import { age } from "../tree/times";
import { requiredText } from "./prompts";

/** The capture of an argument object. Throws PacSpaceError `invalid` without an id. */
export function readCaptureTarget(argument: Fields): readonly string[] {
  return [requiredText(argument, "id", "the capture's id, cap_…")];
}

/** The selected rows' captures, oldest first; from the palette, one that a person picks. */
export async function askCaptureTarget(
  services: Services,
  nodes: readonly TreeNode[],
  title: string,
): Promise<readonly string[] | undefined> {
  const chosen = nodes.flatMap((node) => (node.kind === "capture" ? [node.capture] : []));
  if (chosen.length > 0) {
    return chosen.toSorted((left, right) => left.receivedAt.localeCompare(right.receivedAt)).map(({ id }) => id);
  }
  const { store } = await services.receiver.get();
  const items = store.captures.map(({ check, event, eventId, id, method, receivedAt, target }) => ({
    label: event ?? `${method} ${target}`,
    description: [check.state, age(receivedAt, Date.now())].join(" · "),
    detail: eventId === undefined ? id : `${eventId} · ${id}`,
    id,
  }));
  if (items.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t("Nothing was captured yet. Start the receiver first."));
    return undefined;
  }
  const options = { title, placeHolder: vscode.l10n.t("Choose a capture"), matchOnDetail: true };
  const picked = await vscode.window.showQuickPick(items, options);
  return picked && [picked.id];
}
