import { createHmac } from "node:crypto";
import type { DoctorRequest } from "../../../../src/core/doctor/diagnose";
import type { VerificationKey } from "../../../../src/core/signature/verify";

export const now = 1_775_826_942;
const sent = String(now - 15);

/** What a handler does to come to its own signature. */
export interface Handler {
  readonly secret: string;
  readonly timestamp: string;
  readonly body: Buffer;
  readonly signed: (timestamp: string, body: Buffer) => Buffer;
  /** In hex; an HMAC keyed by the secret where it is absent. */
  readonly digest?: (secret: string, signed: Buffer) => string;
  readonly written: (signature: string) => string;
}

/** A delivery on its way to the doctor: what arrived, the keys at hand, and what the handler made of it. */
export interface Passage {
  readonly body: Buffer;
  readonly signature: string;
  readonly timestamp: string;
  readonly keys: readonly VerificationKey[];
  readonly now: number;
  readonly handler?: Handler;
}

export type Part = "body" | "signature" | "timestamp" | "key" | "owner" | "clock" | `handler's ${string}`;

/** One way to damage a passage. */
export interface Damage {
  /** The cause that undoes it. */
  readonly id: string;
  readonly name: string;
  /** Damages of one part may undo each other. */
  readonly part: Part;
  readonly prepare?: ((body: Buffer) => Buffer | undefined) | undefined;
  /** Undefined where it can't be done. */
  readonly apply: (passage: Passage) => Passage | undefined;
  readonly takesMany?: true | undefined;
}

function mac(key: string, signed: Uint8Array): string {
  return `v1=${createHmac("sha256", key).update(signed).digest("hex")}`;
}

/** What PacSpace signs. */
export function signedContent(timestamp: string, body: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${timestamp}.`), body]);
}

/** A delivery as PacSpace sends it, to a handler without a fault. */
export function passageOf(body: Buffer, secret: string): Passage {
  return {
    body,
    signature: mac(secret, signedContent(sent, body)),
    timestamp: sent,
    keys: [{ id: "webhook_a", secret }],
    now,
  };
}

/** The passage with a handler, to which its damages are done. */
export function withHandler(passage: Passage): Passage & { readonly handler: Handler } {
  const { keys, timestamp, body } = passage;
  return {
    ...passage,
    handler: passage.handler ?? {
      secret: keys[0]?.secret ?? "",
      timestamp,
      body,
      signed: signedContent,
      written: (signature) => signature,
    },
  };
}

/** The body that takes a row of damages, and what becomes of its passage; undefined where they can't all be done. */
export function damagedPassage(body: Buffer, secret: string, damages: readonly Damage[]): Passage | undefined {
  const prepared = damages.reduce<Buffer | undefined>(
    (bytes, { prepare }) => bytes && (prepare ? prepare(bytes) : bytes),
    body,
  );
  return damages.reduce<Passage | undefined>(
    (passage, { apply }) => passage && apply(passage),
    prepared && passageOf(prepared, secret),
  );
}

function valueOf({ secret, timestamp, body, signed, digest }: Handler): string {
  const content = signed(timestamp, body);
  return digest ? `v1=${digest(secret, content)}` : mac(secret, content);
}

/** What the doctor is asked about a passage. */
export function requestOf({ signature, timestamp, handler, ...passage }: Passage): DoctorRequest {
  return {
    headers: [
      ["X-PacSpace-Signature", signature],
      ["X-PacSpace-Timestamp", timestamp],
    ],
    body: passage.body,
    keys: passage.keys,
    addressed: "first",
    now: passage.now,
    toleranceSeconds: 300,
    budgetMs: 60_000,
    ...(handler && {
      computed: handler.written(valueOf(handler)),
    }),
  };
}
