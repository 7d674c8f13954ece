import * as vscode from "vscode";
import { errorHelp } from "./host/commands/errorHelp";
import { CommandRegistry, declaredCommands } from "./host/commands/registry";
import { DeliveryDocuments } from "./host/documents/deliveryDocuments";
import { lazyPanels } from "./host/panel/lazyPanels";
import { connectorOf } from "./host/platform/connector";
import { ContextKeyWriter } from "./host/platform/contextKeys";
import { Environments } from "./host/platform/environments";
import { followLocal } from "./host/platform/followLocal";
import { LocalPacSpace } from "./host/platform/localPacSpace";
import { onFirstUse } from "./host/platform/onFirstUse";
import { followOtherWindows } from "./host/platform/otherWindows";
import { onDidChangeSettings } from "./host/platform/settings";
import { LostCreates } from "./host/lostCreates";
import { lazyProof } from "./host/proof/lazyProof";
import type { Services } from "./host/services";
import { EnvironmentStatus } from "./host/status";
import { DeliveryFilters } from "./host/tree/deliveryFilters";
import { Sidebar } from "./host/tree/sidebar";

/** Builds the parts and hands each what it needs. */
export function activate(context: vscode.ExtensionContext): void {
  const { extensionUri, globalState, globalStorageUri, secrets, subscriptions, workspaceState } = context;
  const log = vscode.window.createOutputChannel("PacSpace", { log: true });
  const keys = new ContextKeyWriter();
  const bundle = (name: string): string => vscode.Uri.joinPath(extensionUri, "dist", name).fsPath;
  const stored = (name: string): string => vscode.Uri.joinPath(globalStorageUri, name).fsPath;
  const local = new LocalPacSpace(bundle("local.js"), stored("local"), workspaceState, log);
  const connect = connectorOf(context, log);
  const environments = new Environments(globalState, secrets, connect, stored("creates"), () => local.running?.baseUrl);
  const filters = new DeliveryFilters(globalState);
  const sidebar = new Sidebar(environments, filters, keys, log);
  const documents = new DeliveryDocuments(environments);
  const signatures = onFirstUse(async () => {
    const { SignatureChecks } = await import("./host/signatureChecks");
    return new SignatureChecks(() => environments.active, bundle("doctorWorker.js"));
  });
  const panels = lazyPanels(context, log, () => services);
  const proof = lazyProof(workspaceState, () => services);
  const services: Services = {
    environments,
    local,
    sidebar,
    filters,
    documents,
    signatures,
    log,
    panels: () => panels.get(),
    proof: () => proof.get(),
    extensionUri,
    account: () => environments.active,
  };
  const registry = new CommandRegistry(
    declaredCommands(context.extension),
    async () => (await import("./host/commands/all")).commandsOf(services),
    log,
    (error) => errorHelp(services, error),
  );
  subscriptions.push(
    log,
    local,
    environments,
    sidebar,
    documents,
    panels,
    proof,
    new EnvironmentStatus(environments),
    registry,
    new LostCreates(environments, (wish) => registry.perform("pacspace.createWebhook", wish), log),
    onDidChangeSettings(() => sidebar.settingsChanged()),
    followOtherWindows(secrets, () => environments.active),
    // Last: it may call a command.
    followLocal(local, environments, keys),
  );
}
