import type { KeyObject } from "node:crypto";
import { samplePayload } from "../core/events/catalogue";
import { deliveryHeaders } from "../core/signature/headers";
import { hmacHex, signingKey } from "../core/signature/sign";
import { freshEventId, unixSeconds } from "../send/signedEvent";
import type { ProofRequest } from "./proofCase";

/** How a delivery differs from a good one. */
export interface Changes {
  /** The event's type, `delta.verified` when not given. */
  readonly event?: string;
  /** The body in place of a sample of that type; text becomes UTF-8. */
  readonly body?: string | Uint8Array;
  /** The timestamp header's text in place of now; it is signed as it is. Null leaves the header out. */
  readonly timestamp?: string | null;
  /** Makes the signature header's value from the right 64 hex digits. Null leaves the header out. */
  readonly signature?: (hex: string) => string | null;
  /** The idempotency key in place of a fresh one. */
  readonly eventId?: string;
  /** Changes the names of the headers. */
  readonly name?: (name: string) => string;
}

/** Makes deliveries for one run: signed with one secret, right in all but what a case changes. */
export class DeliveryMaker {
  private readonly key: KeyObject;

  /**
   * @param url the handler's
   * @param secret the webhook's whole secret
   * @param checkUrl answers with something that changes when an event was handled
   * @throws PacSpaceError `invalid` for an empty secret
   */
  constructor(
    private readonly url: URL,
    secret: string,
    readonly checkUrl: URL | undefined,
  ) {
    this.key = signingKey(secret);
  }

  /** The timestamp of another moment, as text in Unix seconds. */
  secondsFromNow(seconds: number): string {
    return unixSeconds(new Date(Date.now() + seconds * 1_000));
  }

  /** A sample of an event's body with fresh ids. */
  payload(event: string): string {
    return JSON.stringify(samplePayload(event, { now: new Date() }));
  }

  /** An idempotency key that no other delivery has. */
  eventId(): string {
    return freshEventId("proof");
  }

  /** The right signature's 64 hex digits for a body that goes out with this timestamp. */
  sign(timestamp: string, body: string): string {
    return hmacHex(this.key, timestamp, Buffer.from(body));
  }

  /**
   * A delivery as PacSpace sends it, but for the changes.
   * @param what what is special about it, in a few words that follow "to"
   */
  delivery(what: string, changes: Changes = {}): ProofRequest {
    const event = changes.event ?? "delta.verified";
    const body = Buffer.from(changes.body ?? this.payload(event));
    const timestamp = changes.timestamp === undefined ? this.secondsFromNow(0) : changes.timestamp;
    const hex = hmacHex(this.key, timestamp ?? this.secondsFromNow(0), body);
    const signature = changes.signature === undefined ? `v1=${hex}` : changes.signature(hex);
    const name = changes.name ?? ((given: string) => given);
    const own = deliveryHeaders({
      event,
      eventId: changes.eventId ?? this.eventId(),
      timestamp: timestamp ?? undefined,
      signature: signature ?? undefined,
    });
    const headers = own.map(([given, value]) => [name(given), value] as const);
    return { what, url: this.url, method: "POST", headers, body };
  }

  /** A GET of the handler, or of the URL that tells what it has handled. */
  get(what: string, url = this.url, pauseMs = 0): ProofRequest {
    return { what, url, method: "GET", headers: [], body: new Uint8Array(), pauseMs };
  }
}
