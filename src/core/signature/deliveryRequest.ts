import type { Delivery } from "../model/delivery";
import { bodyBytes, type DeliveryDetail } from "../model/deliveryDetail";
import { invalidInput } from "../errors";
import type { WrittenRequest } from "../request/writtenRequest";
import { eventHeader, eventIdHeader, signatureHeader, timestampHeader, type HeaderList } from "./headers";
import { signatureOf } from "./sign";

/**
 * How the copy of a delivery is signed: now, with the webhook's secret; by words that say what belongs there; or as it
 * was, as far as that is known.
 */
export type Signing = { readonly secret: string; readonly now: number } | "placeholder" | "asSent";

/** The headers with these in place of their namesakes. */
function withHeaders(headers: HeaderList, set: HeaderList): HeaderList {
  const names = new Set(set.map(([name]) => name.toLowerCase()));
  return [...headers.filter(([name]) => !names.has(name.toLowerCase())), ...set];
}

/**
 * A delivery as a request that can be sent again: its headers as far as they are known, its body, a new signature.
 * @param url where to
 * @param signing `now` in Unix seconds
 * @throws PacSpaceError `invalid` when the API gave no payload
 */
export function deliveryRequest(
  delivery: Delivery,
  detail: DeliveryDetail,
  url: string,
  signing: Signing,
): WrittenRequest {
  if (detail.payload === undefined) {
    throw invalidInput(`PacSpace's API gives no payload for ${delivery.id}, so there is no request to copy.`);
  }
  const body = bodyBytes(detail.payload);
  const known: HeaderList = [
    ["Content-Type", "application/json"],
    ...(delivery.event === undefined ? [] : [[eventHeader, delivery.event] as const]),
    [eventIdHeader, delivery.id],
  ];
  const sent = detail.requestHeaders.length > 0 ? detail.requestHeaders : known;
  return { url, headers: signing === "asSent" ? sent : withHeaders(sent, signatureHeaders(signing, body)), body };
}

function signatureHeaders(signing: Exclude<Signing, "asSent">, body: Uint8Array): HeaderList {
  const timestamp = signing === "placeholder" ? "<Unix seconds>" : String(Math.floor(signing.now));
  const signature = signing === "placeholder" ? "v1=<signature>" : signatureOf(signing.secret, timestamp, body);
  return [
    [timestampHeader, timestamp],
    [signatureHeader, signature],
  ];
}
