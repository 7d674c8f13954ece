import * as vscode from "vscode";

/** An icon of the theme, in one of its colours where that tells something. */
export function coloured(icon: string, colour?: string): vscode.ThemeIcon {
  return new vscode.ThemeIcon(icon, colour === undefined ? undefined : new vscode.ThemeColor(colour));
}

/** The parts that there are, with something between them. */
export function joined(parts: readonly (string | undefined)[], by = " · "): string {
  return parts.filter((part) => part !== undefined && part !== "").join(by);
}
