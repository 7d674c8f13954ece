import type { DeliveryRecord } from "./records";

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * A delivery as the API sends it. The body goes in as the very text that was signed, so that whoever cuts it out of the
 * answer has its exact bytes; one that is no JSON goes in as a string.
 */
export function deliveryJson(delivery: DeliveryRecord): string {
  const last = delivery.attempts.at(-1);
  const { id, event, webhookId, endpoint, status, createdAt, deliveredAt, body } = delivery;
  const before = {
    id,
    event,
    webhookId,
    endpoint,
    status,
    createdAt,
    deliveredAt: deliveredAt ?? null,
    attempts: delivery.attempts.length,
    httpStatus: last?.httpStatus ?? null,
    error: last?.error ?? null,
    durationMs: last?.durationMs ?? null,
  };
  const after = {
    requestHeaders: last?.requestHeaders ?? {},
    responseHeaders: last?.responseHeaders ?? {},
    responseBody: last?.responseBody ?? null,
    attemptLog: delivery.attempts.map((attempt) => ({
      number: attempt.number,
      startedAt: attempt.startedAt,
      durationMs: attempt.durationMs,
      httpStatus: attempt.httpStatus ?? null,
      error: attempt.error ?? null,
      responseHeaders: attempt.responseHeaders ?? {},
      responseBody: attempt.responseBody ?? null,
    })),
  };
  const payload = isJson(body) ? body : JSON.stringify(body);
  return `${JSON.stringify(before).slice(0, -1)},"payload":${payload},${JSON.stringify(after).slice(1)}`;
}

const columns = [
  "id",
  "event",
  "webhookId",
  "endpoint",
  "status",
  "createdAt",
  "deliveredAt",
  "attempts",
  "httpStatus",
  "error",
] as const;

function quoted(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** The export's first line (RFC 4180). */
export const csvHead = `${columns.join(",")}\r\n`;

/** A delivery as a line of the export. */
export function csvLine(delivery: DeliveryRecord): string {
  const last = delivery.attempts.at(-1);
  const row: Readonly<Record<(typeof columns)[number], string | number | undefined>> = {
    ...delivery,
    deliveredAt: delivery.deliveredAt,
    attempts: delivery.attempts.length,
    httpStatus: last?.httpStatus,
    error: last?.error,
  };
  return `${columns.map((column) => quoted(String(row[column] ?? ""))).join(",")}\r\n`;
}
