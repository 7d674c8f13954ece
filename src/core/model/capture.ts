import type { HeaderList } from "./headers";

/** What a check with the secrets stored here says of a capture. */
export type CaptureCheck =
  | { readonly state: "pending" }
  /** `webhookId`: whose secret matches. */
  | { readonly state: "verified" | "expired"; readonly webhookId: string }
  | { readonly state: "wrong" }
  /** A signature or a timestamp is absent, or the timestamp is no number. */
  | { readonly state: "unsigned" }
  /** No secret is stored here to check with. */
  | { readonly state: "unchecked" };

/** What came of handing a capture on to a handler. */
export type CaptureForward = { readonly url: string } & (
  | { readonly state: "pending" }
  | {
      readonly state: "answered";
      /** ISO 8601; when it was sent. */
      readonly at: string;
      readonly status: number;
      readonly headers: HeaderList;
      /** The beginning of the answer's body. */
      readonly body: Uint8Array;
      /** Whether the body went on. */
      readonly truncated: boolean;
      readonly durationMs: number;
    }
  | {
      readonly state: "failed";
      /** ISO 8601; when it was tried. */
      readonly at: string;
      /** A sentence for a person. */
      readonly message: string;
      readonly durationMs: number;
    }
);

/** One request that the receiver took, byte for byte. */
export interface Capture {
  /** `cap_…`, unlike every other one of any window. */
  readonly id: string;
  /** ISO 8601, with milliseconds. */
  readonly receivedAt: string;
  /** `request`: it came to the receiver's port. `polled`: it was read from PacSpace's delivery history. */
  readonly source: "request" | "polled";
  readonly method: string;
  /** The request target as it was sent: path and query. */
  readonly target: string;
  /** In the order and the case in which they came, duplicates kept. */
  readonly headers: HeaderList;
  readonly body: Uint8Array;
  /** The event's id, where a header tells it. */
  readonly eventId?: string;
  readonly event?: string;
  /** The oldest capture that was kept with this event id when this one came; it may be gone since. */
  readonly duplicateOf?: string;
  readonly check: CaptureCheck;
  readonly forward?: CaptureForward;
}
