import * as vscode from "vscode";
import { onFirstUse } from "../platform/onFirstUse";
import type { Services } from "../services";
import { endpointLabel } from "../tree/webhooksTree";
import type { InspectorPanels } from "./inspectorPanels";
import type { InspectorServices } from "./inspectorServices";

/** What the panel needs of the host, from the parts that have it. */
function inspectorServices(
  { workspaceState, globalState }: vscode.ExtensionContext,
  services: Services,
): InspectorServices {
  const label = (id: string): string | undefined => endpointLabel(services.account(), id, undefined);
  return {
    workspaceState,
    globalState,
    environment: () => services.account().environment,
    onDidChangeEnvironment: services.environments.onDidChange,
    deliveries: services.deliveries,
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
    const made = new InspectorPanels(context.extensionUri, inspectorServices(context, services()), log);
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
