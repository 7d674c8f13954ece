import { createHash } from "node:crypto";
import type { HeaderList } from "../../core/model/headers";
import { bodyBytes, type BodyText, type DeliveryDetail } from "../../core/model/deliveryDetail";
import { requestKindNames, type ReadRequest } from "../../core/request/readRequestTypes";
import { headerValue, signatureHeader, timestampHeader } from "../../core/signature/headers";
import type { VerificationView } from "../../protocol/verificationView";
import type { TakenBody } from "./bodyTaking";

/** What a person may type: two headers, and what their own handler computed for the request. */
export interface VerificationFields {
  readonly signature: string;
  readonly timestamp: string;
  readonly computed?: string;
}

type BodyView = NonNullable<VerificationView["body"]>;

/** The parts of the request that is to be checked, wherever each came from. */
export class RequestDraft {
  fields: VerificationFields = { signature: "", timestamp: "" };
  #body: (BodyView & { readonly content: Uint8Array }) | undefined;
  #request: { readonly view: NonNullable<VerificationView["request"]>; readonly headers: HeaderList } | undefined;
  /** The headers of the delivery whose payload is the body. */
  #deliveryHeaders: HeaderList = [];

  get body(): Uint8Array | undefined {
    return this.#body?.content;
  }

  get facts(): Pick<BodyView, "bytes" | "sha256"> | undefined {
    return this.#body;
  }

  view(): Pick<VerificationView, "request" | "body"> {
    const { content: _, ...body } = this.#body ?? { content: undefined };
    return {
      ...(this.#request !== undefined && { request: this.#request.view }),
      ...("source" in body && { body }),
    };
  }

  setBody(source: BodyView["source"], { bytes: content, ...facts }: TakenBody): void {
    const sha256 = createHash("sha256").update(content).digest("hex");
    this.#body = { source, content, bytes: content.length, sha256, ...facts };
  }

  fillFromDelivery({ requestHeaders, payload }: DeliveryDetail): void {
    this.#request = undefined;
    this.#body = undefined;
    this.#fillFields(requestHeaders);
    if (payload !== undefined) this.setPayload(requestHeaders, payload);
  }

  setPayload(headers: HeaderList, payload: BodyText): void {
    this.#deliveryHeaders = headers;
    this.setBody("payload", {
      bytes: bodyBytes(payload),
      ...(payload.form === "value" && {
        note: "Taken out of the API's answer as it stands there. Where the API lays JSON out anew, no secret matches.",
      }),
    });
  }

  /**
   * Takes what a request tells: a bare body leaves the headers that are there, and bare headers a body that was given by
   * itself. The body of a request before is not theirs.
   * @param from where it was taken from, for a person
   */
  fillFromRequest({ kind, headers, body, notes }: ReadRequest, from: string, warnings: readonly string[]): void {
    const view = { readAs: requestKindNames[kind], from, headers: headers.length, notes: [...warnings, ...notes] };
    this.#request = { view, headers: headers.length > 0 ? headers : (this.#request?.headers ?? []) };
    if (headers.length > 0) this.#fillFields(headers);
    if (body !== undefined) this.setBody("request", { bytes: body });
    else if (headers.length > 0 && this.#body?.source === "request") this.#body = undefined;
  }

  #fillFields(headers: HeaderList): void {
    this.fields = {
      signature: headerValue(headers, signatureHeader) ?? "",
      timestamp: headerValue(headers, timestampHeader) ?? "",
    };
  }

  /** The fields as headers, an empty one as none, and the other headers that came with the body. */
  headers(): HeaderList {
    const { signature, timestamp } = this.fields;
    const others = this.#body?.source === "payload" ? this.#deliveryHeaders : (this.#request?.headers ?? []);
    const ours = new Set([signatureHeader.toLowerCase(), timestampHeader.toLowerCase()]);
    // White space around a value is not part of it (RFC 9110, 5.5).
    const fields = [
      [signatureHeader, signature.trim()],
      [timestampHeader, timestamp.trim()],
    ] as const;
    return [...fields.filter(([, value]) => value !== ""), ...others.filter(([name]) => !ours.has(name.toLowerCase()))];
  }
}
