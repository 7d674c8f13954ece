import type { DeliveryRecord, WebhookRecord } from "../../../src/local/records";

/** A webhook whose endpoint nobody listens at. */
export const failingWebhook: WebhookRecord = {
  id: "webhook_many",
  url: "http://127.0.0.1:9/hook",
  secret: "whsec_many",
  enabled: true,
  createdAt: "2026-04-01T00:00:00.000Z",
  successCount: 0,
  failureCount: 0,
};

/** One of many deliveries that failed there. */
export function failedRecord(index: number): DeliveryRecord {
  return {
    id: `evt_${String(index).padStart(6, "0")}`,
    event: "delta.verified",
    webhookId: failingWebhook.id,
    endpoint: failingWebhook.url,
    body: "{}",
    status: "failed",
    createdAt: new Date(Date.parse(failingWebhook.createdAt) + index * 1_000).toISOString(),
    attempts: [],
  };
}
