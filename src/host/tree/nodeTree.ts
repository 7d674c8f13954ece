import * as vscode from "vscode";
import { Disposable } from "../platform/lifecycle";
import { NodeCache } from "./nodeCache";
import type { TreeNode } from "./nodes";

/** A view's rows, from the stores: what is known is shown, nothing is fetched to redraw. */
export abstract class NodeTree<Node extends TreeNode> extends Disposable implements vscode.TreeDataProvider<Node> {
  readonly #changed = this.register(new vscode.EventEmitter<Node | undefined>());
  readonly onDidChangeTreeData = this.#changed.event;
  protected readonly cache = new NodeCache<Node>();

  /** Redraws all rows; what they stand for may have changed altogether. */
  redraw(): void {
    this.cache.clear();
    this.#changed.fire(undefined);
  }

  /** Redraws one row, and what is below it. */
  protected redrawNode(node: Node): void {
    this.#changed.fire(node);
  }

  async getTreeItem(node: Node): Promise<vscode.TreeItem> {
    const item = await this.row(node, Date.now());
    item.id = node.key;
    // A click means the row that was clicked.
    if (item.command?.command === "pacspace.inspectDelivery") item.command.arguments = [node];
    return item;
  }

  /** How a row looks; `now` in milliseconds since 1970. */
  protected abstract row(node: Node, now: number): vscode.TreeItem | Promise<vscode.TreeItem>;
  abstract getParent(node: Node): Node | undefined;
  abstract getChildren(node?: Node): Node[] | Promise<Node[]>;
}
