import { booleanOf, numberOf, recordOf, textOf } from "./fields";
import { visibleText } from "./visibleText";

/** A webhook: something with an id, an endpoint URL and a secret. The secret is never part of it. */
export interface Webhook {
  /** Opaque: `webhook_…` and `wh_…` both occur. */
  readonly id: string;
  readonly url: string;
  readonly description?: string;
  readonly enabled: boolean;
  /** ISO 8601, as sent. */
  readonly createdAt?: string;
  /** ISO 8601, as sent; absent when it was never triggered. */
  readonly lastTriggered?: string;
  readonly successCount?: number;
  readonly failureCount?: number;
}

export type WebhookHealth = "enabled" | "disabled" | "failing";

/**
 * Reads one webhook as any version of the API sends it: `enabled` is `active` on an older page.
 * Source: the vendor's reference page, "List Webhooks".
 * @param value one row of the API, of any type
 * @returns the webhook, or undefined when there is no id to name it by
 */
export function readWebhook(value: unknown): Webhook | undefined {
  const row = recordOf(value);
  const id = textOf(row.id);
  if (id === undefined) return undefined;
  // Member by member: a list has thousands of rows, and spreads of one member each cost ten times as much.
  const webhook: { -readonly [K in keyof Webhook]: Webhook[K] } = {
    id,
    url: textOf(row.url) ?? "",
    enabled: booleanOf(row.enabled) ?? booleanOf(row.active) ?? true,
  };
  const description = textOf(row.description);
  const createdAt = textOf(row.createdAt);
  const lastTriggered = textOf(row.lastTriggered);
  const successCount = numberOf(row.successCount);
  const failureCount = numberOf(row.failureCount);
  if (description !== undefined) webhook.description = description;
  if (createdAt !== undefined) webhook.createdAt = createdAt;
  if (lastTriggered !== undefined) webhook.lastTriggered = lastTriggered;
  if (successCount !== undefined) webhook.successCount = successCount;
  if (failureCount !== undefined) webhook.failureCount = failureCount;
  return webhook;
}

/**
 * Share of deliveries that the endpoint accepted.
 * @returns 0 to 1, or undefined when nothing was counted
 */
export function successRate(webhook: Webhook): number | undefined {
  const successes = webhook.successCount ?? 0;
  const total = successes + (webhook.failureCount ?? 0);
  return total > 0 ? successes / total : undefined;
}

/** Failing: enabled, and more than half of what was counted failed. */
export function webhookHealth(webhook: Webhook): WebhookHealth {
  if (!webhook.enabled) return "disabled";
  const rate = successRate(webhook);
  return rate !== undefined && rate < 0.5 ? "failing" : "enabled";
}

/** What a person calls the webhook: its description, else its URL without the scheme, else its id. */
export function webhookLabel(webhook: Webhook): string {
  const names = [webhook.description?.trim(), webhook.url.replace(/^https?:\/\//, "")];
  return visibleText(names.find((name) => name !== undefined && name !== "") ?? webhook.id);
}
