import type { PacSpaceApi } from "../../api/pacspaceApi";
import { mustLook, PacSpaceError, reasonOf } from "../../core/errors";
import type { Account } from "../account";

export interface EnabledState {
  readonly id: string;
  readonly enabled: boolean;
}

/**
 * Toggles once; a lost answer is never repeated: the state is read and told.
 * @param before the state it had, where it is known
 */
async function toggleOnce(
  api: PacSpaceApi,
  id: string,
  before: boolean | undefined,
  signal: AbortSignal | undefined,
): Promise<EnabledState> {
  try {
    return { id, enabled: (await api.webhooks.toggle(id, { signal })).enabled };
  } catch (error) {
    if (!mustLook(error)) throw error;
    const read = await api.webhooks.get(id, { signal }).catch(() => {
      throw stateUnknown(error);
    });
    if (read.enabled === before) throw notSwitched(error, read.enabled);
    return { id, enabled: read.enabled };
  }
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
  return account.call(async (api) => putState(account, api, await toggleOnce(api, id, before, signal)));
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
  return account.call(async (api) => {
    const now = await api.webhooks.get(id, { signal });
    await putState(account, api, { id, enabled: now.enabled });
    const state = now.enabled === enabled ? { id, enabled } : await toggleOnce(api, id, now.enabled, signal);
    await putState(account, api, state);
    if (state.enabled === enabled) return state;
    throw new PacSpaceError(
      "conflict",
      `The webhook is still ${state.enabled ? "enabled" : "disabled"}: PacSpace did not take the change, or somebody else switched it at the same moment. Try again.`,
    );
  });
}

async function putState(account: Account, api: PacSpaceApi, state: EnabledState): Promise<EnabledState> {
  const known = account.webhooks.get(state.id);
  if (known?.enabled === state.enabled) return state;
  if (known !== undefined) account.webhooks.put({ ...known, enabled: state.enabled });
  else if (account.webhooks.snapshot.loaded) account.webhooks.put(await api.webhooks.get(state.id));
  return state;
}
