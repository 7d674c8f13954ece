import * as vscode from "vscode";
import type { DeliveryLookup } from "../deliveryLookup";
import type { Environments } from "../platform/environments";
import { Disposable } from "../platform/lifecycle";
import { onFirstUse } from "../platform/onFirstUse";
import type { DeliveryDocuments } from "./deliveryDocuments";
import { documentScheme } from "./documentScheme";

/** Deliveries as documents, whose bundle is loaded with the first that is opened or was open before. */
export class LazyDocuments extends Disposable implements vscode.TextDocumentContentProvider {
  readonly #changed = this.register(new vscode.EventEmitter<vscode.Uri>());
  readonly onDidChange = this.#changed.event;

  constructor(
    private readonly environments: Environments,
    private readonly deliveries: DeliveryLookup,
  ) {
    super();
    this.register(vscode.workspace.registerTextDocumentContentProvider(documentScheme, this));
  }

  readonly get = onFirstUse(async (): Promise<DeliveryDocuments> => {
    const { DeliveryDocuments } = await import("./deliveryDocuments");
    return this.register(new DeliveryDocuments(this.environments, this.deliveries, (uri) => this.#changed.fire(uri)));
  });

  async provideTextDocumentContent(uri: vscode.Uri, token: vscode.CancellationToken): Promise<string> {
    return (await this.get()).text(uri, token);
  }
}
