import * as vscode from "vscode";
import { invalidInput } from "../../core/errors";
import { readRequest } from "../../core/request/readRequest";
import type { ReadRequest } from "../../core/request/readRequestTypes";
import { bodyFromFile } from "./bodyTaking";

/** A whole request as it was taken, and what a person should know of the way it came. */
export interface TakenRequest {
  readonly read: ReadRequest;
  /** Where it came from, in words. */
  readonly from: string;
  readonly warnings: readonly string[];
}

/** @throws PacSpaceError `invalid` when the clipboard holds no text, or none that can be read as a request */
export async function requestFromClipboard(): Promise<TakenRequest> {
  const text = await vscode.env.clipboard.readText();
  if (text === "") {
    throw invalidInput(vscode.l10n.t("The clipboard holds no text. Copy the request first, or take it from a file."));
  }
  return requestFromText(text, vscode.l10n.t("the clipboard"));
}

/** @throws PacSpaceError `invalid` when the text can't be read as a request */
export function requestFromText(text: string, from: string): TakenRequest {
  const warning = vscode.l10n.t(
    "It came as text: its bytes are those in UTF-8, and line ends may have changed on the way. A file or base64 is sure.",
  );
  return { read: readRequest(text), from, warnings: [warning] };
}

/**
 * Reads a file's bytes as a request.
 * @param file asked for where it is not given
 * @returns undefined when none was chosen
 * @throws PacSpaceError `invalid` for a file over 64 MiB, or one that can't be read as a request
 */
export async function requestFromFile(file?: vscode.Uri): Promise<TakenRequest | undefined> {
  const taken = await bodyFromFile(file, vscode.l10n.t("The File That Holds the Request"));
  return taken && { read: readRequest(taken.bytes), from: taken.name ?? "", warnings: [] };
}

/** What an editor may have changed of the bytes that a selection shows. */
function editorWarnings(document: vscode.TextDocument, selected: string): readonly string[] {
  const isWhole = selected.length === document.getText().length;
  const ends =
    document.lineCount === 1
      ? []
      : document.eol === vscode.EndOfLine.CRLF
        ? [vscode.l10n.t("The editor gives every line end as CRLF, also those that are LF in the file.")]
        : [vscode.l10n.t("The editor gives every line end as LF, also those that are CRLF in the file.")];
  return [
    ...ends,
    ...(isWhole ? [vscode.l10n.t("A byte-order mark at the beginning of the file is not part of the text.")] : []),
    selected.endsWith("\n")
      ? vscode.l10n.t("The selection ends with a line end: what was sent may have none.")
      : vscode.l10n.t("The selection ends without a line end: what was sent may have one."),
    ...(document.isDirty
      ? [vscode.l10n.t("The file has changes that are not saved.")]
      : document.uri.scheme === "file"
        ? [vscode.l10n.t("To be sure of every byte, verify the file itself.")]
        : []),
  ];
}

/**
 * Reads an editor's selection as a request; without one, all of its text.
 * @throws PacSpaceError `invalid` when it can't be read as a request
 */
export function requestFromEditor({ document, selection }: vscode.TextEditor): TakenRequest {
  const text = document.getText(selection.isEmpty ? undefined : selection);
  const name = vscode.workspace.asRelativePath(document.uri);
  const from = selection.isEmpty ? name : vscode.l10n.t("the selection in {0}", name);
  return { read: readRequest(text), from, warnings: editorWarnings(document, text) };
}
