import { booleanField, numberField, recordOf, textField } from "./fields";

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
  const id = textField(row, "id");
  if (id === undefined) return undefined;
  const description = textField(row, "description");
  const createdAt = textField(row, "createdAt");
  const lastTriggered = textField(row, "lastTriggered");
  const successCount = numberField(row, "successCount");
  const failureCount = numberField(row, "failureCount");
  return {
    id,
    url: textField(row, "url") ?? "",
    enabled: booleanField(row, "enabled", "active") ?? true,
    ...(description !== undefined && { description }),
    ...(createdAt !== undefined && { createdAt }),
    ...(lastTriggered !== undefined && { lastTriggered }),
    ...(successCount !== undefined && { successCount }),
    ...(failureCount !== undefined && { failureCount }),
  };
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
  return names.find((name) => name !== undefined && name !== "") ?? webhook.id;
}
