import type { CreatedWebhook, PacSpaceApi } from "../../api/pacspaceApi";
import { isPacSpaceError, PacSpaceError } from "../../core/errors";
import type { Webhook } from "../../core/model/webhook";
import type { Account } from "../account";

export interface NewWebhook {
  readonly url: string;
  readonly description?: string;
}

export type CreateOutcome =
  | { readonly kind: "created"; readonly webhook: Webhook; readonly secretStored: boolean; readonly secret: string }
  /** The answer was lost, and with it the secret, but the webhook is there. */
  | { readonly kind: "orphaned"; readonly webhook: Webhook; readonly error: PacSpaceError };

async function allWebhooks(api: PacSpaceApi): Promise<readonly Webhook[]> {
  const found: Webhook[] = [];
  for await (const page of api.webhooks.list({ ahead: 2 })) found.push(...page.webhooks);
  return found;
}

/**
 * Creates a webhook and stores its secret before anything else is done. A create is never repeated: when its answer is
 * lost the list is read again, and a new webhook of that URL without a secret is told as orphaned.
 * @throws PacSpaceError; `uncertain` only when the list couldn't be read afterwards either
 */
export async function createWebhook(account: Account, input: NewWebhook, signal?: AbortSignal): Promise<CreateOutcome> {
  return account.call(async (api) => {
    const before = { ids: new Set(account.webhooks.snapshot.webhooks.map(({ id }) => id)), time: Date.now() };
    let created: CreatedWebhook;
    try {
      created = await api.webhooks.create(input, { signal });
    } catch (error) {
      if (!isPacSpaceError(error) || !error.uncertain) throw error;
      const orphan = await findOrphan(account, api, input.url, before, error);
      if (orphan === undefined) throw withoutEffect(error);
      account.webhooks.put(orphan);
      return { kind: "orphaned", webhook: orphan, error };
    }
    const { webhook, secret } = created;
    const secretStored = await account.secrets.store(webhook.id, secret).catch(() => false);
    account.webhooks.put(webhook);
    return { kind: "created", webhook, secretStored, secret };
  });
}

interface Before {
  /** The webhooks known before the create. */
  readonly ids: ReadonlySet<string>;
  /** Milliseconds since 1970, by this machine's clock. */
  readonly time: number;
}

/** How far this machine's clock and the server's may lie apart, in milliseconds. */
const clockSkew = 15 * 60_000;

function isNew({ id, createdAt }: Webhook, before: Before): boolean {
  const created = Date.parse(createdAt ?? "");
  return !before.ids.has(id) && (Number.isNaN(created) || created >= before.time - clockSkew);
}

async function findOrphan(
  account: Account,
  api: PacSpaceApi,
  url: string,
  before: Before,
  error: PacSpaceError,
): Promise<Webhook | undefined> {
  let now: readonly Webhook[];
  try {
    now = await allWebhooks(api);
  } catch {
    throw new PacSpaceError(
      error.kind,
      `${error.message} The webhook may have been created all the same, and the list can't be read to find out: refresh it before you try again.`,
      { status: error.status, code: error.code, uncertain: true, cause: error },
    );
  }
  const candidates = now.filter((webhook) => webhook.url === url && isNew(webhook, before));
  const newestFirst = candidates.toSorted((left, right) => (right.createdAt ?? "").localeCompare(left.createdAt ?? ""));
  for (const webhook of newestFirst) {
    if ((await account.secrets.get(webhook.id)) === undefined) return webhook;
  }
  return undefined;
}

function withoutEffect(error: PacSpaceError): PacSpaceError {
  return new PacSpaceError(error.kind, `${error.message} No webhook was created: you can try again.`, {
    status: error.status,
    code: error.code,
    requestId: error.requestId,
    cause: error,
  });
}

/** The sentence for an orphan: what happened, what is lost, what to do. */
export function orphanSentence(webhook: Webhook): string {
  return `PacSpace created ${webhook.id} for ${webhook.url}, but its answer was lost, and with it the secret, which is never shown again. Delete the webhook and create it again.`;
}
