import type { PacSpaceApi } from "../../api/pacspaceApi";
import type { Webhook } from "../../core/model/webhook";
import type { Account } from "../account";
import type { CreateNote } from "../createNotes";

/** A webhook whose secret is lost, and the note of its create, to be settled when a person knows. */
export interface Orphan {
  readonly webhook: Webhook;
  readonly note: CreateNote;
}

/** A webhook may seem to be older than its create by so much, in milliseconds: clocks are told in whole seconds. */
const clockDoubt = 2_000;
/** A webhook that was made so much later than it was asked for, in milliseconds, is somebody else's. */
const latestEffect = 15 * 60_000;
/** A create whose answer was lost may take effect so much later, in milliseconds. */
const lateEffect = 5 * 60_000;

/**
 * Looks for the webhooks of creates that nobody works on any more, because their process ended or their answer and the
 * list could not be had.
 * @returns those whose secret is lost; their notes are held until they are settled
 * @throws PacSpaceError when the list can't be read; the notes stay for the next time
 */
export async function lostCreates(account: Account): Promise<readonly Orphan[]> {
  const notes = await account.creates.takeAbandoned();
  if (notes.length === 0) return [];
  try {
    return await account.call((api, isSignedIn) => lookFor(account, api, notes, isSignedIn));
  } catch (error) {
    for (const note of notes) account.creates.release(note);
    throw error;
  }
}

/**
 * Reads the list and finds the webhooks that noted creates made. A note is settled when its webhook has its secret, or
 * has not appeared for long enough; one whose webhook may still appear is released.
 * @param isSignedIn whether the session is still there that the list is read with
 * @returns the webhooks whose secret is lost, put among the rows
 * @throws PacSpaceError when the list can't be read; then the notes are released
 */
export async function lookFor(
  account: Account,
  api: PacSpaceApi,
  notes: readonly CreateNote[],
  isSignedIn: () => boolean,
): Promise<readonly Orphan[]> {
  const orphans: Orphan[] = [];
  try {
    const { rows, aheadMs } = await allWebhooks(api);
    for (const note of notes) {
      const made = rows.filter((row) => mayBeOf(row, note, aheadMs) && !orphans.some(({ webhook }) => webhook === row));
      const secrets = await Promise.all(made.map(({ id }) => account.secrets.get(id)));
      const webhook = made.find((_, index) => secrets[index] === undefined);
      if (webhook !== undefined) {
        if (isSignedIn()) account.webhooks.put(webhook);
        orphans.push({ webhook, note });
      } else if (made.length > 0 || Date.now() - note.begunAt > lateEffect) await account.creates.settle(note);
      else account.creates.release(note);
    }
  } catch (error) {
    for (const note of notes) account.creates.release(note);
    throw error;
  }
  return orphans;
}

/** All webhooks, the newest first, and how far the server's clock is ahead; where it doesn't tell, both agree. */
async function allWebhooks(api: PacSpaceApi): Promise<{ readonly rows: readonly Webhook[]; readonly aheadMs: number }> {
  const found: Webhook[] = [];
  const told: number[] = [];
  for await (const { webhooks, serverAheadMs } of api.webhooks.list({ ahead: 2 })) {
    found.push(...webhooks);
    if (serverAheadMs !== undefined) told.push(serverAheadMs);
  }
  const rows = found.toSorted((left, right) => (right.createdAt ?? "").localeCompare(left.createdAt ?? ""));
  // An answer that was long on its way makes the clock look late: the quickest one tells best.
  return { rows, aheadMs: told.length === 0 ? 0 : Math.max(...told) };
}

/** Whether a create can have made a webhook: a new one of its URL. Somebody else's must not be offered for deletion. */
function mayBeOf({ id, url, createdAt }: Webhook, note: CreateNote, aheadMs: number): boolean {
  if (url !== note.url || note.knownIds.includes(id)) return false;
  const laterMs = Date.parse(createdAt ?? "") - (note.begunAt + aheadMs);
  // A row that doesn't tell its time is new only where all the others were known.
  if (Number.isNaN(laterMs)) return note.knewAll;
  return laterMs >= -clockDoubt && laterMs <= latestEffect;
}

/** The sentence for an orphan: what happened, what is lost, what to do. */
export function orphanSentence(webhook: Webhook): string {
  return `PacSpace created ${webhook.id} for ${webhook.url}, but its answer was lost, and with it the secret, which is never shown again. Delete the webhook and create it again.`;
}
