import { arrayField, numberField, recordOf, textField } from "./fields";

/** One event sent to one webhook, as a row of the delivery history. */
export interface Delivery {
  /** The event's id too (`evt_…`): one event may reach two webhooks. Empty when the API sent none. */
  readonly id: string;
  /** `pending`, `delivered`, `failed`, or whatever else the API says; `unknown` when it says nothing. */
  readonly status: string;
  readonly event?: string;
  readonly webhookId?: string;
  /** The endpoint's URL, where the API tells it. */
  readonly endpoint?: string;
  /** ISO 8601, as sent. */
  readonly createdAt?: string;
  readonly deliveredAt?: string;
  /** How many attempts were made. */
  readonly attempts?: number;
  /** The endpoint's last answer. */
  readonly httpStatus?: number;
  readonly error?: string;
  /** The row's JSON text exactly as the API sent it: nothing that came is lost. */
  readonly raw: string;
  /** Set in a list, from 2: how many rows up to this one tell nothing by which they could be told apart. */
  readonly nth?: number | undefined;
}

/** What tells two rows apart: one event may go to two webhooks, and a test may use an id again. */
export interface DeliveryRef {
  readonly id: string;
  readonly webhookId?: string | undefined;
  readonly createdAt?: string | undefined;
  readonly nth?: number | undefined;
}

/**
 * Reads one delivery. Its shape is not published, so each field is looked for under all names in use,
 * and a field of another type counts as absent.
 * @param value one row of the API, of any type
 * @param raw the row's own JSON text
 */
export function readDelivery(value: unknown, raw: string): Delivery {
  const row = recordOf(value);
  const event = textField(row, "event", "eventType", "type");
  const webhookId = textField(row, "webhookId", "webhook_id") ?? textField(recordOf(row.webhook), "id");
  const endpoint =
    textField(row, "endpoint", "url", "webhookUrl", "endpointUrl") ?? textField(recordOf(row.webhook), "url");
  const createdAt = textField(row, "createdAt");
  const deliveredAt = textField(row, "deliveredAt");
  const attempts = numberField(row, "attempts", "attemptCount") ?? arrayField(row, "attempts", "attemptLog")?.length;
  const httpStatus = numberField(row, "httpStatus", "responseStatus", "statusCode");
  const error = textField(row, "error", "lastError", "errorMessage");
  return {
    id: textField(row, "id", "eventId") ?? "",
    status: textField(row, "status") ?? "unknown",
    ...(event !== undefined && { event }),
    ...(webhookId !== undefined && { webhookId }),
    ...(endpoint !== undefined && { endpoint }),
    ...(createdAt !== undefined && { createdAt }),
    ...(deliveredAt !== undefined && { deliveredAt }),
    ...(attempts !== undefined && { attempts }),
    ...(httpStatus !== undefined && { httpStatus }),
    ...(error !== undefined && { error }),
    raw,
  };
}

/** The stable key of a row: webhook, event and creation time. Rows that don't tell all of these share one, but in a list. */
export function deliveryKey({ id, webhookId, createdAt, nth }: DeliveryRef): string {
  return [webhookId, id, createdAt, ...(nth === undefined ? [] : [nth])].join("|");
}

/**
 * What tells deliveries apart where rows may have moved from page to page. Where a row doesn't say which event it is of,
 * where it went and when, its whole text tells.
 */
export function rowKey(row: Delivery): string {
  const known = row.id !== "" && row.webhookId !== undefined && row.createdAt !== undefined;
  return known ? deliveryKey(row) : row.raw;
}

/** Whether a row is the one meant: the id always counts, webhook and time only where they are given. */
export function isDelivery(row: Delivery, ref: DeliveryRef): boolean {
  return (
    row.id === ref.id &&
    (ref.webhookId === undefined || row.webhookId === ref.webhookId) &&
    (ref.createdAt === undefined || row.createdAt === ref.createdAt)
  );
}
