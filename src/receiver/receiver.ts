import type { Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { PacSpaceError } from "../core/errors";
import type { Capture, CaptureForward } from "../core/model/capture";
import type { VerificationKey } from "../core/signature/verify";
import type { PostAnswer } from "../send/post";
import { createCaptureServer, type Arrived, type ServerLimits } from "./captureServer";
import type { CaptureStore } from "./captureStore";
import { Checks } from "./checks";
import { Forwarder } from "./forwarder";
import { answerHeaders, usualTimeoutMs } from "./handingOn";
import { isReceiver } from "./otherReceiver";

export interface ReceiverOptions {
  /** 0: any free one. */
  readonly port: number;
  /** Where captures are handed on to from the first one on, on this machine; undefined for nowhere. */
  readonly forwardTo?: string | undefined;
  readonly store: CaptureStore;
  /** Host names to answer to beside those of this machine (pacspace.receiver.allowedHosts), with a port or without. */
  readonly allowedHosts: () => readonly string[];
  /** All stored secrets; asked for once, and again after `keysChanged`. */
  readonly keys: () => Promise<readonly VerificationKey[]>;
  readonly toleranceSeconds: () => number;
  /** Milliseconds until the end of a handler's answer, asked for with each forward: 30,000 when not given, 0 is no limit. */
  readonly forwardTimeoutMs?: () => number;
  /** Gets lines without header values and bodies. */
  readonly log?: (line: string) => void;
  readonly limits?: Partial<ServerLimits>;
}

/** A local endpoint: it captures each request byte for byte, answers, checks its signature, and may hand it on. */
export class Receiver {
  readonly #store: CaptureStore;
  readonly #server: Server;
  readonly #checks: Checks;
  readonly #forwarder: Forwarder;
  #port = 0;
  #closing: Promise<void> | undefined;

  private constructor(options: ReceiverOptions) {
    const { store, keys, toleranceSeconds, forwardTimeoutMs = () => usualTimeoutMs, log = () => undefined } = options;
    this.#store = store;
    this.#checks = new Checks({ store, keys, toleranceSeconds, log });
    this.#forwarder = new Forwarder(store, () => this.#port, forwardTimeoutMs);
    this.#server = createCaptureServer({
      allowedHosts: options.allowedHosts,
      limits: options.limits,
      log,
      take: (request, response) => this.#arrived(request, response),
    });
  }

  /**
   * Starts to listen, on 127.0.0.1 alone.
   * @throws PacSpaceError `conflict` when the port is taken, `invalid` when this user may not listen there, and as
   *   `forwardTo` does; nothing listens then
   */
  static async listen(options: ReceiverOptions): Promise<Receiver> {
    const receiver = new Receiver(options);
    receiver.#port = await listen(receiver.#server, options.port);
    try {
      // Only now: whether it is the receiver's own address depends on the port.
      receiver.forwardTo = options.forwardTo;
    } catch (error) {
      await receiver.close();
      throw error;
    }
    // An earlier window was closed before it had checked them, or had no secrets to check with.
    for (const { id, check } of options.store.captures) {
      if (check.state === "pending" || check.state === "unchecked") receiver.#checks.add(id);
    }
    return receiver;
  }

  get port(): number {
    return this.#port;
  }

  /** `http://127.0.0.1:port`, without a slash at its end. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Where captures are handed on to, on this machine; undefined for nowhere. */
  get forwardTo(): string | undefined {
    return this.#forwarder.target;
  }

  /** @throws PacSpaceError `invalid` for anything but an http or https URL on this machine, and for the receiver's own */
  set forwardTo(url: string | undefined) {
    this.#forwarder.target = url;
  }

  /** To be called when stored secrets changed: they are asked for again, and captures that none matched checked again. */
  keysChanged(): void {
    this.#checks.keysChanged();
  }

  /**
   * Takes a request that came another way as one that came here: it is kept, checked and handed on.
   * @param signal breaks the handing on off; what was taken stays kept
   * @returns the capture as it is when the handler has answered, or has failed to
   */
  async take(request: Arrived, source: "polled", signal?: AbortSignal): Promise<Capture> {
    const capture = this.#keep(request, source);
    if (this.forwardTo !== undefined) await this.#forwarder.forward(capture, signal);
    return this.#store.get(capture.id) ?? capture;
  }

  /**
   * Sends a capture to the handler, again or for the first time.
   * @param signal breaks it off
   * @returns the answer, or how it failed; the capture in the store has it too
   * @throws PacSpaceError `notFound` for a capture that is not kept, `invalid` when there is no handler's address
   */
  async forward(id: string, signal?: AbortSignal): Promise<CaptureForward> {
    const capture = this.#store.get(id);
    if (capture === undefined) {
      throw new PacSpaceError("notFound", "That capture is not kept any more: newer ones took its place.");
    }
    return (await this.#forwarder.forward(capture, signal)).forward;
  }

  /** Stops listening, breaks off forwards and ends the checks; settles when nothing changes in the store any more. */
  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await this.#forwarder.close();
    await this.#checks.idle();
    await closed;
  }

  #keep(request: Arrived, source: Capture["source"]): Capture {
    const capture = this.#store.add(request, source);
    this.#checks.add(capture.id);
    return capture;
  }

  #arrived(request: Arrived, response: ServerResponse): Promise<void> | undefined {
    const capture = this.#keep(request, "request");
    if (this.forwardTo !== undefined) return this.#answerAsHandler(capture, response);
    response.writeHead(200, { "Content-Length": 0 });
    response.end();
    return undefined;
  }

  async #answerAsHandler(capture: Capture, response: ServerResponse): Promise<void> {
    const forwarded = await this.#forwarder.forward(capture);
    // The sender may have lost its patience.
    if (response.destroyed) return;
    if (forwarded.answer !== undefined) passOn(forwarded.answer, capture.method, response);
    else sendError(forwarded.status, forwarded.forward.message, response);
  }
}

/** Answers as the handler did: its status, its headers but for those of its connection, its body. */
function passOn({ status, headers, body }: PostAnswer, method: string, response: ServerResponse): void {
  if (status < 200) {
    sendError(502, `The handler answered with status ${status}, which ends no request.`, response);
    return;
  }
  const bodiless = method === "HEAD" || status === 204 || status === 304;
  response.writeHead(status, answerHeaders(headers, bodiless ? undefined : body.length).flat());
  response.end(bodiless ? undefined : body);
}

function sendError(status: number, message: string, response: ServerResponse): void {
  const json = JSON.stringify({ error: message });
  response.writeHead(status, {
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": Buffer.byteLength(json),
  });
  response.end(json);
}

/** Why it can't listen, and what helps. */
async function problemOf(error: NodeJS.ErrnoException, port: number): Promise<PacSpaceError> {
  const { code } = error;
  const remedy = "choose another port by the setting pacspace.receiver.port; 0 is any free one";
  if (code !== "EADDRINUSE") {
    const refused = `The receiver can't listen on port ${port} (${code ?? "no code"}): ${remedy}.`;
    return new PacSpaceError("invalid", refused, { code, cause: error });
  }
  const taken = (await isReceiver(port))
    ? `Port ${port} is taken by the receiver of another window. Stop it there, or ${remedy}.`
    : `Port ${port} is taken by another program. Stop it, or ${remedy}.`;
  return new PacSpaceError("conflict", taken, { code });
}

/**
 * Starts to listen.
 * @returns the port
 */
function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    // Not once: an error that comes later must not be one of the process.
    server.on("error", (error: NodeJS.ErrnoException) => void problemOf(error, port).then(reject));
    server.listen(port, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}
