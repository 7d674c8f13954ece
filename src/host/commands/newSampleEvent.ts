import * as vscode from "vscode";
import { PacSpaceError, problemOf } from "../../core/errors";
import { sampleFileName } from "../../core/events/sampleFile";
import { textField } from "../../core/model/fields";
import { exists, newSampleText, sampleUri, writeSample } from "../sending/sampleFiles";
import type { Services } from "../services";
import type { Command } from "./command";
import { confirmLoss, requiredText } from "./prompts";
import { pickEvent } from "./samplePicker";

interface Input {
  readonly event: string;
  readonly uri: vscode.Uri;
  readonly overwrite: boolean;
}

function workspaceFolder(): vscode.WorkspaceFolder {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (folder !== undefined) return folder;
  throw new PacSpaceError("notFound", vscode.l10n.t("Samples are kept in a folder: open one first."));
}

async function chosenFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const { workspaceFolders = [] } = vscode.workspace;
  return workspaceFolders.length > 1 ? vscode.window.showWorkspaceFolderPick() : workspaceFolder();
}

async function ask(services: Services): Promise<Input | undefined> {
  const title = vscode.l10n.t("New Sample Event");
  const folder = await chosenFolder();
  if (folder === undefined) return undefined;
  const event = await pickEvent(title, (await services.sending()).targets.recent("events"));
  if (event === undefined) return undefined;
  const name = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t("A name for the case; it is kept in .pacspace/events"),
    value: event.replaceAll(".", "-"),
    ignoreFocusOut: true,
    validateInput: (text) => problemOf(() => sampleFileName(text)),
  });
  if (name === undefined) return undefined;
  const uri = sampleUri(folder, sampleFileName(name));
  if (!(await exists(uri))) return { event, uri, overwrite: false };
  const replace = await confirmLoss(
    vscode.l10n.t("Replace {0}?", sampleFileName(name)),
    vscode.l10n.t("There is a sample of that name. What it holds is lost."),
    vscode.l10n.t("Replace"),
  );
  return replace ? { event, uri, overwrite: true } : undefined;
}

/** Writes a sample of an event into the workspace, for a team to share. */
export function newSampleEventCommand(services: Services): Command<Input, { uri: string }> {
  return {
    id: "pacspace.newSampleEvent",
    read: (argument) => {
      const event = requiredText(argument, "event", "the event's type, for example delta.verified");
      const name = sampleFileName(textField(argument, "name") ?? event.replaceAll(".", "-"));
      return { event, uri: sampleUri(workspaceFolder(), name), overwrite: argument.overwrite === true };
    },
    ask: () => ask(services),
    run: async ({ event, uri, overwrite }) => {
      await writeSample(uri, newSampleText(event), overwrite);
      return { uri: uri.toString() };
    },
    announce: ({ uri }) => {
      void vscode.window.showTextDocument(vscode.Uri.parse(uri));
      return undefined;
    },
  };
}
