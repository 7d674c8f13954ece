import type { Delivery, DeliveryRef } from "../../core/model/delivery";
import { passesViewFilter } from "../../core/model/deliveryFilter";
import type { Account } from "../../state/account";
import { AccountTree } from "./accountTree";
import { dayNode, deliveryNode, moreNode, type AccountNode } from "./nodes";
import { localDay } from "./times";
import { endpointLabel } from "./webhooksTree";

/** The Deliveries view's rows: by day where they are in order of time, else one list in the order asked for. */
export class DeliveriesTree extends AccountTree {
  /** The rows of each day: sorted out once, however many days ask for theirs. */
  #grouped: { readonly of: readonly Delivery[]; readonly days: ReadonlyMap<string, readonly Delivery[]> } | undefined;

  constructor(private readonly account: () => Account) {
    super();
  }

  /** Redraws the row of one delivery alone. */
  redrawDelivery(key: string): void {
    const { deliveries } = this.account();
    const row = deliveries.row(key);
    if (row !== undefined && passesViewFilter(row, deliveries.filter)) this.redrawNode(this.node(row));
  }

  get #byDay(): boolean {
    return (this.account().deliveries.filter.sortBy ?? "createdAt") === "createdAt";
  }

  #parentKey(row: DeliveryRef): string {
    return this.#byDay ? `day|${localDay(row.createdAt)}` : "deliveries";
  }

  node(row: Delivery): AccountNode {
    const endpoint = endpointLabel(this.account(), row.webhookId, row.endpoint);
    return this.cache.keep(deliveryNode(row, endpoint, this.#parentKey(row)));
  }

  getParent(node: AccountNode): AccountNode | undefined {
    return node.kind === "delivery" && this.#byDay ? this.cache.get(this.#parentKey(node.delivery)) : undefined;
  }

  getChildren(node?: AccountNode): AccountNode[] {
    const { shown, rows, hasMore, total } = this.account().deliveries.snapshot;
    if (node?.kind === "day") {
      return (this.#days(shown).get(node.day) ?? []).map((row) => this.node(row));
    }
    if (node !== undefined) return [];
    const top: AccountNode[] = this.#byDay
      ? [...this.#days(shown)].map(([day, { length }]) => this.cache.keep(dayNode(day, length)))
      : shown.map((row) => this.node(row));
    return hasMore ? [...top, this.cache.keep(moreNode("deliveries", rows.length, total))] : top;
  }

  #days(rows: readonly Delivery[]): ReadonlyMap<string, readonly Delivery[]> {
    if (this.#grouped?.of !== rows) {
      const days = new Map<string, Delivery[]>();
      for (const row of rows) {
        const day = localDay(row.createdAt);
        const known = days.get(day);
        if (known === undefined) days.set(day, [row]);
        else known.push(row);
      }
      this.#grouped = { of: rows, days };
    }
    return this.#grouped.days;
  }
}
