import { PacSpaceError } from "../core/errors";
import { isDelivery, type Delivery, type DeliveryRef } from "../core/model/delivery";
import type { PacSpaceApi } from "../api/pacspaceApi";
import type { Account } from "./account";

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

/** So many rows are looked through for many deliveries at once, where their times don't end the search before. */
const searchDepthOfMany = 50_000;
/** A row may stand that far from where its time would have it. */
const disorderMs = 60 * 60_000;

/**
 * Pages through the history once, newest first, for all of some deliveries.
 * @returns those that were found
 */
export async function findDeliveries(
  api: PacSpaceApi,
  refs: readonly DeliveryRef[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<DeliveryRef, Delivery>> {
  const found = new Map<DeliveryRef, Delivery>();
  if (refs.length === 0) return found;
  const wanted = new Map<string, readonly DeliveryRef[]>();
  for (const ref of refs) wanted.set(ref.id, [...(wanted.get(ref.id) ?? []), ref]);
  const timeOf = ({ createdAt }: { readonly createdAt?: string | undefined }): number => Date.parse(createdAt ?? "");
  // NaN where one doesn't tell its time: then nothing is older than all of them.
  const oldest = refs.reduce((time, ref) => Math.min(time, timeOf(ref)), Infinity) - disorderMs;
  let seen = 0;
  const request = { sortBy: "createdAt", sortOrder: "desc", limit: pageSize } as const;
  for await (const { deliveries } of api.webhooks.deliveries(request, { signal })) {
    for (const row of deliveries) {
      const ref = wanted.get(row.id)?.find((one) => !found.has(one) && isDelivery(row, one));
      if (ref !== undefined) found.set(ref, row);
    }
    seen += deliveries.length;
    const isBehindAll = deliveries.every((row) => timeOf(row) < oldest);
    if (found.size === refs.length || isBehindAll || seen >= searchDepthOfMany) break;
  }
  return found;
}

/**
 * Looks among the deliveries loaded, else through the history.
 * @throws PacSpaceError `notFound` when it isn't there either
 */
export async function loadedOrFound(account: Account, ref: DeliveryRef, signal?: AbortSignal): Promise<Delivery> {
  return account.deliveries.get(ref) ?? account.call((api) => findDelivery(api, ref, signal));
}

/**
 * Pages through what was delivered, newest first, for the last delivery of the same event before or after this one:
 * to the same webhook where there is one, else to any.
 * @throws PacSpaceError `notFound` when there is none among the newest 5,000
 */
export async function findLastSuccessful(api: PacSpaceApi, of: Delivery, signal?: AbortSignal): Promise<Delivery> {
  if (of.event === undefined) {
    throw new PacSpaceError(
      "notFound",
      `PacSpace doesn't tell the event of ${of.id}, so there is none to compare with.`,
    );
  }
  let elsewhere: Delivery | undefined;
  let seen = 0;
  const request = { status: "delivered", sortBy: "createdAt", sortOrder: "desc", limit: pageSize } as const;
  for await (const page of api.webhooks.deliveries(request, { signal })) {
    for (const row of page.deliveries) {
      if (row.event !== of.event || row.status !== "delivered" || isDelivery(row, of)) continue;
      if (row.webhookId === of.webhookId) return row;
      elsewhere ??= row;
    }
    seen += page.deliveries.length;
    if (seen >= searchDepth) break;
  }
  if (elsewhere !== undefined) return elsewhere;
  throw new PacSpaceError("notFound", `No other delivery of ${of.event} succeeded among the newest ${searchDepth}.`);
}
