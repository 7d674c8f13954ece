import * as vscode from "vscode";
import { visibleText } from "../../core/model/visibleText";

/** An icon of the theme, in one of its colours where that tells something. */
export function coloured(icon: string, colour?: string): vscode.ThemeIcon {
  return new vscode.ThemeIcon(icon, colour === undefined ? undefined : new vscode.ThemeColor(colour));
}

/**
 * The parts that there are, with something between them. Every text of a row that comes from outside goes through here or
 * through `visibleText` itself.
 */
export function joined(parts: readonly (string | undefined)[], by = " · "): string {
  return parts.flatMap((part) => (part === undefined || part === "" ? [] : [visibleText(part)])).join(by);
}
