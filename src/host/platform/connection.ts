import * as tls from "node:tls";
import * as vscode from "vscode";
import type { ConnectionSettings } from "../../api/pacspaceApi";

/** Hosts that a no-proxy list names: `example.com` and `.example.com` mean the domain and all below it, `*` all. */
function isExempt(url: URL, entries: readonly string[]): boolean {
  const host = url.hostname.toLowerCase().replace(/^\[|\]$/g, "");
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  return entries.some((entry) => {
    const [, name = "", entryPort] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(entry.trim().toLowerCase()) ?? [];
    if (name === "" || (entryPort !== undefined && entryPort !== port)) return false;
    const domain = name.replace(/^\*?\./, "");
    return name === "*" || host === domain || host.endsWith(`.${domain}`);
  });
}

function fromEnvironment(...names: string[]): string | undefined {
  for (const name of names) {
    const value = process.env[name] ?? process.env[name.toLowerCase()];
    if (value !== undefined && value !== "") return value;
  }
  return undefined;
}

function isLoopbackHost(url: URL): boolean {
  return ["localhost", "[::1]"].includes(url.hostname) || url.hostname.startsWith("127.");
}

/**
 * How to connect, by VS Code's own proxy and certificate settings: VS Code does not apply them to a bundled HTTP
 * client, so they are honoured here. Loopback is never proxied.
 */
export function connectionSettings(): ConnectionSettings {
  const http = vscode.workspace.getConfiguration("http");
  const support = http.get<string>("proxySupport", "override");
  const configured = http.get<string>("proxy", "").trim();
  const authorization = http.get<string | null>("proxyAuthorization", null) ?? undefined;
  const noProxy = [...http.get<string[]>("noProxy", []), ...(fromEnvironment("NO_PROXY")?.split(",") ?? [])];
  return {
    proxyFor: (url) => {
      if (support === "off" || isLoopbackHost(url) || isExempt(url, noProxy)) return undefined;
      const proxy =
        configured ||
        (url.protocol === "https:"
          ? fromEnvironment("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY")
          : fromEnvironment("HTTP_PROXY", "ALL_PROXY"));
      if (proxy === undefined) return undefined;
      const full = proxy.includes("://") ? proxy : `http://${proxy}`;
      return { url: full, ...(authorization !== undefined && { authorization }) };
    },
    certificates: http.get<boolean>("systemCertificates", true) ? systemCertificates() : [],
    strictTls: http.get<boolean>("proxyStrictSSL", true),
  };
}

/** Fires when a setting changed that `connectionSettings` reads. */
export function onDidChangeConnection(listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((change) => {
    if (change.affectsConfiguration("http")) listener();
  });
}

/** The system's certificates; none where Node can't read them (before 22.15). */
function systemCertificates(): readonly string[] {
  const { getCACertificates } = tls as { getCACertificates?: (type: "system") => string[] };
  try {
    return getCACertificates?.("system") ?? [];
  } catch {
    return [];
  }
}
