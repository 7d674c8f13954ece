import type { CreatedWebhook } from "../../api/pacspaceApi";
import { isPacSpaceError, PacSpaceError, reasonOf } from "../../core/errors";
import type { Webhook } from "../../core/model/webhook";
import type { Account } from "../account";
import type { CreateNote } from "../createNotes";
import { lookFor, type Orphan } from "./lostCreates";

export interface NewWebhook {
  readonly url: string;
  readonly description?: string;
}

/** Whoever gets an outcome with a note tells a person what is lost, and then settles the note. */
export type CreateOutcome =
  | {
      readonly kind: "created";
      readonly webhook: Webhook;
      readonly secret: string;
      /** Read back and equal. */
      readonly secretStored: true;
    }
  | {
      readonly kind: "created";
      readonly webhook: Webhook;
      readonly secret: string;
      readonly secretStored: false;
      readonly note: CreateNote;
    }
  /** The answer was lost, and with it the secret, but the webhook is there. */
  | (Orphan & { readonly kind: "orphaned"; readonly error: PacSpaceError });

/**
 * Creates a webhook and stores its secret before anything else is done. It is noted before it is sent, so that the
 * webhook is found even when this process ends on the way. A create is never repeated: when its answer is lost the list
 * is read again, and a new webhook of that URL without a secret is told as orphaned. A cancel ends it at once; then, and
 * when the list can't be read, the note stays for the next time that the list is read.
 * @throws PacSpaceError; `uncertain` when it was cancelled on the way, or the list couldn't be read afterwards
 */
export async function createWebhook(account: Account, input: NewWebhook, signal?: AbortSignal): Promise<CreateOutcome> {
  return account.call(async (api, isSignedIn) => {
    const { webhooks, loaded, hasMore } = account.webhooks.snapshot;
    const known = webhooks.filter(({ url }) => url === input.url);
    const note = await account.creates.begin(
      input,
      known.map(({ id }) => id),
      loaded && !hasMore,
    );
    let created: CreatedWebhook;
    try {
      created = await api.webhooks.create(input, { signal });
    } catch (error) {
      if (!isPacSpaceError(error) || !error.uncertain) {
        await account.creates.settle(note);
        throw error;
      }
      if (error.kind === "cancelled") {
        account.creates.release(note);
        throw error;
      }
      const [orphan] = await lookFor(account, api, [note], isSignedIn).catch(() => {
        throw unreadable(error);
      });
      if (orphan === undefined) throw withoutEffect(error);
      return { ...orphan, kind: "orphaned", error };
    }
    const { webhook, secret } = created;
    const secretStored = await account.secrets.store(webhook.id, secret).catch(() => false);
    if (isSignedIn()) account.webhooks.put(webhook);
    if (!secretStored) return { kind: "created", webhook, secret, secretStored, note };
    await account.creates.settle(note);
    return { kind: "created", webhook, secret, secretStored };
  });
}

function unreadable(error: PacSpaceError): PacSpaceError {
  return new PacSpaceError(
    error.kind,
    `${reasonOf(error)} The webhook may have been created all the same, and the list can't be read to find out: refresh it before you try again.`,
    { status: error.status, code: error.code, uncertain: true, cause: error },
  );
}

function withoutEffect(error: PacSpaceError): PacSpaceError {
  return new PacSpaceError(
    error.kind,
    `${reasonOf(error)} No webhook was created so far: you can try again. Should the first one still appear, you are told.`,
    { status: error.status, code: error.code, requestId: error.requestId, cause: error },
  );
}
