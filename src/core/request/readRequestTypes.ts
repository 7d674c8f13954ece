import type { HeaderList } from "../model/headers";

/** What a pasted text was recognised as. */
export type RequestKind =
  "http" | "curl" | "har" | "lambda" | "headersAndBody" | "headers" | "headersJson" | "base64" | "hex" | "body";

/** What a person calls it; completes "Read as …". */
export const requestKindNames: Readonly<Record<RequestKind, string>> = {
  http: "a raw HTTP request",
  curl: "a curl command",
  har: "a HAR entry",
  lambda: "an API Gateway event",
  headersAndBody: "headers and a body",
  headers: "headers",
  headersJson: "headers as a program logs them",
  base64: "a body in base64",
  hex: "a body in hex",
  body: "a body",
};

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
