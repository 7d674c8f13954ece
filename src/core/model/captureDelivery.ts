import type { Capture } from "./capture";
import { encodeBase64 } from "./base64";
import { readDelivery, type Delivery } from "./delivery";

/** Begins the id of every capture, and of nothing that PacSpace names. */
const idStart = "cap_";

/** Under this key captures are kept apart from what environments hold. */
export const captureHome = "receiver";

/** Whether an id is a capture's. */
export function isCaptureId(id: string): boolean {
  return id.startsWith(idStart);
}

/** Bytes as a member of a row: text where it stands for each byte, else base64. */
function bodyMember(name: string, bytes: Uint8Array): Readonly<Record<string, string>> {
  try {
    return { [name]: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { [`${name}Base64`]: encodeBase64(bytes) };
  }
}

function attemptRow({ forward }: Capture): object | undefined {
  if (forward === undefined || forward.state === "pending") return undefined;
  const { at, durationMs, url } = forward;
  const took = Math.round(durationMs * 10) / 10;
  if (forward.state === "failed") return { at, durationMs: took, endpoint: url, error: forward.message };
  const { headers, body, status } = forward;
  return {
    ...{ at, durationMs: took, endpoint: url, httpStatus: status },
    responseHeaders: headers,
    ...bodyMember("responseBody", body),
  };
}

/**
 * A capture as a delivery, so that all that can be done with a delivery can be done with it. Its row is written the way
 * the API's rows are read; its status is what the check says.
 */
export function captureDelivery(capture: Capture): Delivery {
  const { body, check, duplicateOf, event, eventId, forward, headers, id, method, receivedAt, source, target } =
    capture;
  const attempt = attemptRow(capture);
  const row = {
    id,
    ...(eventId !== undefined && { eventId }),
    ...(event !== undefined && { event }),
    status: check.state === "pending" ? "checking" : check.state,
    ...("webhookId" in check && { webhookId: check.webhookId }),
    createdAt: receivedAt,
    source,
    method,
    target,
    ...(duplicateOf !== undefined && { duplicateOf }),
    ...(forward !== undefined && { endpoint: forward.url }),
    ...(forward?.state === "answered" && { httpStatus: forward.status }),
    ...(forward?.state === "failed" && { error: forward.message }),
    requestHeaders: headers,
    ...bodyMember("body", body),
    attempts: attempt === undefined ? [] : [attempt],
  };
  return readDelivery(row, JSON.stringify(row));
}
