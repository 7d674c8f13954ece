import { isErrorOfKind, isPacSpaceError, PacSpaceError } from "../../core/errors";
import type { Account } from "../account";

/**
 * Deletes a webhook and forgets its secret, which signs nothing any more. After a lost answer the server is asked:
 * a webhook that is gone was deleted.
 * @throws PacSpaceError `notFound` when there was none to delete
 */
export async function deleteWebhook(account: Account, id: string, signal?: AbortSignal): Promise<void> {
  await account.call(async (api) => {
    try {
      await api.webhooks.delete(id, { signal });
    } catch (error) {
      if (isErrorOfKind(error, "notFound")) account.webhooks.remove(id);
      if (!isPacSpaceError(error) || !error.uncertain) throw error;
      const gone = await api.webhooks.get(id).then(
        () => false,
        (readError: unknown) => isErrorOfKind(readError, "notFound"),
      );
      if (!gone) {
        throw new PacSpaceError(error.kind, `${error.message} The webhook is still there.`, {
          status: error.status,
          cause: error,
        });
      }
    }
    account.webhooks.remove(id);
    if ((await account.secrets.get(id)) !== undefined) await account.secrets.forget(id);
  });
}
