import { randomBytes } from "node:crypto";
import { samplePayload } from "../core/events/catalogue";
import { csvHead, csvLine, deliveryJson } from "./deliveryJson";
import type { DeliveryRow } from "./deliveryIndex";
import { Problem } from "./problem";
import { DeliverySearch, readDeliveryQuery, readExportWindow, readPage, readWindow } from "./query";
import type { DeliveryRecord, WebhookRecord } from "./records";
import type { Sender } from "./sender";
import type { Store } from "./store";

/** An answer: JSON text, or the export in blocks as they are made. */
export type Answer =
  { readonly status: number; readonly json: string; readonly setCookie?: string } | { readonly csv: Iterable<string> };

function isLoopback(url: URL): boolean {
  return url.hostname === "localhost" || url.hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(url.hostname);
}

function ok(data: unknown, status = 200): Answer {
  return { status, json: JSON.stringify({ success: true, data }) };
}

/** A webhook as the API shows it: without its secret, and without its counts, which only the list has. */
function shown({ id, url, description, enabled, createdAt, lastTriggered }: WebhookRecord): object {
  return {
    id,
    url,
    ...(description !== undefined && { description }),
    enabled,
    createdAt,
    ...(lastTriggered !== undefined && { lastTriggered }),
  };
}

/** The nine webhook routes of the reference page. */
export class WebhookRoutes {
  readonly #search: DeliverySearch;

  constructor(
    private readonly store: Store,
    private readonly sender: Sender,
    private readonly now: () => Date,
  ) {
    this.#search = new DeliverySearch(store.index);
  }

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
    const webhooks = all.slice((page - 1) * limit, page * limit).map((webhook) => {
      const { successCount, failureCount } = webhook;
      return { ...shown(webhook), successCount, failureCount };
    });
    const pagination = { page, limit, total: all.length, totalPages: Math.ceil(all.length / limit) };
    return ok({ webhooks, pagination });
  }

  get(id: string): Answer {
    return ok(shown(this.#webhook(id)));
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
    // Kept before it is sent: a kill in between must not lose what an endpoint may have got.
    this.store.putDelivery(delivery);
    const { status, attempts } = await this.sender.sendOnce(delivery);
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
    const window = readWindow(parameters);
    const page = this.#search.page(query, window);
    const rows = page.rows.map((row) => deliveryJson(this.store.delivery(row)));
    const pagination = JSON.stringify({ total: page.total, ...window });
    return {
      status: 200,
      json: `{"success":true,"data":{"deliveries":[${rows.join(",")}],"pagination":${pagination}}}`,
    };
  }

  exportDeliveries(parameters: URLSearchParams): Answer {
    const query = readDeliveryQuery(parameters);
    const { rows } = this.#search.page(query, readExportWindow(parameters));
    return { csv: csvBlocks(this.store, rows) };
  }

  /** An event that failed at two webhooks is sent to both again. */
  retry(eventId: string): Answer {
    const rows = this.store.index.ofEvent(eventId);
    if (rows.length === 0) throw new Problem(404, "Delivery not found");
    const failed = rows.filter(({ status }) => status === "failed");
    if (failed.length === 0) throw new Problem(409, "Only failed deliveries can be retried");
    const there = failed.filter(({ webhookId }) => this.store.webhook(webhookId) !== undefined);
    if (there.length === 0) throw new Problem(409, "The webhook of this delivery was deleted");
    for (const row of there) {
      const pending: DeliveryRecord = { ...this.store.delivery(row), status: "pending" };
      this.store.putDelivery(pending);
      this.sender.queue(pending);
    }
    return ok({ id: eventId, status: "pending" });
  }
}

const blockLength = 64 * 1024;

/** The export in blocks, each made when the one before it is sent. */
function* csvBlocks(store: Store, rows: readonly DeliveryRow[]): Generator<string> {
  let block = csvHead;
  for (const row of rows) {
    block += csvLine(store.delivery(row));
    if (block.length < blockLength) continue;
    yield block;
    block = "";
  }
  yield block;
}

function readNewWebhook(body: unknown): { readonly url: string; readonly description?: string } {
  const { url, description } = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  const problems: string[] = [];
  const parsed = typeof url === "string" && URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) problems.push("url must be a URL address");
  else if (parsed.protocol === "http:" && !isLoopback(parsed)) problems.push("url must use HTTPS");
  if (typeof url === "string" && url.length > 2048) {
    problems.push("url must be shorter than or equal to 2048 characters");
  }
  if (description !== undefined && typeof description !== "string") problems.push("description must be a string");
  if (typeof description === "string" && description.length > 500) {
    problems.push("description must be shorter than or equal to 500 characters");
  }
  if (problems.length > 0) throw new Problem(400, problems);
  return { url: String(url), ...(typeof description === "string" && { description }) };
}
