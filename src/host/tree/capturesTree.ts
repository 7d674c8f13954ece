import * as vscode from "vscode";
import type { Account } from "../../state/account";
import type { LazyReceiver } from "../receiver/lazyReceiver";
import type { CaptureChanges } from "../receiver/captureChanges";
import { captureNode, pollingNode, receiverNode, type CaptureRow } from "./nodes";
import { NodeTree } from "./nodeTree";
import { endpointLabel } from "./webhooksTree";

/** The Captures view's rows: the receiver as it runs, polling, and what came in, newest first. */
export class CapturesTree extends NodeTree<CaptureRow> {
  constructor(
    private readonly receiver: LazyReceiver,
    private readonly account: () => Account,
  ) {
    super();
  }

  /** Redraws what changed. */
  follow(changes: CaptureChanges): void {
    if (changes === "all") {
      this.redraw();
      return;
    }
    for (const id of changes) {
      const capture = this.receiver.loaded(id);
      if (capture !== undefined && this.cache.get(`capture|${id}`) !== undefined) this.redrawNode(this.#node(capture));
    }
  }

  #node(capture: Parameters<typeof captureNode>[0]): CaptureRow {
    const { check } = capture;
    const endpoint = "webhookId" in check ? endpointLabel(this.account(), check.webhookId, undefined) : undefined;
    return this.cache.keep(captureNode(capture, endpoint));
  }

  protected row(node: CaptureRow, now: number): vscode.TreeItem {
    // There are no rows before the desk is there.
    return this.receiver.desk?.presentRow(node, now) ?? new vscode.TreeItem(node.key);
  }

  getParent(): undefined {
    return undefined;
  }

  async getChildren(node?: CaptureRow): Promise<CaptureRow[]> {
    if (node !== undefined) return [];
    const { polling, running, store } = await this.receiver.get();
    return [
      ...(running === undefined ? [] : [this.cache.keep(receiverNode(running))]),
      ...(polling.state === undefined || !polling.isOn
        ? []
        : [this.cache.keep(pollingNode(polling.environment, polling.state))]),
      ...store.captures.map((capture) => this.#node(capture)),
    ];
  }
}
