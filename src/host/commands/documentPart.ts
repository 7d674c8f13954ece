import * as vscode from "vscode";
import { invalidInput } from "../../core/errors";
import { textField, type Fields } from "../../core/model/fields";
import { documentParts, type DocumentPart } from "../../core/request/documentPart";

/** The part of an argument object. Throws PacSpaceError `invalid` for another word than those there are. */
export function readPart(argument: Fields, otherwise: DocumentPart): DocumentPart {
  const { part } = argument;
  if (part === undefined) return otherwise;
  const known = documentParts.find((candidate) => candidate === textField(argument, "part"));
  if (known === undefined) throw invalidInput(`part must be one of ${documentParts.join(", ")}.`);
  return known;
}

/** Lets a person choose what to open; undefined when the person gave up. */
export async function pickPart(title: string): Promise<DocumentPart | undefined> {
  const words: Readonly<Record<DocumentPart, readonly [label: string, description: string]>> = {
    payload: [vscode.l10n.t("Payload"), vscode.l10n.t("the body that PacSpace sent")],
    request: [vscode.l10n.t("Request"), vscode.l10n.t("headers and payload")],
    response: [vscode.l10n.t("Answer's Body"), vscode.l10n.t("what the endpoint answered")],
    answer: [vscode.l10n.t("Answer"), vscode.l10n.t("status, headers and body")],
    raw: [vscode.l10n.t("Row"), vscode.l10n.t("all that PacSpace's API tells of the delivery")],
  };
  const items = documentParts.map((part) => ({ label: words[part][0], description: words[part][1], part }));
  const placeHolder = vscode.l10n.t("Choose what to open");
  return (await vscode.window.showQuickPick(items, { title, placeHolder, matchOnDescription: true }))?.part;
}
