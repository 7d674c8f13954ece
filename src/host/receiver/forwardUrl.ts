import * as vscode from "vscode";
import { invalidInput } from "../../core/errors";
import { isLoopback, parseUrl } from "../../core/model/environment";

/**
 * Throws PacSpaceError `invalid` unless a URL leads to a handler on this machine: what comes in must not be a way out.
 */
export function checkForwardUrl(url: string): void {
  const parsed = parseUrl(url);
  if (parsed !== undefined && /^https?:$/.test(parsed.protocol) && isLoopback(parsed)) return;
  throw invalidInput(
    vscode.l10n.t("Captures are forwarded to this machine only: type a URL such as http://localhost:3000/webhooks."),
  );
}
