import { isErrorOfKind, isPacSpaceError, mustLook, PacSpaceError, reasonOf } from "../../core/errors";
import type { DeliveryRef } from "../../core/model/delivery";
import type { Account } from "../account";
import { findDelivery } from "../findDelivery";

/**
 * Queues a failed delivery again and reads its row to learn the state, for the answer is not published. A lost answer
 * is never repeated: the row tells whether the delivery was queued.
 * @returns the delivery's status afterwards, `pending` when its row can't be found again
 * @throws PacSpaceError `conflict` for a delivery that did not fail
 */
export async function retryDelivery(
  account: Account,
  ref: DeliveryRef,
  signal?: AbortSignal,
): Promise<{ readonly id: string; readonly status: string }> {
  // Apart from reading: a call that a renewed session repeats must hold no more than a refused request.
  const lost = await account.call((api) =>
    api.webhooks.retryDelivery(ref.id, { signal }).then(
      () => undefined,
      (error: unknown) => {
        if (mustLook(error)) return error;
        throw error;
      },
    ),
  );
  const row = await account
    .call((api) => findDelivery(api, ref, signal))
    .catch((error: unknown) => {
      if (lost !== undefined) throw lost;
      if (isErrorOfKind(error, "notFound")) return undefined;
      throw isPacSpaceError(error) ? stateUnknown(error) : error;
    });
  if (row !== undefined) account.deliveries.put(row);
  if (lost !== undefined && row?.status === "failed") {
    throw new PacSpaceError(
      lost.kind,
      `${reasonOf(lost)} The delivery still counts as failed: look at it before you try again.`,
      {
        status: lost.status,
        cause: lost,
      },
    );
  }
  return { id: ref.id, status: row?.status ?? "pending" };
}

/** The retry was taken, and reading what came of it failed. */
function stateUnknown(error: PacSpaceError): PacSpaceError {
  return new PacSpaceError(
    error.kind,
    `The delivery was queued again, but its state can't be read: refresh the list. ${error.message}`,
    { status: error.status, code: error.code, cause: error },
  );
}
