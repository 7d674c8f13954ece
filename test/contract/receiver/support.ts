import * as http from "node:http";
import * as net from "node:net";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import type { Capture } from "../../../src/core/model/capture";
import type { VerificationKey } from "../../../src/core/signature/verify";
import { signatureOf } from "../../../src/core/signature/sign";
import { CaptureStore, type CaptureLimits } from "../../../src/receiver/captureStore";
import { Receiver, type ReceiverOptions } from "../../../src/receiver/receiver";

export const secret = "whsec_receiver_tests_only";
export const ownKey: VerificationKey = { id: "webhook_own", secret };

export interface Lab {
  readonly store: CaptureStore;
  readonly receiver: Receiver;
  readonly log: string[];
  /** The newest capture that meets a condition, as soon as there is one. */
  readonly until: (condition: (capture: Capture) => boolean) => Promise<Capture>;
}

const ends = new Set<() => unknown>();

/** Has something closed when the test ends. */
export function atEnd(end: () => unknown): void {
  ends.add(end);
}

/** Closes everything that a test began, newest first. */
export async function closeAll(): Promise<void> {
  for (const end of [...ends].reverse()) await end();
  ends.clear();
}

/** A receiver with a store of its own. */
export async function startLab(
  options: Partial<ReceiverOptions> & { readonly kept?: CaptureLimits; readonly directory?: string } = {},
): Promise<Lab> {
  const { kept = { captures: 1_000, bytes: 100_000_000 }, directory, ...others } = options;
  const log: string[] = [];
  const opened = (): Promise<CaptureStore> =>
    CaptureStore.open({
      ...(directory !== undefined && { directory }),
      limits: () => kept,
      log: (line) => log.push(line),
    });
  const store = options.store ?? (await opened());
  const receiver = await Receiver.listen({
    port: 0,
    store,
    allowedHosts: () => [],
    keys: () => Promise.resolve([ownKey]),
    toleranceSeconds: () => 300,
    log: (line) => log.push(line),
    ...others,
  });
  atEnd(async () => {
    await receiver.close();
    await store.close();
  });
  const until = (condition: (capture: Capture) => boolean): Promise<Capture> =>
    eventually(() => store.captures.find(condition));
  return { store, receiver, log, until };
}

type Found<T> = T | undefined | false;

/** Waits, at most ten seconds, for something to be there. */
export async function eventually<T>(look: () => Found<T> | Promise<Found<T>>): Promise<T> {
  const began = performance.now();
  while (performance.now() - began < 10_000) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await sleep(5);
  }
  throw new Error("It did not come within ten seconds.");
}

/** The four headers of a delivery, signed now. */
export function deliveryHeaders(body: Uint8Array | string, eventId = "evt_1", key = secret): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1_000));
  return {
    "X-PacSpace-Signature": signatureOf(key, timestamp, Buffer.from(body)),
    "X-PacSpace-Timestamp": timestamp,
    "X-Webhook-Event": "delta.verified",
    "X-Event-ID": eventId,
  };
}

export interface Answer {
  readonly status: number;
  readonly raw: readonly string[];
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Sends a request over a connection of its own. */
export async function send(
  url: string,
  options: http.RequestOptions = {},
  body: Uint8Array | string = "",
): Promise<Answer> {
  const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
    const sent = http.request(url, { method: "POST", agent: false, ...options }, resolve);
    sent.on("error", reject);
    sent.end(body);
  });
  const { statusCode: status = 0, rawHeaders: raw, headers } = answer;
  return { status, raw, headers, body: await buffer(answer) };
}

/** A connection whose bytes are written by hand. */
export interface RawConnection {
  readonly socket: net.Socket;
  /** What came so far, a byte a character. */
  readonly received: () => string;
  /** Settles with all that came when the other side has hung up. */
  readonly closed: Promise<string>;
}

export async function connectRaw(port: number): Promise<RawConnection> {
  const socket = net.connect(port, "127.0.0.1");
  atEnd(() => socket.destroy());
  let text = "";
  socket.on("data", (chunk: Buffer) => void (text += chunk.toString("latin1")));
  // A reset is an end as well: what matters is what came before.
  socket.on("error", () => undefined);
  const closed = new Promise<string>((resolve) => socket.on("close", () => resolve(text)));
  await once(socket, "connect");
  return { socket, received: () => text, closed };
}

/** Sends bytes and gives all that comes back until the other side hangs up. */
export async function exchangeRaw(port: number, ...parts: readonly (string | Uint8Array)[]): Promise<string> {
  const { socket, closed } = await connectRaw(port);
  for (const part of parts) socket.write(typeof part === "string" ? Buffer.from(part, "latin1") : part);
  return closed;
}

export interface Handled {
  readonly method: string;
  readonly url: string;
  readonly raw: readonly string[];
  readonly body: Buffer;
}

export interface Handler {
  readonly url: string;
  readonly port: number;
  readonly got: Handled[];
  close(): Promise<void>;
}

/** A user's handler. */
export async function startHandler(
  answer: (request: Handled, response: http.ServerResponse) => void = (_request, response) => void response.end("done"),
  port = 0,
): Promise<Handler> {
  const got: Handled[] = [];
  const server = http.createServer((request, response) => {
    void buffer(request).then((body) => {
      const handled = { method: request.method ?? "", url: request.url ?? "", raw: request.rawHeaders, body };
      got.push(handled);
      answer(handled, response);
    });
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const bound = (server.address() as AddressInfo).port;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  atEnd(close);
  return { url: `http://127.0.0.1:${bound}`, port: bound, got, close };
}
