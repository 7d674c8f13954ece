import * as vscode from "vscode";
import { onFirstUse } from "../platform/onFirstUse";
import { findDelivery } from "../../state/findDelivery";
import type { Services } from "../services";
import { endpointLabel } from "../tree/webhooksTree";
import type { InspectorPanels } from "./inspectorPanels";
import type { InspectorServices } from "./inspectorServices";

/** What the panel needs of the host, from the parts that have it. */
function inspectorServices(
  { workspaceState, globalState }: vscode.ExtensionContext,
  services: Services,
  held: { dispose(): unknown }[],
): InspectorServices {
  const environmentChanged = new vscode.EventEmitter<void>();
  const deliveriesChanged = new vscode.EventEmitter<void>();
  let subscription: { dispose(): void } | undefined;
  const follow = (): void => {
    subscription?.dispose();
    const { deliveries, webhooks } = services.account();
    const changes = [deliveries, webhooks].map((store) => store.onDidChange(() => deliveriesChanged.fire()));
    subscription = { dispose: () => changes.forEach((change) => change.dispose()) };
  };
  follow();
  held.push(
    environmentChanged,
    deliveriesChanged,
    new vscode.Disposable(() => subscription?.dispose()),
    services.environments.onDidChange(() => {
      follow();
      environmentChanged.fire();
    }),
  );
  const label = (id: string): string | undefined => endpointLabel(services.account(), id, undefined);
  return {
    workspaceState,
    globalState,
    environment: () => services.account().environment,
    onDidChangeEnvironment: environmentChanged.event,
    onDidChangeDeliveries: deliveriesChanged.event,
    loadedDelivery: (ref) => services.account().deliveries.get(ref),
    findDelivery: async (ref, signal) => {
      const account = services.account();
      const loaded = account.deliveries.get(ref);
      return loaded ?? account.call((api) => findDelivery(api, ref, signal));
    },
    webhookLabel: label,
    keys: async () =>
      (await (await services.signatures()).storedKeys()).map((key) => ({
        ...key,
        label: label(key.webhookId) ?? key.webhookId,
      })),
    verify: async ({ headers, body, computed, storedBody, key }, watch) =>
      (await services.signatures()).diagnose(
        {
          headers,
          body,
          computed,
          ...(storedBody !== undefined && { stored: { body: storedBody } }),
          keys:
            key === "all"
              ? { kind: "all" }
              : "secret" in key
                ? { kind: "secret", secret: key.secret }
                : { kind: "webhook", webhookId: key.webhookId },
        },
        watch,
      ),
  };
}

/** The inspector, whose bundle is loaded with the first panel that is opened or brought back. */
export function lazyPanels(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
  services: () => Services,
): { dispose(): void } & { get(): Promise<InspectorPanels> } {
  const held: { dispose(): unknown }[] = [];
  const get = onFirstUse(async (): Promise<InspectorPanels> => {
    const { InspectorPanels } = await import("./inspectorPanels");
    const made = new InspectorPanels(context.extensionUri, inspectorServices(context, services(), held), log);
    held.push(made);
    return made;
  });
  held.push(
    vscode.window.registerWebviewPanelSerializer("pacspace.inspector", {
      deserializeWebviewPanel: async (panel, state) => (await get()).deserializeWebviewPanel(panel, state),
    }),
  );
  return {
    get,
    dispose: () => {
      for (const disposable of held.splice(0).reverse()) disposable.dispose();
    },
  };
}
