import { deliveryKey, type Delivery, type DeliveryRef } from "../../core/model/delivery";
import type { Account } from "../../state/account";
import { NodeTree } from "./nodeTree";
import { dayNode, deliveryNode, moreNode, type TreeNode } from "./nodes";
import { localDay } from "./times";
import { endpointLabel } from "./webhooksTree";

/** The Deliveries view's rows: by day where they are in order of time, else one list in the order asked for. */
export class DeliveriesTree extends NodeTree {
  constructor(private readonly account: () => Account) {
    super();
  }

  /** Redraws the row of one delivery alone. */
  redrawDelivery(key: string): void {
    const row = this.account().deliveries.snapshot.shown.find((candidate) => deliveryKey(candidate) === key);
    if (row !== undefined) this.redrawNode(this.node(row));
  }

  get #byDay(): boolean {
    return (this.account().deliveries.filter.sortBy ?? "createdAt") === "createdAt";
  }

  #parentKey(row: DeliveryRef): string {
    return this.#byDay ? `day|${localDay(row.createdAt)}` : "deliveries";
  }

  node(row: Delivery): TreeNode {
    const endpoint = endpointLabel(this.account(), row.webhookId, row.endpoint);
    return this.cache.keep(deliveryNode(row, endpoint, this.#parentKey(row)));
  }

  getParent(node: TreeNode): TreeNode | undefined {
    return node.kind === "delivery" && this.#byDay ? this.cache.get(this.#parentKey(node.delivery)) : undefined;
  }

  getChildren(node?: TreeNode): TreeNode[] {
    const { shown, rows, hasMore, total } = this.account().deliveries.snapshot;
    if (node?.kind === "day") {
      return shown.filter((row) => localDay(row.createdAt) === node.day).map((row) => this.node(row));
    }
    if (node !== undefined) return [];
    const top: TreeNode[] = this.#byDay ? this.#days(shown) : shown.map((row) => this.node(row));
    return hasMore ? [...top, this.cache.keep(moreNode("deliveries", rows.length, total))] : top;
  }

  #days(rows: readonly Delivery[]): TreeNode[] {
    const counts = new Map<string, number>();
    for (const row of rows) {
      const day = localDay(row.createdAt);
      counts.set(day, (counts.get(day) ?? 0) + 1);
    }
    return [...counts].map(([day, count]) => this.cache.keep(dayNode(day, count)));
  }
}
