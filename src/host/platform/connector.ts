import * as vscode from "vscode";
import type { PacSpaceApi } from "../../api/pacspaceApi";
import type { AccountConnection } from "./connect";

/** Makes clients; the client's bundle is loaded with the first of them. */
export function connectorOf(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
): (account: AccountConnection) => Promise<PacSpaceApi> {
  const { version } = context.extension.packageJSON as { readonly version: string };
  return async (account) => {
    const { connect } = await import("./connect");
    return connect(account, version, log);
  };
}

/** Fires when a setting changed that a client reads once, when it is made. */
export function onDidChangeConnection(listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((change) => {
    // The proxy's settings are read for each request.
    if (["http.systemCertificates", "http.proxyStrictSSL"].some((name) => change.affectsConfiguration(name)))
      listener();
  });
}
