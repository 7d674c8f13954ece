import type { PacSpaceApi } from "../../api/pacspaceApi";
import { isErrorOfKind, isPacSpaceError, PacSpaceError } from "../../core/errors";
import type { Account } from "../account";

/** Asks the server after a lost answer. Throws PacSpaceError unless the webhook is gone. */
async function expectGone(api: PacSpaceApi, id: string, lost: PacSpaceError): Promise<void> {
  const problem = (words: string, uncertain: boolean): PacSpaceError =>
    new PacSpaceError(lost.kind, `${lost.message} ${words}`, { status: lost.status, uncertain, cause: lost });
  try {
    await api.webhooks.get(id);
  } catch (error) {
    if (isErrorOfKind(error, "notFound")) return;
    throw problem("Whether the webhook is gone can't be read either.", true);
  }
  throw problem("The webhook is still there.", false);
}

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
      await expectGone(api, id, error);
    }
    account.webhooks.remove(id);
    if ((await account.secrets.get(id)) !== undefined) await account.secrets.forget(id);
  });
}
