import { randomBytes } from "node:crypto";
import { samplePayload } from "../core/events/catalogue";
import { csvHead, csvLine, deliveryJson } from "./deliveryJson";
import { Problem } from "./problem";
import { readDeliveryQuery, readPage, readWindow, select } from "./query";
import type { DeliveryRecord, WebhookRecord } from "./records";
import type { Sender } from "./sender";
import type { Store } from "./store";

/** An answer: JSON text, or the export's lines as they are made. */
export type Answer =
  { readonly status: number; readonly json: string; readonly setCookie?: string } | { readonly csv: Iterable<string> };

function isLoopback(url: URL): boolean {
  return url.hostname === "localhost" || url.hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(url.hostname);
}

function ok(data: unknown, status = 200): Answer {
  return { status, json: JSON.stringify({ success: true, data }) };
}

/** The nine webhook routes of the reference page. */
export class WebhookRoutes {
  constructor(
    private readonly store: Store,
    private readonly sender: Sender,
    private readonly now: () => Date,
  ) {}

  #webhook(id: string): WebhookRecord {
    const webhook = this.store.webhook(id);
    if (webhook === undefined) throw new Problem(404, "Webhook not found");
    return webhook;
  }

  /** The secret is in the answer, and in no other one ever. */
  create(body: unknown): Answer {
    const { url, description } = readNewWebhook(body);
    const webhook: WebhookRecord = {
      id: `webhook_${randomBytes(12).toString("hex")}`,
      url,
      ...(description !== undefined && { description }),
      secret: `whsec_${randomBytes(24).toString("hex")}`,
      enabled: true,
      createdAt: this.now().toISOString(),
      successCount: 0,
      failureCount: 0,
    };
    this.store.putWebhook(webhook);
    const { id, secret, enabled, createdAt } = webhook;
    const data = { id, url, ...(description !== undefined && { description }), secret, enabled, createdAt };
    const message = "Webhook created successfully. Save your secret securely - it won't be shown again.";
    return { status: 201, json: JSON.stringify({ success: true, data, message }) };
  }

  list(parameters: URLSearchParams): Answer {
    const { page, limit } = readPage(parameters);
    const all = this.store.webhooks();
    const webhooks = all.slice((page - 1) * limit, page * limit).map(({ secret: _secret, ...shown }) => shown);
    const pagination = { page, limit, total: all.length, totalPages: Math.ceil(all.length / limit) };
    return ok({ webhooks, pagination });
  }

  get(id: string): Answer {
    const { secret: _secret, ...shown } = this.#webhook(id);
    return ok(shown);
  }

  toggle(id: string): Answer {
    const webhook = this.#webhook(id);
    const enabled = !webhook.enabled;
    this.store.putWebhook({ ...webhook, enabled });
    if (enabled) this.sender.resume(id);
    return ok({ id, enabled });
  }

  /** Answers 200 whatever the endpoint did; a disabled webhook can be tested too, for that is how one finds out. */
  async test(id: string): Promise<Answer> {
    const webhook = this.#webhook(id);
    const delivery: DeliveryRecord = {
      id: `evt_${randomBytes(12).toString("hex")}`,
      event: "test",
      webhookId: id,
      endpoint: webhook.url,
      body: JSON.stringify(samplePayload("test", { now: this.now() })),
      status: "pending",
      createdAt: this.now().toISOString(),
      attempts: [],
    };
    const { status, attempts } = await this.sender.attempt(delivery, false);
    const success = status === "delivered";
    const { httpStatus, error } = attempts.at(-1) ?? {};
    const why = error ?? `Endpoint answered with status ${httpStatus ?? "none"}`;
    return ok({
      success,
      ...(httpStatus !== undefined && { httpStatus }),
      message: success ? "Test event sent successfully." : `Test event failed: ${why}.`,
    });
  }

  delete(id: string): Answer {
    this.#webhook(id);
    this.store.deleteWebhook(id);
    return { status: 200, json: JSON.stringify({ success: true, message: "Webhook deleted successfully." }) };
  }

  deliveries(parameters: URLSearchParams): Answer {
    const query = readDeliveryQuery(parameters);
    const { limit, offset } = readWindow(parameters);
    const matched = select(this.store.deliveries(), query);
    const rows = matched.slice(offset, offset + limit).map(deliveryJson);
    const pagination = JSON.stringify({ total: matched.length, limit, offset });
    return {
      status: 200,
      json: `{"success":true,"data":{"deliveries":[${rows.join(",")}],"pagination":${pagination}}}`,
    };
  }

  exportDeliveries(parameters: URLSearchParams): Answer {
    const matched = select(this.store.deliveries(), readDeliveryQuery(parameters));
    return { csv: csvLines(matched) };
  }

  /** An event that failed at two webhooks is sent to both again. */
  retry(eventId: string): Answer {
    const deliveries = this.store.deliveriesOf(eventId);
    if (deliveries.length === 0) throw new Problem(404, "Delivery not found");
    const failed = deliveries.filter(({ status }) => status === "failed");
    if (failed.length === 0) throw new Problem(409, "Only failed deliveries can be retried");
    for (const delivery of failed) {
      const pending: DeliveryRecord = { ...delivery, status: "pending" };
      this.store.putDelivery(pending);
      this.sender.queue(pending);
    }
    return ok({ id: eventId, status: "pending" });
  }
}

function* csvLines(deliveries: readonly DeliveryRecord[]): Generator<string> {
  yield csvHead;
  for (const delivery of deliveries) yield csvLine(delivery);
}

function readNewWebhook(body: unknown): { readonly url: string; readonly description?: string } {
  const { url, description } = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  const problems: string[] = [];
  const parsed = typeof url === "string" && URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) problems.push("url must be a URL address");
  else if (parsed.protocol === "http:" && !isLoopback(parsed)) problems.push("url must use HTTPS");
  if (description !== undefined && typeof description !== "string") problems.push("description must be a string");
  if (typeof description === "string" && description.length > 500) {
    problems.push("description must be shorter than or equal to 500 characters");
  }
  if (problems.length > 0) throw new Problem(400, problems);
  return { url: String(url), ...(typeof description === "string" && { description }) };
}
