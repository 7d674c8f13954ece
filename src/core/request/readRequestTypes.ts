import type { HeaderList } from "../model/headers";

/** What a pasted text was recognised as. */
export type RequestKind =
  "http" | "curl" | "har" | "lambda" | "headersAndBody" | "headers" | "headersJson" | "base64" | "hex" | "body";

/** A request as far as the input tells it. */
export interface ReadRequest {
  readonly kind: RequestKind;
  /** Empty when the input held a body only. */
  readonly headers: HeaderList;
  /** The raw bytes; absent when the input held headers only. */
  readonly body?: Uint8Array;
  /** Sentences for a person: what was left out, decoded or is doubtful. They hold no values of the request. */
  readonly notes: readonly string[];
}
