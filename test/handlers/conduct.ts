import { createHmac, timingSafeEqual } from "node:crypto";
import type * as http from "node:http";
import { buffer } from "node:stream/consumers";

/** The steps of a handler, each right by itself: a mistake is one step done otherwise. */
export interface Conduct {
  /** The secret as the HMAC's key. */
  key(secret: string): string;
  /** What is signed. */
  signed(timestamp: string, raw: Buffer): Buffer | string;
  header(request: http.IncomingMessage, name: string): string | undefined;
  /** Whether both headers are there. */
  complete(signature: string | undefined, timestamp: string | undefined): boolean;
  fresh(timestamp: string): boolean;
  matches(signature: string, expected: string): boolean;
  /** The status for a genuine body. */
  take(raw: Buffer, request: http.IncomingMessage): number | Promise<number>;
  /** The status for another method. */
  otherMethod: number;
  /** The status where something threw. */
  onThrow: number;
  /** The status of an answer that is given before anything is looked at. */
  hastily?: number;
  mostBytes: number;
}

export const toleranceSeconds = 300;

/** How far a timestamp is ahead of now. */
export function ahead(
  timestamp: string,
  secondsOf = (value: number) => (value >= 1e12 ? value / 1000 : value),
): number {
  return secondsOf(Number(timestamp)) - Date.now() / 1000;
}

/** The parts that are of the known scheme. */
export function knownParts(signature: string): readonly string[] {
  const parts = signature.split(",").map((part) => part.trim());
  return parts.filter((part) => part.startsWith("v1="));
}

/** Equality as it should be. */
export function equal(left: string, right: string): boolean {
  return Buffer.byteLength(left) === Buffer.byteLength(right) && equalOfOneLength(left, right);
}

/** Equality that throws on unequal lengths. */
export function equalOfOneLength(left: string, right: string): boolean {
  return timingSafeEqual(Buffer.from(left), Buffer.from(right));
}

/** A header by its name in lower case. */
export function headerOf(request: http.IncomingMessage, name: string): string | undefined {
  const value = request.headers[name.toLowerCase()];
  return Array.isArray(value) ? value.join(", ") : value;
}

/** The type of the event in a body. */
export function eventOf(raw: Buffer): unknown {
  return (JSON.parse(raw.toString()) as { readonly event?: unknown }).event;
}

const right: Conduct = {
  key: (secret) => secret,
  signed: (timestamp, raw) => Buffer.concat([Buffer.from(`${timestamp}.`), raw]),
  header: headerOf,
  complete: (signature, timestamp) => Boolean(signature) && Boolean(timestamp),
  fresh: (timestamp) => /^\d+$/.test(timestamp) && Math.abs(ahead(timestamp)) <= toleranceSeconds,
  matches: (signature, expected) => knownParts(signature).some((part) => equal(part, expected)),
  take: (raw) => {
    try {
      eventOf(raw);
      return 200;
    } catch {
      return 400;
    }
  },
  otherMethod: 405,
  onThrow: 500,
  mostBytes: 5_000_000,
};

/** A handler that is right but for its mistake. */
export function handlerOf(secret: string, mistake: Partial<Conduct>): http.RequestListener {
  const conduct: Conduct = { ...right, ...mistake };

  async function statusFor(request: http.IncomingMessage): Promise<number> {
    if (request.method !== "POST") return conduct.otherMethod;
    const raw = await buffer(request);
    if (conduct.hastily !== undefined) return conduct.hastily;
    if (raw.length > conduct.mostBytes) return 413;
    const signature = conduct.header(request, "X-PacSpace-Signature");
    const timestamp = conduct.header(request, "X-PacSpace-Timestamp");
    if (!conduct.complete(signature, timestamp)) return 401;
    // A mistaken handler may go on without either.
    const time = timestamp ?? String(Math.floor(Date.now() / 1000));
    const hmac = createHmac("sha256", conduct.key(secret)).update(conduct.signed(time, raw));
    if (!conduct.fresh(time)) return 401;
    if (signature !== undefined && !conduct.matches(signature, `v1=${hmac.digest("hex")}`)) return 401;
    return conduct.take(raw, request);
  }

  return (request, response) => {
    statusFor(request).then(
      (status) => response.writeHead(status).end(),
      () => response.writeHead(conduct.onThrow).end(),
    );
  };
}
