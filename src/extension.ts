import * as vscode from "vscode";
import { registerCommands } from "./host/commands/registerCommands";
import { DeliveryLookup } from "./host/deliveryLookup";
import { LazyDocuments } from "./host/documents/lazyDocuments";
import { lazyParts } from "./host/lazyParts";
import { connectorOf } from "./host/platform/connector";
import { ContextKeyWriter } from "./host/platform/contextKeys";
import { Debugging } from "./host/platform/debugging";
import { Environments } from "./host/platform/environments";
import { followLocal } from "./host/platform/followLocal";
import { LocalPacSpace } from "./host/platform/localPacSpace";
import { onFirstUse } from "./host/platform/onFirstUse";
import { followOtherWindows } from "./host/platform/otherWindows";
import { OwnMemory } from "./host/platform/ownMemory";
import { LazyReceiver } from "./host/receiver/lazyReceiver";
import type { Services } from "./host/services";
import { EnvironmentStatus } from "./host/status";
import { LazyUnfinished } from "./host/unfinished/lazyUnfinished";
import { CapturesView } from "./host/tree/capturesView";
import { DeliveryFilters } from "./host/tree/deliveryFilters";
import { Sidebar } from "./host/tree/sidebar";

let closing: (() => Promise<void>) | undefined;

/** Waited for by VS Code, other than disposal: captures that came last are written to disk. */
export const deactivate = (): Promise<void> | undefined => closing?.();

/** Builds the parts and hands each what it needs. */
export function activate(context: vscode.ExtensionContext): void {
  const { extensionUri, subscriptions } = context;
  const memory = new OwnMemory(context);
  const log = vscode.window.createOutputChannel("PacSpace", { log: true });
  const keys = new ContextKeyWriter();
  const bundle = (name: string): string => vscode.Uri.joinPath(extensionUri, "dist", name).fsPath;
  const local = new LocalPacSpace(bundle("local.js"), memory.localFolder, memory.workspaceState, log);
  const connect = connectorOf(context, log);
  const environments = new Environments(memory, connect, () => local.running?.baseUrl);
  const filters = new DeliveryFilters(memory.globalState);
  const sidebar = new Sidebar(environments, filters, keys, log);
  const debugging = new Debugging();
  const receiver = new LazyReceiver(memory, environments, debugging, bundle("receiverMain.js"), log);
  closing = () => receiver.close();
  const captures = new CapturesView(receiver, environments, keys, log);
  const deliveries = new DeliveryLookup(environments, receiver);
  const documents = new LazyDocuments(environments, deliveries);
  const parts = lazyParts(context, log, () => services);
  const work = { environments, local, memory, debugging, sidebar, filters };
  const shown = { receiver, captures, deliveries, documents, log };
  const services: Services = { ...work, ...shown, ...parts, extensionUri, account: () => environments.active };
  const runner = onFirstUse(async () => {
    const { CommandRunner } = await import("./host/commands/commandRunner");
    return new CommandRunner(services);
  });
  const owned = [log, local, environments, debugging, sidebar, receiver, captures, deliveries, documents, parts];
  subscriptions.push(
    ...owned,
    registerCommands(context.extension, runner),
    // Last: it may call a command.
    followLocal(local, environments, keys),
  );
  // Nobody waits for these: once VS Code's start is over.
  setImmediate(() =>
    subscriptions.push(
      new EnvironmentStatus(environments),
      new LazyUnfinished({
        ...{ environments, memory, log },
        create: async (wish) => (await runner()).perform("pacspace.createWebhook", wish),
      }),
      followOtherWindows(context.secrets, () => environments.active),
    ),
  );
}
