import { homedir } from "node:os";
import * as path from "node:path";
import * as vscode from "vscode";
import { invalidInput } from "../../core/errors";
import {
  apiFilter,
  readDeliveryPageRequest,
  type DeliveryPageRequest,
  type DeliveryViewFilter,
} from "../../core/model/deliveryFilter";
import { exportDeliveries } from "../../state/actions/exportDeliveries";
import type { Services } from "../services";
import type { Command } from "./command";
import { requiredText } from "./prompts";

interface Export {
  readonly request: DeliveryPageRequest;
  readonly target: vscode.Uri;
  readonly overwrite: boolean;
  /** What the view's filter leaves out and the export has all the same, in words. */
  readonly unfiltered?: string | undefined;
}

/** Reads the target: a `file:` URI, or an absolute path. Throws PacSpaceError `invalid` for others. */
function readTarget(text: string): vscode.Uri {
  if (path.isAbsolute(text)) return vscode.Uri.file(text);
  let uri: vscode.Uri | undefined;
  try {
    uri = vscode.Uri.parse(text, true);
  } catch {
    uri = undefined;
  }
  if (uri?.scheme === "file") return uri;
  throw invalidInput("uri must be a file: URI, for example file:///home/me/deliveries.csv.");
}

function bytesSoFar(bytes: number): string {
  return bytes < 1_000_000
    ? vscode.l10n.t("{0} KB", Math.ceil(bytes / 1_000))
    : vscode.l10n.t("{0} MB", (bytes / 1_000_000).toFixed(1));
}

/** A person takes the file for what the view shows, unless told that it holds more. */
function unfilteredParts({ event, webhookId }: DeliveryViewFilter): string | undefined {
  if (event !== undefined && webhookId !== undefined)
    return vscode.l10n.t("PacSpace's export has all events and all webhooks: it can't be filtered by these.");
  if (event !== undefined) return vscode.l10n.t("PacSpace's export has all events: it can't be filtered by them.");
  if (webhookId !== undefined)
    return vscode.l10n.t("PacSpace's export has all webhooks: it can't be filtered by them.");
  return undefined;
}

async function askTarget(services: Services): Promise<Export | undefined> {
  const { deliveries, environment } = services.account();
  // Who is not signed in hears it now, and not when a file has been chosen.
  await services.account().signedInApi();
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(homedir());
  const name = `${environment.name.toLowerCase().replace(/[^a-z0-9]+/g, "-")}-deliveries-${new Date().toISOString().slice(0, 10)}.csv`;
  const unfiltered = unfilteredParts(deliveries.filter);
  const title = vscode.l10n.t("Export Deliveries of {0}", environment.name);
  const target = await vscode.window.showSaveDialog({
    title: unfiltered === undefined ? title : `${title}. ${unfiltered}`,
    defaultUri: vscode.Uri.joinPath(folder, name),
    filters: { CSV: ["csv"] },
    saveLabel: vscode.l10n.t("Export"),
  });
  if (target === undefined) return undefined;
  if (target.scheme !== "file") throw invalidInput(vscode.l10n.t("The export can be saved to a file on disk only."));
  // The dialog has asked already whether a file may be replaced.
  return { request: apiFilter(deliveries.filter), target, overwrite: true, unfiltered };
}

/** Saves the CSV of the deliveries that the filter matches, with progress and cancel. */
export function exportDeliveriesCommand(services: Services): Command<Export, { uri: string; bytes: number }> {
  return {
    id: "pacspace.exportDeliveries",
    progress: { place: "notification", title: vscode.l10n.t("Exporting deliveries") },
    read: (argument) => {
      const { uri: _uri, overwrite, ...request } = argument;
      const target = readTarget(requiredText(argument, "uri", "the file to write"));
      return { request: readDeliveryPageRequest(request), target, overwrite: overwrite === true };
    },
    ask: () => askTarget(services),
    run: async ({ request, target, overwrite }, task) => {
      let told = 0;
      const onBytes = (bytes: number): void => {
        if (Date.now() - told < 100) return;
        told = Date.now();
        task.report(bytesSoFar(bytes));
      };
      const bytes = await exportDeliveries(services.account(), request, target.fsPath, {
        signal: task.signal,
        overwrite,
        onBytes,
      });
      return { uri: target.toString(), bytes };
    },
    announce: ({ uri, bytes }, { unfiltered }) => ({
      severity: "information",
      message: [
        vscode.l10n.t("Exported {0} to {1}.", bytesSoFar(bytes), path.basename(vscode.Uri.parse(uri).fsPath)),
        ...(unfiltered === undefined ? [] : [unfiltered]),
      ].join(" "),
      choices: [
        {
          label: vscode.l10n.t("Open"),
          run: () => vscode.commands.executeCommand("vscode.open", vscode.Uri.parse(uri)),
        },
      ],
    }),
  };
}
