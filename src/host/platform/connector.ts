import * as vscode from "vscode";
import type { ClientOptions, PacSpaceApi } from "../../api/pacspaceApi";
import { connectionSettings } from "./connection";

/** Makes clients; the client's bundle is loaded with the first of them. */
export function connectorOf(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
): (options: Pick<ClientOptions, "baseUrl" | "session" | "onSessionChanged">) => Promise<PacSpaceApi> {
  const { version } = context.extension.packageJSON as { readonly version: string };
  return async (options) => {
    const { createClient } = await import("../../api/client");
    return createClient({
      ...options,
      connection: connectionSettings(),
      userAgent: `pacspace-webhooks/${version} vscode/${vscode.version}`,
      log: (line) => log.debug(`api: ${line}`),
    });
  };
}
