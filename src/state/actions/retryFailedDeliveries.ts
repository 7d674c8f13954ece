import { setTimeout as sleep } from "node:timers/promises";
import type { PacSpaceApi } from "../../api/pacspaceApi";
import { isErrorOfKind, isPacSpaceError, PacSpaceError, reasonOf } from "../../core/errors";
import type { Delivery } from "../../core/model/delivery";
import { apiFilter, passesViewFilter, type DeliveryViewFilter } from "../../core/model/deliveryFilter";
import type { Account } from "../account";
import { Estimate } from "../estimate";
import type { RetryJournal, RetryOutcome } from "../retryJournal";
import { counted } from "../../core/model/counted";

export interface BulkRetryResult {
  readonly matched: number;
  readonly retried: number;
  readonly failed: readonly Required<RetryOutcome>[];
}

/** How far a bulk retry is. */
export interface BulkRetryProgress {
  readonly done: number;
  readonly of: number;
  /** Milliseconds that it will still take, once that can be told. */
  readonly leftMs?: number | undefined;
  /** Milliseconds that PacSpace asks to wait before the next one. */
  readonly waitMs?: number | undefined;
}

export interface BulkRetryTask {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: BulkRetryProgress) => void) | undefined;
}

/** So many calls in a row, each repeated by the client, may be refused for one delivery as too many requests. */
const mostRefusals = 10;

/**
 * Reads all failed deliveries that a filter matches. One event that failed at two webhooks is one retry: the route
 * knows the event's id alone. A filter by another status matches none of them.
 * @param onFound told after each page how many there are so far
 * @throws PacSpaceError
 */
export async function failedDeliveries(
  account: Account,
  filter: DeliveryViewFilter,
  signal?: AbortSignal,
  onFound?: (count: number) => void,
): Promise<readonly Delivery[]> {
  if (filter.status !== undefined && filter.status !== "failed") return [];
  return account.call(async (api) => {
    const found = new Map<string, Delivery>();
    const request = { ...apiFilter(filter), status: "failed", limit: 100 } as const;
    for await (const page of api.webhooks.deliveries(request, { signal, pace: "bulk" })) {
      for (const row of page.deliveries) {
        if (row.id !== "" && row.status === "failed" && passesViewFilter(row, filter)) found.set(row.id, row);
      }
      onFound?.(found.size);
    }
    return [...found.values()];
  });
}

/**
 * Retries what a journal has left, one after another, each once, at the pace that the server asks for. A cancel keeps
 * what is done. What is refused or lost is told per delivery; a session that ends or a server that can't be reached
 * stops the work, which the journal can continue.
 * @returns the outcomes of the whole retry, earlier runs of it included
 * @throws PacSpaceError that stopped it; it says how far it came
 */
export async function retryDeliveries(
  account: Account,
  journal: RetryJournal,
  task: BulkRetryTask = {},
): Promise<BulkRetryResult> {
  const of = journal.ids.length;
  const estimate = new Estimate();
  const doneBefore = journal.done;
  const tell = (waitMs?: number): void => {
    const { done } = journal;
    const leftMs = estimate.left(done - doneBefore, of - doneBefore);
    task.onProgress?.({ done, of, leftMs, waitMs });
  };
  const onWait = (ms: number): void => {
    estimate.waiting(ms);
    tell(ms);
  };
  await account.call(async (api) => {
    // Read here: with a session that was renewed meanwhile the work is begun once more.
    for (const id of journal.left) {
      if (task.signal?.aborted === true) return;
      tell();
      await journal.sending(id);
      try {
        await retryPatiently(api, id, task.signal, onWait);
        await journal.ended(id, "retried");
      } catch (error) {
        if (!isPacSpaceError(error)) throw error;
        if (!stopsAll(error)) {
          const message = error.uncertain ? `${reasonOf(error)} It may be queued all the same.` : error.message;
          await journal.ended(id, { message });
          continue;
        }
        await journal.ended(id, "nothing");
        if (error.kind === "cancelled") return;
        throw withHowFar(error, journal);
      }
    }
  });
  return resultOf(journal);
}

/** One retry, however often the server says that there are too many: such a refusal has no effect. */
async function retryPatiently(
  api: PacSpaceApi,
  id: string,
  signal: AbortSignal | undefined,
  onWait: (ms: number) => void,
): Promise<void> {
  for (let refusals = 1; ; refusals++) {
    try {
      await api.webhooks.retryDelivery(id, { signal, pace: "bulk", onWait });
      return;
    } catch (error) {
      if (!isErrorOfKind(error, "rateLimited") || error.status !== 429 || refusals === mostRefusals) throw error;
      const waitMs = error.retryAfterMs ?? 1_000;
      onWait(waitMs);
      await sleep(waitMs, undefined, signal && { signal }).catch(() => {
        throw new PacSpaceError("cancelled", "The retry was cancelled.");
      });
    }
  }
}

/** Whether an error concerns all that is left. It had no effect then: the delivery it came for is left too. */
function stopsAll(error: PacSpaceError): boolean {
  return !error.uncertain && ["auth", "cancelled", "network", "timeout", "rateLimited"].includes(error.kind);
}

function withHowFar(error: PacSpaceError, { done, ids }: RetryJournal): PacSpaceError {
  const far = `${done} of ${counted(ids.length, "delivery is", "deliveries are")} done`;
  const words = `${error.message} ${far}; retry failed deliveries again to resume.`;
  const { status, code, requestId, retryAfterMs } = error;
  return new PacSpaceError(error.kind, words, { status, code, requestId, retryAfterMs, cause: error });
}

function resultOf({ ids, outcomes }: RetryJournal): BulkRetryResult {
  const failed = outcomes.flatMap(({ id, message }) => (message === undefined ? [] : [{ id, message }]));
  return { matched: ids.length, retried: outcomes.length - failed.length, failed };
}
