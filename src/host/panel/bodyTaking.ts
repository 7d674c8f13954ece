import * as vscode from "vscode";
import { invalidInput, isPacSpaceError } from "../../core/errors";
import { decodeBase64 } from "../../core/model/base64";

/** A body as it was taken, and what a person should know of it. */
export interface TakenBody {
  readonly bytes: Uint8Array;
  /** The file's name. */
  readonly name?: string;
  readonly note?: string;
}

/** Far above any webhook's body: a slip of the hand shall not fill the memory. */
const mostBytes = 64 * 1024 * 1024;

/** @throws PacSpaceError `invalid` when the clipboard holds no text */
export async function bodyFromClipboard(): Promise<TakenBody> {
  const text = await vscode.env.clipboard.readText();
  if (text === "") {
    throw invalidInput(vscode.l10n.t("The clipboard holds no text. Copy the body first, or take it from a file."));
  }
  return {
    bytes: new TextEncoder().encode(text),
    note: vscode.l10n.t(
      "The clipboard holds text: these are its bytes in UTF-8. Line ends may have changed on the way to it; a file or base64 is sure.",
    ),
  };
}

/**
 * Reads a file's bytes.
 * @param file asked for where it is not given
 * @returns undefined when none was chosen
 * @throws PacSpaceError `invalid` for a file over 64 MiB
 */
export async function bodyFromFile(
  file?: vscode.Uri,
  title = vscode.l10n.t("The File That Holds the Body"),
): Promise<TakenBody | undefined> {
  if (file !== undefined) return fileBytes(file);
  const openLabel = vscode.l10n.t("Take Its Bytes");
  const [chosen] = (await vscode.window.showOpenDialog({ title, openLabel })) ?? [];
  return chosen && fileBytes(chosen);
}

async function fileBytes(file: vscode.Uri): Promise<TakenBody> {
  const { size } = await vscode.workspace.fs.stat(file);
  if (size > mostBytes) {
    throw invalidInput(vscode.l10n.t("The file is larger than 64 MiB: that is no webhook's body. Choose another one."));
  }
  return { bytes: await vscode.workspace.fs.readFile(file), name: file.path.split("/").at(-1) ?? "" };
}

function base64Problem(text: string): string | undefined {
  try {
    decodeBase64(text, vscode.l10n.t("This"));
    return undefined;
  } catch (error) {
    if (isPacSpaceError(error)) return error.message;
    return vscode.l10n.t("This is no base64: it ends in the middle of a group.");
  }
}

/**
 * Decodes base64.
 * @param given asked for where it is not given, in a box that refuses anything else
 * @returns undefined when the box was left
 * @throws PacSpaceError `invalid` for what is no base64
 */
export async function bodyFromBase64(given?: string): Promise<TakenBody | undefined> {
  const text =
    given ??
    (await vscode.window.showInputBox({
      title: vscode.l10n.t("The Body as Base64"),
      prompt: vscode.l10n.t("Base64 or base64url; white space is ignored."),
      ignoreFocusOut: true,
      validateInput: base64Problem,
    }));
  return text === undefined ? undefined : { bytes: decodeBase64(text, vscode.l10n.t("The body")) };
}
