import { isErrorOfKind, mustLook, PacSpaceError, reasonOf } from "../../core/errors";
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
      if (!mustLook(error)) throw error;
      await api.webhooks.get(id, { signal }).then(
        () => {
          throw stillThere(error);
        },
        (readError: unknown) => {
          if (!isErrorOfKind(readError, "notFound")) throw unknownFate(error);
        },
      );
    }
    account.webhooks.remove(id);
    if ((await account.secrets.get(id)) !== undefined) await account.secrets.forget(id);
  });
}

function stillThere(error: PacSpaceError): PacSpaceError {
  return new PacSpaceError(error.kind, `${reasonOf(error)} The webhook is still there.`, {
    status: error.status,
    cause: error,
  });
}

function unknownFate(error: PacSpaceError): PacSpaceError {
  return new PacSpaceError(
    error.kind,
    `${reasonOf(error)} Whether the webhook is gone can't be read either: refresh the list before you try again.`,
    { status: error.status, uncertain: true, cause: error },
  );
}
