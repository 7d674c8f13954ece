import type { Capture } from "../../core/model/capture";
import type { Delivery, DeliveryRef } from "../../core/model/delivery";
import { readDeliveryDetail } from "../../core/model/deliveryDetail";
import { invalidInput, PacSpaceError } from "../../core/errors";
import { captureRequest, deliveryRequest, type Signing } from "../../core/signature/deliveryRequest";
import { loadedOrFound } from "../../state/findDelivery";
import type { PostRequest } from "../../send/post";
import { secretOf } from "../platform/keyChoice";
import type { Services } from "../services";

/** What is sent again: a delivery of PacSpace's history, or a request that the receiver took. */
export type ReplaySource =
  | { readonly kind: "delivery"; readonly ref: DeliveryRef }
  | { readonly kind: "capture"; readonly id: string; readonly webhookId?: string | undefined };

/** How: as it was, or signed anew with the secret of its webhook. */
export interface ReplayWish {
  readonly url: string;
  readonly resign: boolean;
}

/** A request to send again, and what a person should know of it, in sentences. */
export interface Replayed {
  readonly request: PostRequest;
  readonly secret: string | undefined;
  readonly notes: readonly string[];
}

/** What a capture's or a delivery's source is called. */
export function sourceId(source: ReplaySource): string {
  return source.kind === "delivery" ? source.ref.id : source.id;
}

/**
 * Whether the API gives the payload as a JSON value, whose spacing is the row's: the old signature may not match.
 * @param delivery a row
 */
export function mayBeLaidOutAnew(delivery: Delivery): boolean {
  return readDeliveryDetail(delivery).payload?.form === "value";
}

function captureKey({ check }: Capture): string | undefined {
  return check.state === "verified" || check.state === "expired" ? check.webhookId : undefined;
}

async function signingOf(
  services: Services,
  id: string,
  webhookId: string | undefined,
  resign: boolean,
): Promise<{ readonly signing: Signing; readonly secret: string | undefined }> {
  if (!resign) return { signing: "asItWas", secret: undefined };
  if (webhookId === undefined) {
    throw invalidInput(`It isn't known which webhook's secret signs ${id}. Send it as it was, or pass webhookId.`);
  }
  const secret = await secretOf(services.account(), { webhookId });
  return { signing: { secret, now: Date.now() / 1_000 }, secret };
}

/**
 * Makes the request of a source; its new signature is of now.
 * @throws PacSpaceError `notFound` when the source or the secret is not there; `invalid` when what is known of it is too
 *   little to send it as wished
 */
export async function replayRequest(
  services: Services,
  source: ReplaySource,
  { url, resign }: ReplayWish,
  signal: AbortSignal,
): Promise<Replayed> {
  if (source.kind === "capture") {
    const capture = await services.findCapture(source.id);
    if (capture === undefined) {
      throw new PacSpaceError("notFound", `There is no capture ${source.id} any more: the oldest ones are dropped.`);
    }
    const webhookId = source.webhookId ?? captureKey(capture);
    const { signing, secret } = await signingOf(services, capture.id, webhookId, resign);
    const request = { method: capture.method, ...captureRequest(capture, url, signing) };
    return { request, secret, notes: [] };
  }
  const delivery = await loadedOrFound(services.account(), source.ref, signal);
  const { signing, secret } = await signingOf(services, delivery.id, delivery.webhookId, resign);
  const request = deliveryRequest(delivery, readDeliveryDetail(delivery), url, signing);
  const note = `PacSpace's API gives the payload of ${delivery.id} as a value inside its row: where the spacing is another, the old signature can't match. Signed anew, it does.`;
  return { request, secret, notes: !resign && mayBeLaidOutAnew(delivery) ? [note] : [] };
}
