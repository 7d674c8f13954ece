import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { TreeNode } from "../../src/host/tree/nodes";

type Tree = vscode.TreeDataProvider<TreeNode>;

const trees = new Map<string, Tree>();
const views = new Map<string, vscode.TreeView<unknown>>();

// This file is loaded before the extension is active: what it hands to VS Code passes through here.
const window = vscode.window as { createTreeView: typeof vscode.window.createTreeView };
const { createTreeView } = window;
window.createTreeView = (id, options) => {
  trees.set(id, options.treeDataProvider as vscode.TreeDataProvider<unknown> as Tree);
  const view = createTreeView(id, options);
  views.set(id, view);
  return view;
};

/** The rows that one of the extension's views shows, as VS Code gets them. */
export class LiveTree {
  readonly #tree: Tree;

  /** @param id the view's id; the extension must be active */
  constructor(private readonly id: string) {
    const tree = trees.get(id);
    assert.ok(tree, `no view ${id} was made`);
    this.#tree = tree;
  }

  /** What stands above the rows. */
  get message(): string {
    return views.get(this.id)?.message ?? "";
  }

  /** What stands on PacSpace's icon. */
  get badge(): vscode.ViewBadge | undefined {
    return views.get(this.id)?.badge;
  }

  async children(of?: TreeNode): Promise<readonly TreeNode[]> {
    return (await this.#tree.getChildren(of)) ?? [];
  }

  async item(row: TreeNode): Promise<vscode.TreeItem> {
    return this.#tree.getTreeItem(row);
  }

  /** What VS Code is told to redraw while something is done; undefined stands for all rows. */
  async changesOf(work: () => Promise<unknown>): Promise<readonly (TreeNode | undefined)[]> {
    const changes: (TreeNode | undefined)[] = [];
    const subscription = this.#tree.onDidChangeTreeData?.((change) => changes.push(change as TreeNode | undefined));
    assert.ok(subscription);
    try {
      await work();
    } finally {
      subscription.dispose();
    }
    return changes;
  }
}
