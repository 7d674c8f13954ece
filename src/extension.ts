import * as vscode from "vscode";
import { errorHelp } from "./host/commands/errorHelp";
import { CommandRegistry, declaredCommands } from "./host/commands/registry";
import { DeliveryDocuments } from "./host/documents/deliveryDocuments";
import { lazyPanels } from "./host/panel/lazyPanels";
import { connectorOf } from "./host/platform/connector";
import { ContextKeyWriter } from "./host/platform/contextKeys";
import { Environments } from "./host/platform/environments";
import { LocalPacSpace } from "./host/platform/localPacSpace";
import { onFirstUse } from "./host/platform/onFirstUse";
import { onDidChangeSettings } from "./host/platform/settings";
import type { Services } from "./host/services";
import { EnvironmentStatus } from "./host/status";
import { DeliveryFilters } from "./host/tree/deliveryFilters";
import { Sidebar } from "./host/tree/sidebar";

/** Builds the parts and hands each what it needs. */
export function activate(context: vscode.ExtensionContext): void {
  const { extensionUri, globalState, globalStorageUri, secrets, subscriptions, workspaceState } = context;
  const log = vscode.window.createOutputChannel("PacSpace", { log: true });
  const keys = new ContextKeyWriter();
  const declared = declaredCommands(context.extension);
  const localScript = vscode.Uri.joinPath(extensionUri, "dist", "local.js").fsPath;
  const local = new LocalPacSpace(
    localScript,
    vscode.Uri.joinPath(globalStorageUri, "local").fsPath,
    workspaceState,
    log,
  );
  const connect = connectorOf(context, log);
  const environments = new Environments(globalState, secrets, connect, () => local.running?.baseUrl);
  const filters = new DeliveryFilters(globalState);
  const sidebar = new Sidebar(environments, filters, keys, log);
  const documents = new DeliveryDocuments(environments);
  const signatures = onFirstUse(async () => {
    const { SignatureChecks } = await import("./host/signatureChecks");
    return new SignatureChecks(() => environments.active);
  });
  const panels = lazyPanels(context, log, () => services);
  const services: Services = {
    environments,
    local,
    sidebar,
    filters,
    documents,
    signatures,
    log,
    panels: () => panels.get(),
    account: () => environments.active,
  };
  subscriptions.push(
    log,
    local,
    environments,
    sidebar,
    documents,
    panels,
    new EnvironmentStatus(environments),
    new CommandRegistry(
      declared,
      async () => (await import("./host/commands/all")).commandsOf(services),
      log,
      (error) => errorHelp(services, error),
    ),
    local.onDidChangeRunning((running) => {
      keys.set("pacspace.localRunning", running);
      if (!running && environments.active.environment.kind === "local") {
        environments.active.lost(vscode.l10n.t("Local PacSpace does not run."));
      }
    }),
    onDidChangeSettings(() => sidebar.settingsChanged()),
    // Another window may have signed in or stored a secret: its changes are not always told.
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused) void environments.active.reread().then(undefined, () => undefined);
    }),
    secrets.onDidChange(({ key }) => void environments.active.rereadEntry(key).then(undefined, () => undefined)),
  );
  // It ended with the window: a reload brings it back, to whoever works with it.
  if (local.wanted !== undefined && environments.active.environment.kind === "local") {
    void vscode.commands.executeCommand("pacspace.startLocal", local.wanted).then(undefined, () => undefined);
  }
}
