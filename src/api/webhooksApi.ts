import { invalidInput, PacSpaceError } from "../core/errors";
import { readDelivery, rowKey, type Delivery } from "../core/model/delivery";
import type { DeliveryPageRequest } from "../core/model/deliveryFilter";
import { booleanField, numberField, recordOf, textField } from "../core/model/fields";
import { readWebhook, type Webhook } from "../core/model/webhook";
import type { Call } from "./call";
import { acceptAny, openEnvelope, type Content } from "./envelope";
import { linkedSignal } from "../core/linkedSignal";
import type {
  CreatedWebhook,
  DeliveryPage,
  ListOptions,
  RequestOptions,
  TestResult,
  WebhookPage,
  WebhooksApi,
} from "./pacspaceApi";
import { isLast, pages, type Page, type RawPage } from "./paging";
import { malformed } from "./problem";
import { pageFacts, rowsOf, rowTexts } from "./rows";
import { serverToken } from "./serverText";
import type { Transport } from "./transport";

const root = "/dashboard/webhooks";
const ok = { status: 200, headers: {} };

/**
 * An id as one segment of a path, whatever it holds.
 * @throws PacSpaceError `invalid` for an id that can't be one: `.` and `..` are not kept by servers even when encoded
 */
function segment(id: string, what: string): string {
  let encoded = "";
  try {
    encoded = encodeURIComponent(id);
  } catch {
    // Half a surrogate pair: no server can have given it out.
  }
  if (encoded === "" || encoded === "." || encoded === "..") {
    throw invalidInput(`That is no id of a ${what}. Take the id from the list.`);
  }
  return encoded;
}

/** The path of a webhook. `deliveries` is a route beside the webhooks, so no webhook can have that id. */
function webhookPath(id: string): string {
  if (id === "deliveries") throw invalidInput('No webhook can have the id "deliveries". Take the id from the list.');
  return `${root}/${segment(id, "webhook")}`;
}

/** The fields that are given, as a query with its question mark; empty when there are none. */
function query(fields: Readonly<Record<string, string | number | undefined>>): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) given.set(name, String(value));
  return given.size === 0 ? "" : `?${given.toString()}`;
}

/** What both the list and the export take (reference page, "Supported filters"). */
function deliveryQuery({ status, startDate, endDate, sortBy, sortOrder, limit, offset }: DeliveryPageRequest): string {
  return query({ status, startDate, endDate, sortBy, sortOrder, limit, offset });
}

/** A webhook in an answer: the content itself, or its member `webhook`. */
function webhookIn(call: Call, content: Content): Webhook {
  const webhook = readWebhook(recordOf(content.data).webhook ?? content.data);
  if (webhook === undefined) throw malformed(call, ok, "holds no webhook");
  return webhook;
}

/**
 * The routes of the webhooks and their deliveries, one method each (reference page, "Endpoints Summary").
 * @param transport throws PacSpaceErrors; these methods throw them on, and `malformedResponse` for what can't be read
 */
export function createWebhooksApi(transport: Pick<Transport, "text" | "stream">): WebhooksApi {
  const send = async (call: Call, options?: RequestOptions): Promise<Content> =>
    openEnvelope(call, await transport.text(call, options));

  async function create(
    input: { readonly url: string; readonly description?: string },
    options?: RequestOptions,
  ): Promise<CreatedWebhook> {
    const { url, description } = input;
    const body = { url, ...(description !== undefined && { description }) };
    const call: Call = { method: "POST", path: root, purpose: "create the webhook", body };
    const content = await send(call, options);
    const sent = webhookIn(call, content);
    const secret =
      textField(recordOf(content.data), "secret") ??
      textField(recordOf(recordOf(content.data).webhook), "secret") ??
      textField(recordOf(content.value), "secret");
    if (secret === undefined) {
      // A server that mixes up its fields could have put the secret into the id.
      const named = ["the webhook", serverToken(sent.id, [])].join(" ").trimEnd();
      throw new PacSpaceError(
        "malformedResponse",
        `PacSpace created ${named} but sent no secret, and a secret is shown only once. Delete the webhook and create it again.`,
        { status: 201, uncertain: true },
      );
    }
    // The answer repeats less than what a list tells (reference page): what was asked for stands in.
    const webhook = {
      ...sent,
      url: sent.url === "" ? url : sent.url,
      ...(sent.description === undefined && description !== undefined && { description }),
    };
    return { webhook, secret };
  }

  async function* list(options: ListOptions = {}): AsyncGenerator<WebhookPage, void, undefined> {
    const limit = options.pageSize ?? 100;
    const call: Call = { method: "GET", path: root, purpose: "list the webhooks" };
    const link = linkedSignal(options.signal);
    const linked = { ...options, signal: link.signal };
    const fetch = async ({ page }: { readonly page: number }): Promise<RawPage<Webhook>> => {
      const answer = await transport.text({ ...call, path: `${root}?page=${page}&limit=${limit}` }, linked);
      const content = openEnvelope(call, answer);
      const found = rowsOf(content, "webhooks", "items");
      if (found === undefined) throw malformed(call, ok, "holds no list of webhooks");
      const rows = () => found.rows.map((row) => readWebhook(row)).filter((webhook) => webhook !== undefined);
      const facts = { ...pageFacts(content), serverAheadMs: answer.serverAheadMs };
      return { rows, received: found.rows.length, facts };
    };
    try {
      const start = { page: 1, offset: 0 };
      for await (const { rows, facts, last } of pages(call, start, fetch, ({ id }) => id, options.ahead)) {
        const { serverAheadMs } = facts;
        yield { webhooks: rows, last, serverAheadMs, ...(facts.total !== undefined && { total: facts.total }) };
      }
    } finally {
      // Pages asked for ahead are not wanted any more.
      link.abort();
      link.release();
    }
  }

  async function get(id: string, options?: RequestOptions): Promise<Webhook> {
    const call: Call = { method: "GET", path: webhookPath(id), purpose: "read the webhook" };
    return webhookIn(call, await send(call, options));
  }

  async function toggle(
    id: string,
    options?: RequestOptions,
  ): Promise<{ readonly id: string; readonly enabled: boolean }> {
    const path = `${webhookPath(id)}/toggle`;
    const call: Call = { method: "POST", path, purpose: "enable or disable the webhook" };
    const { data } = await send(call, options);
    const row = recordOf(recordOf(data).webhook ?? data);
    const enabled = booleanField(row, "enabled", "active");
    if (enabled === undefined) throw malformed(call, ok, "doesn't say whether the webhook is enabled");
    return { id: textField(row, "id") ?? id, enabled };
  }

  async function test(id: string, options?: RequestOptions): Promise<TestResult> {
    const call: Call = { method: "POST", path: `${webhookPath(id)}/test`, purpose: "test the webhook" };
    const { data } = await send(call, options);
    const row = recordOf(data);
    const success = booleanField(row, "success");
    if (success === undefined) throw malformed(call, ok, "doesn't say how the test ended");
    const httpStatus = numberField(row, "httpStatus", "responseStatus", "statusCode");
    const message = textField(row, "message") ?? (success ? "The test event was delivered." : "The endpoint failed.");
    return { success, message, ...(httpStatus !== undefined && { httpStatus }) };
  }

  async function remove(id: string, options?: RequestOptions): Promise<void> {
    const call: Call = { method: "DELETE", path: webhookPath(id), purpose: "delete the webhook" };
    acceptAny(call, await transport.text(call, options));
  }

  async function deliveryRows(request: DeliveryPageRequest, options?: RequestOptions): Promise<RawPage<Delivery>> {
    const path = `${root}/deliveries${deliveryQuery(request)}`;
    const call: Call = { method: "GET", path, purpose: "list the deliveries" };
    const answer = await transport.text(call, options);
    const content = openEnvelope(call, answer);
    const found = rowsOf(content, "deliveries", "items");
    if (found === undefined) throw malformed(call, ok, "holds no list of deliveries");
    const rows = (): readonly Delivery[] => {
      const texts = rowTexts(answer.text, content, found);
      return found.rows.map((row, index) => readDelivery(row, texts[index] ?? ""));
    };
    return { rows, received: found.rows.length, facts: pageFacts(content) };
  }

  function deliveryPageOf({ rows, facts: { total }, last }: Page<Delivery>): DeliveryPage {
    return { deliveries: rows, last, ...(total !== undefined && { total }) };
  }

  async function deliveryPage(request: DeliveryPageRequest, options?: RequestOptions): Promise<DeliveryPage> {
    const page = await deliveryRows(request, options);
    const { limit = 0, offset = 0 } = request;
    const applied = page.facts.limit ?? limit;
    const number = applied > 0 ? Math.floor(offset / applied) + 1 : 1;
    return deliveryPageOf({ ...page, rows: page.rows(), last: isLast(page, { page: number, offset }) });
  }

  async function* deliveries(
    request: DeliveryPageRequest,
    options?: RequestOptions,
  ): AsyncGenerator<DeliveryPage, void, undefined> {
    const call: Call = { method: "GET", path: `${root}/deliveries`, purpose: "list the deliveries" };
    const start = { page: 1, offset: request.offset ?? 0 };
    const fetch = ({ offset }: { readonly offset: number }): Promise<RawPage<Delivery>> =>
      deliveryRows(offset === start.offset ? request : { ...request, offset }, options);
    for await (const page of pages(call, start, fetch, rowKey)) yield deliveryPageOf(page);
  }

  async function exportDeliveries(
    request: DeliveryPageRequest,
    options?: RequestOptions,
  ): Promise<AsyncIterable<Uint8Array>> {
    const path = `${root}/deliveries/export${deliveryQuery(request)}`;
    return transport.stream({ method: "GET", path, purpose: "export the deliveries" }, options);
  }

  async function retryDelivery(id: string, options?: RequestOptions): Promise<void> {
    const path = `${root}/deliveries/${segment(id, "delivery")}/retry`;
    const call: Call = { method: "POST", path, purpose: "retry the delivery" };
    acceptAny(call, await transport.text(call, options));
  }

  return {
    create,
    list,
    get,
    toggle,
    test,
    delete: remove,
    deliveryPage,
    deliveries,
    exportDeliveries,
    retryDelivery,
  };
}
