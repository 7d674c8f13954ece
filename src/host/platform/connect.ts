import * as vscode from "vscode";
import { createClient } from "../../api/client";
import type { ClientOptions, PacSpaceApi } from "../../api/pacspaceApi";
import { connectionSettings } from "./connection";

/** What an account tells its client. */
export type AccountConnection = Pick<ClientOptions, "baseUrl" | "session" | "onSessionChanged">;

/**
 * Makes a client that connects as VS Code's settings say.
 * @param version the extension's
 */
export function connect(account: AccountConnection, version: string, log: vscode.LogOutputChannel): PacSpaceApi {
  return createClient({
    ...account,
    connection: connectionSettings(),
    userAgent: `pacspace-webhooks/${version} vscode/${vscode.version}`,
    log: (line) => log.debug(`api: ${line}`),
  });
}
