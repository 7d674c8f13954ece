import * as vscode from "vscode";
import { Disposable } from "../platform/lifecycle";
import { NodeCache } from "./nodeCache";
import type { TreeNode } from "./nodes";
import { present } from "./present";

/** A view's rows, from the stores: what is known is shown, nothing is fetched to redraw. */
export abstract class NodeTree extends Disposable implements vscode.TreeDataProvider<TreeNode> {
  readonly #changed = this.register(new vscode.EventEmitter<TreeNode | undefined>());
  readonly onDidChangeTreeData = this.#changed.event;
  protected readonly cache = new NodeCache();

  /** Redraws all rows; what they stand for may have changed altogether. */
  redraw(): void {
    this.cache.clear();
    this.#changed.fire(undefined);
  }

  /** Redraws one row, and what is below it. */
  protected redrawNode(node: TreeNode): void {
    this.#changed.fire(node);
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    return present(node, Date.now());
  }

  abstract getParent(node: TreeNode): TreeNode | undefined;
  abstract getChildren(node?: TreeNode): TreeNode[] | Promise<TreeNode[]>;
}
