import * as vscode from "vscode";
import type { ConnectionSettings } from "../../api/pacspaceApi";
import { proxyRules, type ProxySettings } from "./proxyRules";
import { systemCertificates } from "./systemCertificates";

const configured = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration("http");

function proxySettings(): ProxySettings {
  const http = configured();
  return {
    proxy: http.get<string>("proxy", "").trim(),
    proxySupport: http.get<string>("proxySupport", "override"),
    proxyAuthorization: http.get<string | null>("proxyAuthorization", null) ?? undefined,
    noProxy: http.get<string[]>("noProxy", []),
  };
}

/**
 * How to connect, by VS Code's own proxy and certificate settings: VS Code does not apply them to a bundled HTTP
 * client, so they are honoured here.
 */
export function connectionSettings(): ConnectionSettings {
  const http = configured();
  return {
    proxyFor: proxyRules(proxySettings, process.env),
    certificates: http.get<boolean>("systemCertificates", true) ? systemCertificates() : [],
    strictTls: http.get<boolean>("proxyStrictSSL", true),
  };
}
