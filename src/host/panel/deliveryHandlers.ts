import * as vscode from "vscode";
import type { Delivery } from "../../core/model/delivery";
import { arrayField, recordOf } from "../../core/model/fields";
import type { Handlers } from "../../protocol/dispatch";
import type { PanelMessage } from "../../protocol/panelMessages";
import type { PanelTarget } from "../../protocol/panelState";
import { deliveryNode } from "../tree/nodes";

/** The wishes that a command of the same meaning fulfils. */
export type DeliveryMessage =
  | "openDocument"
  | "openAnswer"
  | "compareAttempts"
  | "compareWithLastSuccessful"
  | "copyRequest"
  | "openDelivery"
  | "replay"
  | "switchEnvironment";

/**
 * Handles wishes about the delivery of a panel by the commands for it. A command called by argument throws what a
 * person is to be shown.
 * @param shown the delivery, and what its webhook is called
 * @param tell shows a sentence in the panel
 */
export function deliveryHandlers(
  { delivery }: PanelTarget,
  shown: () => { readonly delivery: Delivery; readonly label: string | undefined } | undefined,
  tell: (text: string) => void,
): Pick<Handlers<PanelMessage, unknown>, DeliveryMessage> {
  const call = (name: string, argument: object): Thenable<unknown> =>
    vscode.commands.executeCommand(`pacspace.${name}`, { ...delivery, ...argument });
  return {
    openDocument: ({ part }) => call("openDeliveryDocument", { part, beside: true }),
    openAnswer: ({ attempt }) => call("openDeliveryDocument", { part: "answer", attempt, beside: true }),
    compareAttempts: ({ left, right }) => call("compareAttempts", { left, right }),
    compareWithLastSuccessful: () => call("compareWithLastSuccessful", { placeholders: true }),
    // On a row of the views the command asks for the rest.
    replay: () => {
      const { delivery: row, label } = shown() ?? {};
      return vscode.commands.executeCommand("pacspace.replayDelivery", row && deliveryNode(row, label, "panel"));
    },
    openDelivery: ({ id }) => vscode.commands.executeCommand("pacspace.inspectDelivery", { id }),
    switchEnvironment: () => vscode.commands.executeCommand("pacspace.switchEnvironment"),
    copyRequest: async ({ as }) => {
      const result = recordOf(await call(as === "curl" ? "copyAsCurl" : "copyAsHttp", {}));
      tell([vscode.l10n.t("Copied."), ...(arrayField(result, "notes") ?? [])].join(" "));
    },
  };
}
