import { isPacSpaceError, mustLook, PacSpaceError, reasonOf } from "../../core/errors";
import type { Account } from "../account";

export interface EnabledState {
  readonly id: string;
  readonly enabled: boolean;
}

/**
 * Toggles once; a lost answer is never repeated: the state is read and told. Toggling and reading are calls of their own:
 * one that a renewed session repeats must hold no more than a refused request.
 * @param before the state it had, where it is known
 */
async function toggleOnce(
  account: Account,
  id: string,
  before: boolean | undefined,
  signal: AbortSignal | undefined,
): Promise<EnabledState> {
  const answer = await account.call((api) =>
    api.webhooks.toggle(id, { signal }).catch((error: unknown) => {
      if (mustLook(error)) return error;
      throw error;
    }),
  );
  if (!isPacSpaceError(answer)) return { id, enabled: answer.enabled };
  const read = await account
    .call((api) => api.webhooks.get(id, { signal }))
    .catch(() => {
      throw stateUnknown(answer);
    });
  if (read.enabled === before) throw notSwitched(answer, read.enabled);
  return { id, enabled: read.enabled };
}

function stateUnknown(error: PacSpaceError): PacSpaceError {
  return new PacSpaceError(
    error.kind,
    `${reasonOf(error)} Whether the webhook was switched can't be read either: refresh the list before you try again.`,
    { status: error.status, uncertain: true, cause: error },
  );
}

function notSwitched(error: PacSpaceError, enabled: boolean): PacSpaceError {
  return new PacSpaceError(
    error.kind,
    `${reasonOf(error)} The webhook is still ${enabled ? "enabled" : "disabled"}: refresh before you try again.`,
    { status: error.status, cause: error },
  );
}

/**
 * Switches a webhook to the other state.
 * @returns its state afterwards, read from the server when the answer was lost
 * @throws PacSpaceError when the answer was lost and the state is the one it had
 */
export async function toggleWebhook(account: Account, id: string, signal?: AbortSignal): Promise<EnabledState> {
  const before = account.webhooks.get(id)?.enabled;
  return putState(account, await toggleOnce(account, id, before, signal));
}

/**
 * Enables or disables: reads first and toggles only where needed, for the API knows toggling alone.
 * @throws PacSpaceError when the state read after a lost answer is not the one wanted
 */
export async function setWebhookEnabled(
  account: Account,
  id: string,
  enabled: boolean,
  signal?: AbortSignal,
): Promise<EnabledState> {
  const now = await account.call((api) => api.webhooks.get(id, { signal }));
  await putState(account, { id, enabled: now.enabled });
  const state = now.enabled === enabled ? { id, enabled } : await toggleOnce(account, id, now.enabled, signal);
  await putState(account, state);
  if (state.enabled === enabled) return state;
  throw new PacSpaceError(
    "conflict",
    `The webhook is still ${state.enabled ? "enabled" : "disabled"}: PacSpace did not take the change, or somebody else switched it at the same moment. Try again.`,
  );
}

/** Shows the state in the row; a row that is not loaded is read, and what can't be read changes nothing that was done. */
async function putState(account: Account, state: EnabledState): Promise<EnabledState> {
  const known = account.webhooks.get(state.id);
  if (known?.enabled === state.enabled) return state;
  if (known !== undefined) account.webhooks.put({ ...known, enabled: state.enabled });
  else if (account.webhooks.snapshot.loaded) {
    const reading = account.call(async (api, isSignedIn) => {
      const read = await api.webhooks.get(state.id);
      if (isSignedIn()) account.webhooks.put(read);
    });
    await reading.catch(() => undefined);
  }
  return state;
}
