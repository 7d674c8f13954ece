import * as vscode from "vscode";
import { deliveryKey, type Delivery, type DeliveryRef } from "../../core/model/delivery";
import { readPanelState, type PanelTarget } from "../../protocol/panelState";
import { FrameworkMemory } from "../platform/frameworkMemory";
import { Disposable } from "../platform/lifecycle";
import { InspectorPanel, type PanelSurroundings } from "./inspectorPanel";
import type { InspectorServices } from "./inspectorServices";
import { LastEditor } from "./lastEditor";
import type { TakenRequest } from "./requestTaking";

/** By this VS Code finds who brings a panel back after a reload. */
export const viewType = "pacspace.inspector";

/** The inspector's panels: one for each delivery, and one for checking any request. */
export class InspectorPanels extends Disposable implements vscode.WebviewPanelSerializer {
  readonly #panels = new Map<string, InspectorPanel>();
  readonly #ending = new AbortController();
  readonly #surroundings: PanelSurroundings;

  constructor(
    extensionUri: vscode.Uri,
    private readonly services: InspectorServices,
    private readonly log: vscode.LogOutputChannel,
  ) {
    super();
    this.#surroundings = {
      extensionUri,
      services,
      log,
      frameworks: new FrameworkMemory(services.workspaceState, services.globalState),
      editor: this.register(new LastEditor()),
    };
    this.register({ dispose: () => this.#ending.abort() });
    this.register({
      dispose: () => {
        for (const panel of [...this.#panels.values()]) panel.dispose();
      },
    });
  }

  /** How many panels are open. */
  get count(): number {
    return this.#panels.size;
  }

  /**
   * Shows a delivery: in its panel, when there is one, else in a new one.
   * @throws PacSpaceError when it has no panel yet and can't be found
   */
  async showDelivery(ref: DeliveryRef): Promise<void> {
    await this.#deliveryPanel(ref);
  }

  /** Shows a delivery and checks its signature; throws as `showDelivery`. */
  async verifyDelivery(ref: DeliveryRef): Promise<void> {
    await (await this.#deliveryPanel(ref))?.verifyDelivery();
  }

  async #deliveryPanel(ref: DeliveryRef): Promise<InspectorPanel | undefined> {
    const environment = this.services.deliveries.home(ref);
    const open = this.#reveal({ environment, delivery: targetRef(ref) });
    if (open !== undefined) return open;
    const delivery = await this.services.deliveries.find(ref, this.#ending.signal);
    return this.isDisposed ? undefined : this.#show({ environment, delivery: targetRef(delivery) }, delivery);
  }

  /**
   * Shows the panel for checking any request.
   * @param request is filled in, and checked where nothing is missing
   */
  async showVerify(request?: TakenRequest): Promise<void> {
    const panel = this.#show({ environment: this.services.environment().storageKey });
    if (request !== undefined) await panel.verifyRequest(request);
  }

  /** Brings a panel back. Without a state that can be read there is nothing to bring back. */
  deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const kept = readPanelState(state);
    if (kept === undefined) {
      this.log.warn("An inspector panel could not be brought back: what was kept of it is not readable.");
      panel.dispose();
    } else {
      const { environment, delivery } = kept;
      this.#open(panel, { environment, ...(delivery !== undefined && { delivery }) });
    }
    return Promise.resolve();
  }

  #reveal(target: PanelTarget): InspectorPanel | undefined {
    const panel = this.#panels.get(keyOf(target));
    panel?.reveal();
    return panel;
  }

  #show(target: PanelTarget, found?: Delivery): InspectorPanel {
    const open = this.#reveal(target);
    if (open !== undefined) return open;
    const panel = vscode.window.createWebviewPanel(viewType, "PacSpace", vscode.ViewColumn.Active, {
      enableFindWidget: true,
      retainContextWhenHidden: false,
    });
    return this.#open(panel, target, found);
  }

  #open(webviewPanel: vscode.WebviewPanel, target: PanelTarget, found?: Delivery): InspectorPanel {
    const key = keyOf(target);
    this.#panels.get(key)?.dispose();
    const panel = new InspectorPanel(webviewPanel, target, this.#surroundings, found);
    this.#panels.set(key, panel);
    webviewPanel.onDidDispose(() => {
      if (this.#panels.get(key) === panel) this.#panels.delete(key);
    });
    return panel;
  }
}

/** Ids alone: a delivery itself passes for its own reference. */
function targetRef({ id, webhookId, createdAt }: DeliveryRef): NonNullable<PanelTarget["delivery"]> {
  return { id, ...(webhookId !== undefined && { webhookId }), ...(createdAt !== undefined && { createdAt }) };
}

/** The panel for any request is one for all environments. */
function keyOf({ environment, delivery }: PanelTarget): string {
  return delivery === undefined ? "verify" : `${environment}|${deliveryKey(delivery)}`;
}
