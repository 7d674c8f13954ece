import { PacSpaceError } from "../core/errors";
import { isDelivery, type Delivery, type DeliveryRef } from "../core/model/delivery";
import type { PacSpaceApi } from "../api/pacspaceApi";

/** How far back a delivery is looked for: the API has no route for one (rows). */
const searchDepth = 5_000;
const pageSize = 100;

/**
 * Pages through the history, newest first, until the delivery is found.
 * @throws PacSpaceError `notFound` when it isn't among the newest 5,000
 */
export async function findDelivery(api: PacSpaceApi, ref: DeliveryRef, signal?: AbortSignal): Promise<Delivery> {
  let seen = 0;
  const request = { sortBy: "createdAt", sortOrder: "desc", limit: pageSize } as const;
  for await (const page of api.webhooks.deliveries(request, { signal })) {
    const found = page.deliveries.find((row) => isDelivery(row, ref));
    if (found !== undefined) return found;
    seen += page.deliveries.length;
    if (seen >= searchDepth) break;
  }
  throw new PacSpaceError(
    "notFound",
    seen >= searchDepth
      ? `${ref.id} is not among the newest ${searchDepth} deliveries. Set a filter by date that contains it, and load it.`
      : `PacSpace has no delivery ${ref.id}.`,
  );
}
