import * as vscode from "vscode";
import { readDeliveryViewFilter, type DeliveryViewFilter } from "../../core/model/deliveryFilter";
import type { Environment } from "../../core/model/environment";
import type { Account } from "../../state/account";
import { endpointLabel } from "./webhooksTree";

/** The Deliveries view's filter, kept per environment across restarts, and its words. */
export class DeliveryFilters {
  constructor(private readonly memento: vscode.Memento) {}

  #key(environment: Environment): string {
    return `pacspace.deliveryFilter:${environment.storageKey}`;
  }

  /** The filter as it was last set; one that can't be read any more counts as none. */
  read(environment: Environment): DeliveryViewFilter {
    try {
      return readDeliveryViewFilter(this.memento.get<unknown>(this.#key(environment)));
    } catch {
      return {};
    }
  }

  async write(environment: Environment, filter: DeliveryViewFilter): Promise<void> {
    await this.memento.update(this.#key(environment), filter);
  }

  /** The filter in words, for the view's description; undefined without one. */
  describe(account: Account): string | undefined {
    const { status, startDate, endDate, event, webhookId, sortBy, sortOrder } = account.deliveries.filter;
    const days =
      startDate !== undefined && endDate !== undefined
        ? `${startDate} – ${endDate}`
        : startDate !== undefined
          ? vscode.l10n.t("from {0}", startDate)
          : endDate !== undefined
            ? vscode.l10n.t("until {0}", endDate)
            : undefined;
    const order =
      sortBy !== undefined || sortOrder !== undefined
        ? vscode.l10n.t("by {0} {1}", sortBy ?? "createdAt", sortOrder === "asc" ? "↑" : "↓")
        : undefined;
    const endpoint = webhookId === undefined ? undefined : endpointLabel(account, webhookId, webhookId);
    const parts = [status, days, event, endpoint, order].filter((part) => part !== undefined);
    return parts.length === 0 ? undefined : parts.join(" · ");
  }
}
