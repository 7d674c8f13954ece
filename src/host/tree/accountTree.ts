import type * as vscode from "vscode";
import type { AccountNode } from "./nodes";
import { NodeTree } from "./nodeTree";

/** Rows of webhooks and deliveries; how they look is loaded with the first of them. */
export abstract class AccountTree extends NodeTree<AccountNode> {
  protected async row(node: AccountNode, now: number): Promise<vscode.TreeItem> {
    const { present } = await import("./present");
    return present(node, now);
  }
}
