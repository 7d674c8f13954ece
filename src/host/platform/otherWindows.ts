import * as vscode from "vscode";
import type { Account } from "../../state/account";

/**
 * Takes up what other windows change in SecretStorage: a session, a webhook's secret. Its events don't reach every
 * window, so that all is read anew when this one comes to the front.
 */
export function followOtherWindows(secrets: vscode.SecretStorage, account: () => Account): vscode.Disposable {
  const quietly = (reading: Promise<void>): void => void reading.then(undefined, () => undefined);
  return vscode.Disposable.from(
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused) quietly(account().reread());
    }),
    secrets.onDidChange(({ key }) => quietly(account().rereadEntry(key))),
  );
}
