import * as vscode from "vscode";
import { eventTypes } from "../../core/events/catalogue";
import { openSample, sampleFiles } from "../sending/sampleFiles";

/** What is sent: a fresh sample of an event, a sample's file with its placeholders, or a body as it is. */
export type SampleChoice =
  | { readonly kind: "event"; readonly event: string }
  | { readonly kind: "file"; readonly uri: vscode.Uri }
  | { readonly kind: "body"; readonly event: string; readonly body: string };

type Item = vscode.QuickPickItem & { readonly choice?: SampleChoice };

function separator(label: string): Item {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

function eventItem(name: string): Item {
  const type = eventTypes.find((candidate) => candidate.name === name);
  return { label: name, ...(type && { description: type.title }), choice: { kind: "event", event: name } };
}

/** Lets a person choose an event's type; the ones used before stand first. */
export async function pickEvent(title: string, recent: readonly string[]): Promise<string | undefined> {
  const chosen = await pick(title, eventItems(recent));
  return chosen?.kind === "event" ? chosen.event : undefined;
}

function eventItems(recent: readonly string[]): readonly Item[] {
  const others = eventTypes.filter(({ name }) => !recent.includes(name));
  const part = (label: string, names: readonly string[]): readonly Item[] =>
    names.length === 0 ? [] : [separator(label), ...names.map(eventItem)];
  return [
    ...part(vscode.l10n.t("used before"), recent),
    ...part(
      vscode.l10n.t("events"),
      others.filter(({ current }) => current).map(({ name }) => name),
    ),
    ...part(
      vscode.l10n.t("on older pages"),
      others.filter(({ current }) => !current).map(({ name }) => name),
    ),
  ];
}

async function pick(title: string, items: readonly Item[]): Promise<SampleChoice | undefined> {
  const options = { title, placeHolder: vscode.l10n.t("Choose an event"), matchOnDescription: true };
  return (await vscode.window.showQuickPick(items, options))?.choice;
}

/**
 * Lets a person choose what to send: an event, or a sample that the workspace keeps.
 * @returns undefined when the person gave up, or wants to edit the payload first: then it is open in an editor
 */
export async function askSample(title: string, recent: readonly string[]): Promise<SampleChoice | undefined> {
  const files = (await sampleFiles()).map((uri): Item => {
    const label = `$(json) ${uri.path.slice(uri.path.lastIndexOf("/") + 1)}`;
    return { label, description: vscode.workspace.asRelativePath(uri), choice: { kind: "file", uri } };
  });
  const kept = files.length === 0 ? [] : [separator(vscode.l10n.t("samples of this workspace")), ...files];
  const choice = await pick(title, [...kept, ...eventItems(recent)]);
  if (choice?.kind !== "event") return choice;
  const now = { label: `$(play) ${vscode.l10n.t("Send it now")}`, edit: false };
  const edit = {
    label: `$(edit) ${vscode.l10n.t("Edit the payload first")}`,
    detail: vscode.l10n.t("Then send it by the button in the editor's title"),
    edit: true,
  };
  const step = await vscode.window.showQuickPick([now, edit], { title, placeHolder: choice.event });
  if (step?.edit === true) await openSample(choice.event);
  return step?.edit === false ? choice : undefined;
}
