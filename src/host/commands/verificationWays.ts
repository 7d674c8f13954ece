import * as vscode from "vscode";
import type { DeliveryRef } from "../../core/model/delivery";
import { requestFromClipboard, requestFromEditor, requestFromFile, type TakenRequest } from "../panel/requestTaking";
import type { Services } from "../services";
import type { TreeNode } from "../tree/nodes";
import { askDeliveryTarget, chosenDeliveries } from "./deliveryTarget";

interface Way extends vscode.QuickPickItem {
  /** Leads to the panel, where the answer is shown. */
  go(): Promise<unknown>;
}

async function showDeliveries(services: Services, deliveries: readonly DeliveryRef[] = []): Promise<void> {
  const panels = await services.panels();
  for (const delivery of deliveries) await panels.verifyDelivery(delivery);
}

function editorWay(show: (request: TakenRequest) => Promise<void>): readonly Way[] {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return [];
  const isWhole = editor.selection.isEmpty;
  return [
    {
      label: isWhole ? vscode.l10n.t("$(file-code) The Editor's Text") : vscode.l10n.t("$(selection) The Selection"),
      description: vscode.workspace.asRelativePath(editor.document.uri),
      go: () => show(requestFromEditor(editor)),
    },
  ];
}

/**
 * Lets a person say what to verify, and shows it in the panel: the rows the command was called on, else the clipboard,
 * the editor's selection, a file, a loaded delivery, or what is typed by hand.
 * @throws PacSpaceError `invalid` for what can't be read as a request
 */
export async function verifyByPerson(services: Services, nodes: readonly TreeNode[]): Promise<void> {
  const rows = chosenDeliveries(services, nodes);
  if (rows.length > 0) {
    await showDeliveries(services, rows);
    return;
  }
  const show = async (request?: TakenRequest): Promise<void> => (await services.panels()).showVerify(request);
  const title = vscode.l10n.t("Verify a Webhook Signature");
  const ways: readonly Way[] = [
    {
      label: vscode.l10n.t("$(clippy) The Clipboard"),
      description: vscode.l10n.t("raw HTTP, a curl command, a HAR entry, logged headers, base64"),
      go: async () => show(await requestFromClipboard()),
    },
    ...editorWay(show),
    {
      label: vscode.l10n.t("$(file) A File…"),
      description: vscode.l10n.t("read byte for byte"),
      go: async () => {
        const request = await requestFromFile();
        if (request !== undefined) await show(request);
      },
    },
    {
      label: vscode.l10n.t("$(inspect) A Delivery…"),
      description: vscode.l10n.t("one of those loaded"),
      go: async () => showDeliveries(services, await askDeliveryTarget(services, [], title)),
    },
    { label: vscode.l10n.t("$(edit) By Hand"), description: vscode.l10n.t("header by header"), go: () => show() },
  ];
  const way = await vscode.window.showQuickPick(ways, {
    title,
    placeHolder: vscode.l10n.t("Where is the request?"),
    matchOnDescription: true,
    // A panel in front takes the focus back when the palette closes.
    ignoreFocusOut: true,
  });
  await way?.go();
}
