import type { Capture } from "../model/capture";
import type { Delivery } from "../model/delivery";
import type { DeliveryDetail } from "../model/deliveryDetail";
import { invalidInput } from "../errors";
import { withHeaders } from "../model/headers";
import type { WrittenRequest } from "../request/writtenRequest";
import { deliveryHeaders, signatureHeader, timestampHeader, type HeaderList } from "./headers";
import { signatureOf } from "./sign";

/**
 * How the copy of a delivery is signed: now, with the webhook's secret; by words that say what belongs there; or not at
 * all, so that the old signature stands.
 */
export type Signing = { readonly secret: string; readonly now: number } | "placeholder" | "asItWas";

function signedHeaders(headers: HeaderList, body: Uint8Array, signing: Signing): HeaderList {
  if (signing === "asItWas") return headers;
  const timestamp = signing === "placeholder" ? "<Unix seconds>" : String(Math.floor(signing.now));
  const signature = signing === "placeholder" ? "v1=<signature>" : signatureOf(signing.secret, timestamp, body);
  return withHeaders(headers, [
    [timestampHeader, timestamp],
    [signatureHeader, signature],
  ]);
}

/**
 * A delivery as a request that can be sent again: its headers as far as they are known, its body, a new signature.
 * @param url where to
 * @param signing `now` in Unix seconds
 * @throws PacSpaceError `invalid` when the API gave no payload, or as it was: no headers, which hold the old signature
 */
export function deliveryRequest(
  delivery: Delivery,
  detail: DeliveryDetail,
  url: string,
  signing: Signing,
): WrittenRequest {
  if (detail.payload === undefined) {
    throw invalidInput(`PacSpace's API gives no payload for ${delivery.id}, so there is no request to make of it.`);
  }
  if (signing === "asItWas" && detail.requestHeaders.length === 0) {
    throw invalidInput(
      `PacSpace's API gives no request headers for ${delivery.id}, so its old signature isn't known. Sign it anew.`,
    );
  }
  const body = new TextEncoder().encode(detail.payload.text);
  const known = deliveryHeaders({ event: delivery.event, eventId: delivery.id });
  const sent = detail.requestHeaders.length > 0 ? detail.requestHeaders : known;
  return { url, headers: signedHeaders(sent, body, signing), body };
}

/**
 * A captured request as one to send again: its headers and its body as they came.
 * @param url where to
 * @param signing `now` in Unix seconds
 */
export function captureRequest({ headers, body }: Capture, url: string, signing: Signing): WrittenRequest {
  return { url, headers: signedHeaders(headers, body, signing), body };
}
