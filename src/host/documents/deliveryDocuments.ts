import * as vscode from "vscode";
import { invalidInput } from "../../core/errors";
import type { Delivery } from "../../core/model/delivery";
import { deliveryDocument } from "../../core/request/deliveryDocument";
import type { DocumentChoice } from "../../core/request/documentPart";
import type { DeliveryLookup } from "../deliveryLookup";
import type { Environments } from "../platform/environments";
import { Disposable } from "../platform/lifecycle";
import { TextLists } from "./textLists";
import { readAddress, writeAddress } from "./documentAddress";

/**
 * Texts of deliveries as read-only documents, which VS Code can search, fold, save and compare. Each is made from the
 * delivery that its address names, anew whenever that delivery changes.
 */
export class DeliveryDocuments extends Disposable {
  /** Documents that are about several deliveries. */
  readonly lists = this.register(new TextLists());
  /** From which row each open document was made. */
  readonly #rows = new Map<string, Delivery>();

  /** @param changed told the address of a document whose text is another one now */
  constructor(
    private readonly environments: Environments,
    private readonly deliveries: DeliveryLookup,
    private readonly changed: (uri: vscode.Uri) => void,
  ) {
    super();
    this.register(vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#rows.delete(uri.toString())));
    this.register(deliveries.onDidChange(() => this.#follow()));
  }

  /** Makes the documents anew whose deliveries have changed. */
  #follow(): void {
    for (const [key, row] of this.#rows) {
      const uri = vscode.Uri.parse(key, true);
      const home = readAddress(uri.query)?.environment;
      const loaded = this.deliveries.loaded(row);
      if (home === undefined || !this.deliveries.isHere(home)) continue;
      if (loaded === undefined || loaded.raw === row.raw) continue;
      this.#rows.set(key, loaded);
      this.changed(uri);
    }
  }

  /**
   * The address of a delivery's text.
   * @throws PacSpaceError `notFound` when the delivery has no such text
   */
  address(delivery: Delivery, choice: DocumentChoice): vscode.Uri {
    const { extension } = deliveryDocument(delivery, choice);
    const environment = this.deliveries.home(delivery);
    const uri = vscode.Uri.from(writeAddress({ ...choice, environment, delivery }, delivery.event, extension));
    const before = this.#rows.get(uri.toString());
    this.#rows.set(uri.toString(), delivery);
    if (before !== undefined && before.raw !== delivery.raw) this.changed(uri);
    return uri;
  }

  /** Shows a document in an editor. */
  async show(uri: vscode.Uri, viewColumn: vscode.ViewColumn): Promise<void> {
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { viewColumn, preview: true });
  }

  /**
   * The text of an address. A delivery that is not known any more, as after a reload, is looked for.
   * @throws PacSpaceError when it belongs to another environment, or can't be found
   */
  async text(uri: vscode.Uri, token: vscode.CancellationToken): Promise<string> {
    const address = readAddress(uri.query);
    if (address === undefined) {
      throw invalidInput(vscode.l10n.t("This address names no delivery. Open the document from its delivery again."));
    }
    const row = this.#rows.get(uri.toString()) ?? (await this.#find(address, token));
    const { text } = deliveryDocument(row, address);
    this.#rows.set(uri.toString(), row);
    return text;
  }

  async #find(
    { delivery, environment }: NonNullable<ReturnType<typeof readAddress>>,
    token: vscode.CancellationToken,
  ): Promise<Delivery> {
    if (!this.deliveries.isHere(environment)) {
      throw invalidInput(
        vscode.l10n.t(
          "This document belongs to {0}, and this window works in {1}. Switch the environment and open it again.",
          environment,
          this.environments.active.environment.name,
        ),
      );
    }
    const searching = new AbortController();
    const subscription = token.onCancellationRequested(() => searching.abort());
    try {
      return await this.deliveries.find(delivery, searching.signal);
    } finally {
      subscription.dispose();
    }
  }
}
