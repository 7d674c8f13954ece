import type { TreeNode } from "./nodes";

/**
 * One object per key for as long as a view lives: VS Code finds the row to redraw by the object's identity, so a row
 * that changed keeps its object and takes over the new data.
 */
export class NodeCache<Node extends TreeNode> {
  #nodes = new Map<string, Node>();

  /** The object that stands for a node's key, with the node's data. */
  keep<T extends Node>(node: T): T {
    const kept = this.#nodes.get(node.key) as T | undefined;
    if (kept === undefined) {
      this.#nodes.set(node.key, node);
      return node;
    }
    return Object.assign(kept, node);
  }

  get(key: string): Node | undefined {
    return this.#nodes.get(key);
  }

  clear(): void {
    this.#nodes = new Map();
  }
}
