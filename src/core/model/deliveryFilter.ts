import { invalidInput } from "../errors";
import { recordOf } from "./fields";

export const deliveryStatuses = ["pending", "delivered", "failed"] as const;
export const deliverySortKeys = ["createdAt", "deliveredAt", "attempts"] as const;
export const sortOrders = ["asc", "desc"] as const;

/** What the API filters and sorts by. Dates are UTC days, both ends included (reference page, "List Deliveries"). */
export interface DeliveryFilter {
  readonly status?: (typeof deliveryStatuses)[number];
  readonly startDate?: string;
  readonly endDate?: string;
  readonly sortBy?: (typeof deliverySortKeys)[number];
  readonly sortOrder?: (typeof sortOrders)[number];
}

export interface DeliveryPageRequest extends DeliveryFilter {
  readonly limit?: number;
  readonly offset?: number;
}

/** The view's filter: `event` and `webhookId` are no filters of the API, they work on what is loaded. */
export interface DeliveryViewFilter extends DeliveryFilter {
  readonly event?: string;
  readonly webhookId?: string;
}

type FieldReader = (name: string, value: unknown) => string | number;

function oneOf(allowed: readonly string[]): FieldReader {
  return (name, value) => {
    if (typeof value === "string" && allowed.includes(value)) return value;
    throw invalidInput(`${name} must be one of ${allowed.join(", ")}.`);
  };
}

function wholeNumber(least: number): FieldReader {
  return (name, value) => {
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= least) return value;
    throw invalidInput(`${name} must be a whole number of at least ${least}.`);
  };
}

function plainText(name: string, value: unknown): string {
  if (typeof value === "string" && value.trim() !== "") return value.trim();
  throw invalidInput(`${name} must be a text that is not empty.`);
}

/**
 * Reads a UTC day.
 * @param name the field's name, for the message
 * @throws PacSpaceError `invalid` for anything but an existing day as YYYY-MM-DD
 */
export function readDay(name: string, value: unknown): string {
  if (typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value)) {
    const time = Date.parse(`${value}T00:00:00Z`);
    if (!Number.isNaN(time) && new Date(time).toISOString().startsWith(value)) return value;
  }
  throw invalidInput(`${name} must be a day that exists, written YYYY-MM-DD, for example 2026-04-10.`);
}

const filterFields: Readonly<Record<string, FieldReader>> = {
  status: oneOf(deliveryStatuses),
  startDate: readDay,
  endDate: readDay,
  sortBy: oneOf(deliverySortKeys),
  sortOrder: oneOf(sortOrders),
};
const pageFields = { ...filterFields, limit: wholeNumber(1), offset: wholeNumber(0) };
const viewFields = { ...filterFields, event: plainText, webhookId: plainText };

function readFields(value: unknown, fields: Readonly<Record<string, FieldReader>>): Record<string, string | number> {
  const read: Record<string, string | number> = {};
  for (const [name, field] of Object.entries(recordOf(value))) {
    if (field === undefined || field === null) continue;
    const reader = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (reader === undefined) {
      throw invalidInput(`There is no filter "${name}". Known are ${Object.keys(fields).join(", ")}.`);
    }
    read[name] = reader(name, field);
  }
  const { startDate, endDate } = read;
  if (startDate !== undefined && endDate !== undefined && startDate > endDate) {
    throw invalidInput(`startDate (${startDate}) lies after endDate (${endDate}): swap them.`);
  }
  return read;
}

/**
 * Reads what the API filters, sorts and pages by from a command's argument, with `limit` and `offset` in rows; only what
 * is given is in the result.
 * @throws PacSpaceError `invalid`, naming the field, for a wrong value or an unknown field
 */
export function readDeliveryPageRequest(value: unknown): DeliveryPageRequest {
  return readFields(value, pageFields);
}

/** As readDeliveryPageRequest, with `event` and `webhookId` in place of `limit` and `offset`. */
export function readDeliveryViewFilter(value: unknown): DeliveryViewFilter {
  return readFields(value, viewFields);
}

/** The part of a view's filter that the API knows. */
export function apiFilter({ event: _event, webhookId: _webhookId, ...filter }: DeliveryViewFilter): DeliveryFilter {
  return filter;
}

/** Whether a row passes the part of a view's filter that works on what is loaded. */
export function passesViewFilter(
  row: { readonly event?: string; readonly webhookId?: string },
  filter: DeliveryViewFilter,
): boolean {
  return (
    (filter.event === undefined || row.event === filter.event) &&
    (filter.webhookId === undefined || row.webhookId === filter.webhookId)
  );
}
