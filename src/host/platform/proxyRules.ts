import type { ConnectionSettings } from "../../api/pacspaceApi";
import { isLoopback } from "../../core/model/environment";

/** VS Code's settings of those names, as they are configured. */
export interface ProxySettings {
  /** `http.proxy`; empty where it isn't set. */
  readonly proxy: string;
  /** `http.proxySupport`: `off` turns proxies off, whatever else is set. */
  readonly proxySupport: string;
  /** `http.proxyAuthorization`: the value of the `Proxy-Authorization` header. */
  readonly proxyAuthorization: string | undefined;
  /** `http.noProxy`. */
  readonly noProxy: readonly string[];
}

type Variables = Readonly<Record<string, string | undefined>>;

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

function firstOf(variables: Variables, ...names: string[]): string | undefined {
  for (const name of names) {
    const value = variables[name] ?? variables[name.toLowerCase()];
    if (value !== undefined && value !== "") return value;
  }
  return undefined;
}

/**
 * Which proxy a URL goes by: the configured one, else the one of the usual environment variables. Loopback is never
 * proxied.
 * @param settings read for each URL, so that a change counts at once
 * @param variables of the process
 */
export function proxyRules(
  settings: () => ProxySettings,
  variables: Variables,
): NonNullable<ConnectionSettings["proxyFor"]> {
  return (url) => {
    const { proxy, proxySupport, proxyAuthorization, noProxy } = settings();
    const exempt = [...noProxy, ...(firstOf(variables, "NO_PROXY")?.split(",") ?? [])];
    if (proxySupport === "off" || isLoopback(url) || isExempt(url, exempt)) return undefined;
    const found =
      proxy ||
      (url.protocol === "https:"
        ? firstOf(variables, "HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY")
        : firstOf(variables, "HTTP_PROXY", "ALL_PROXY"));
    if (found === undefined) return undefined;
    const address = found.includes("://") ? found : `http://${found}`;
    return { url: address, ...(proxyAuthorization !== undefined && { authorization: proxyAuthorization }) };
  };
}
