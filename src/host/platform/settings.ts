import * as vscode from "vscode";
import { recordOf } from "../../core/model/fields";

const section = "pacspace";

function setting(name: string): unknown {
  return vscode.workspace.getConfiguration(section).get(name);
}

function numberWithin(name: string, fallback: number, least: number, most: number): number {
  const value = setting(name);
  return typeof value === "number" && value >= least && value <= most ? value : fallback;
}

/** The settings, read when they are needed: a wrong value counts as the default. */
export const settings = {
  baseUrl: (): string => {
    const value = setting("baseUrl");
    return typeof value === "string" ? value : "";
  },
  /** Name to base URL, as configured. */
  environments: (): readonly (readonly [name: string, baseUrl: string])[] =>
    Object.entries(recordOf(setting("environments"))).flatMap(([name, url]) =>
      typeof url === "string" ? [[name, url] as const] : [],
    ),
  pageSize: (): number => numberWithin("deliveries.pageSize", 50, 1, 100),
  /** Seconds; 0 is off. */
  refreshSeconds: (): number => {
    const seconds = numberWithin("deliveries.refreshSeconds", 0, 0, 86_400);
    return seconds === 0 ? 0 : Math.max(5, seconds);
  },
  toleranceSeconds: (): number => numberWithin("signature.toleranceSeconds", 300, 0, 31_536_000),
  /** Empty when it was never set. */
  handlerUrl: (): string => {
    const value = setting("handler.url");
    return typeof value === "string" ? value : "";
  },
  /** What a proof looks at to see whether an event was handled twice; empty when it was never set. */
  handlerCheckUrl: (): string => {
    const value = setting("handler.checkUrl");
    return typeof value === "string" ? value : "";
  },
  /** How long a handler may take for its answer. */
  handlerTimeoutSeconds: (): number => numberWithin("handler.timeoutSeconds", 30, 1, 3_600),
  /** 0 is any free one. */
  receiverPort: (): number => numberWithin("receiver.port", 4480, 0, 65_535),
  /** Host names beside this machine's own by which the receiver may be called, as a tunnel does. */
  allowedHosts: (): readonly string[] => {
    const value = setting("receiver.allowedHosts");
    return Array.isArray(value) ? value.filter((host) => typeof host === "string") : [];
  },
  captureLimits: (): { readonly captures: number; readonly bytes: number } => ({
    captures: numberWithin("receiver.maxCaptures", 500, 1, 10_000),
    bytes: numberWithin("receiver.maxMegabytes", 50, 1, 1_000) * 1024 * 1024,
  }),
  pollSeconds: (): number => numberWithin("receiver.pollSeconds", 10, 5, 3_600),
  localPort: (): number => numberWithin("local.port", 4400, 1, 65_535),
};

/** Fires when any setting of the extension changed. */
export function onDidChangeSettings(listener: (change: vscode.ConfigurationChangeEvent) => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((change) => {
    if (change.affectsConfiguration(section)) listener(change);
  });
}
