import { isErrorOfKind, isPacSpaceError } from "../../core/errors";
import type { Delivery } from "../../core/model/delivery";
import { apiFilter, passesViewFilter, type DeliveryViewFilter } from "../../core/model/deliveryFilter";
import type { Account } from "../account";

export interface BulkRetryResult {
  readonly matched: number;
  readonly retried: number;
  readonly failed: readonly { readonly id: string; readonly message: string }[];
}

export interface BulkRetryTask {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, of: number) => void) | undefined;
  readonly onWait?: ((ms: number) => void) | undefined;
}

/**
 * Reads all failed deliveries that a filter matches. One event that failed at two webhooks is one retry: the route
 * knows the event's id alone. A filter by another status matches none of them.
 * @throws PacSpaceError
 */
export async function failedDeliveries(
  account: Account,
  filter: DeliveryViewFilter,
  signal?: AbortSignal,
): Promise<readonly Delivery[]> {
  if (filter.status !== undefined && filter.status !== "failed") return [];
  return account.call(async (api) => {
    const found = new Map<string, Delivery>();
    const request = { ...apiFilter(filter), status: "failed", limit: 100 } as const;
    for await (const page of api.webhooks.deliveries(request, { signal, pace: "bulk" })) {
      for (const row of page.deliveries) {
        if (row.id !== "" && row.status === "failed" && passesViewFilter(row, filter)) found.set(row.id, row);
      }
    }
    return [...found.values()];
  });
}

/**
 * Retries deliveries one after another, each once; waits that the server asks for are waited out. A cancel keeps what
 * is done; a session that ends stops the work, anything else that fails is told per delivery.
 */
export async function retryDeliveries(
  account: Account,
  deliveries: readonly Delivery[],
  task: BulkRetryTask = {},
): Promise<BulkRetryResult> {
  const failed: { id: string; message: string }[] = [];
  let retried = 0;
  await account.call(async (api) => {
    for (const [index, { id }] of deliveries.entries()) {
      if (task.signal?.aborted === true) return;
      task.onProgress?.(index, deliveries.length);
      try {
        await api.webhooks.retryDelivery(id, { signal: task.signal, pace: "bulk", onWait: task.onWait });
        retried++;
      } catch (error) {
        if (isErrorOfKind(error, "auth")) throw error;
        if (!isPacSpaceError(error)) throw error;
        failed.push({
          id,
          message: error.uncertain ? `${error.message} It may be queued all the same.` : error.message,
        });
      }
    }
  });
  return { matched: deliveries.length, retried, failed };
}
