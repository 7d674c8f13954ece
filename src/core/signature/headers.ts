import type { HeaderList } from "../model/headers";

export type { HeaderList };

/** The four headers of a delivery (signature verification page), and the name HTTP libraries know them by. */
export const signatureHeader = "X-PacSpace-Signature";
export const timestampHeader = "X-PacSpace-Timestamp";
export const eventHeader = "X-Webhook-Event";
export const eventIdHeader = "X-Event-ID";

/**
 * A header's value, its name compared without regard to case; several of one name are one list (RFC 9110, 5.3).
 * @returns undefined when there is none
 */
export function headerValue(headers: HeaderList, name: string): string | undefined {
  const wanted = name.toLowerCase();
  let found: string | undefined;
  for (const [candidate, value] of headers) {
    if (candidate.length !== wanted.length || candidate.toLowerCase() !== wanted) continue;
    found = found === undefined ? value : `${found}, ${value}`;
  }
  return found;
}

/**
 * The headers that PacSpace sends an event with, in its order.
 * @param values those of the four headers; one that is absent is left out
 */
export function deliveryHeaders(values: {
  readonly event?: string | undefined;
  readonly eventId: string;
  /** Unix seconds as text. */
  readonly timestamp?: string | undefined;
  readonly signature?: string | undefined;
}): HeaderList {
  const { event, eventId, signature, timestamp } = values;
  return [
    ["Content-Type", "application/json"],
    ...(event === undefined ? [] : [[eventHeader, event] as const]),
    [eventIdHeader, eventId],
    ...(timestamp === undefined ? [] : [[timestampHeader, timestamp] as const]),
    ...(signature === undefined ? [] : [[signatureHeader, signature] as const]),
  ];
}
