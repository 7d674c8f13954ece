import type { Dispatcher } from "undici";
import type { PacSpaceError } from "../core/errors";
import { Body } from "./body";
import type { Call } from "./call";
import { cancelled, networkProblem, timedOut, type Place } from "./networkProblem";

/** Limits of one exchange, in milliseconds. */
export interface Limits {
  /** For connecting, and again for the first byte of the answer. */
  readonly firstByte: number;
  /** Without a single byte while the answer's body is on its way. A reader that takes its time doesn't count. */
  readonly stalled: number;
  /** For the whole body, by its head, so that one that trickles comes to an end; Infinity where it may flow for ever. */
  readonly body: (head: Head) => number;
}

export interface Head {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** The head of an answer, with its body still to be read. */
export interface Answer extends Head {
  readonly body: Body;
}

/** The first value of a header of an answer; undefined when it isn't there. */
export function headerOf(answer: Pick<Head, "headers">, name: string): string | undefined {
  const value = answer.headers[name];
  return typeof value === "object" ? value[0] : value;
}

export interface Exchange {
  readonly dispatcher: Dispatcher;
  readonly call: Call;
  readonly place: Place;
  readonly headers: Readonly<Record<string, string>>;
  readonly limits: Limits;
  /** Ends the exchange at once, the body too. */
  readonly signal: AbortSignal;
}

/** What undici calls while a request is under way. */
class Handler implements Dispatcher.DispatchHandler {
  #controller: Dispatcher.DispatchController | undefined;
  #sent = false;
  #failure: PacSpaceError | undefined;
  #body: Body | undefined;
  #bodyLimit = Infinity;
  #bodyEnds = Infinity;
  readonly #timer: NodeJS.Timeout;

  constructor(
    private readonly exchange: Exchange,
    private readonly resolve: (answer: Answer) => void,
    private readonly reject: (error: PacSpaceError) => void,
  ) {
    const { call, place, limits } = exchange;
    const passed = (): void => this.#fail(timedOut(call, place, this.#sent ? "answer" : "connect", limits.firstByte));
    this.#timer = setTimeout(() => {
      // A machine that slept finds the limit passed and the answer in the socket at the same time: the socket first.
      setImmediate(() => {
        if (this.#body === undefined) passed();
      });
    }, limits.firstByte);
  }

  cancel(): void {
    this.#fail(cancelled(this.exchange.call, this.#sent), true);
  }

  /** Ends everything at once: undici can't be stopped while it connects, so nothing here waits for it. */
  #fail(error: PacSpaceError, atOnce = false): void {
    this.#failure ??= error;
    clearTimeout(this.#timer);
    this.reject(this.#failure);
    this.#body?.fail(this.#failure, atOnce);
    this.#controller?.abort(this.#failure);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // Not yet written: a request that was given up while it waited for a connection never will be.
    if (this.#failure !== undefined) {
      controller.abort(this.#failure);
      return;
    }
    this.#sent = true;
    this.#timer.refresh();
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    if (status < 200) return;
    clearTimeout(this.#timer);
    this.#bodyLimit = this.exchange.limits.body({ status, headers });
    this.#bodyEnds = performance.now() + this.#bodyLimit;
    this.#body = new Body(controller);
    this.resolve({ status, headers, body: this.#body });
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#body?.push(chunk);
    const { call, place } = this.exchange;
    if (performance.now() > this.#bodyEnds) this.#fail(timedOut(call, place, "slowBody", this.#bodyLimit));
  }

  onResponseEnd(): void {
    this.#body?.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    const { call, place, limits } = this.exchange;
    this.#fail(networkProblem(error, call, place, { sent: this.#sent, limits }));
  }
}

/**
 * Sends one request and waits for the head of its answer.
 * @throws PacSpaceError `network`, `timeout`, `cancelled` or `malformedResponse`, `uncertain` when an unsafe request
 * was sent; reading the body throws the same
 */
export function exchange(exchange: Exchange): Promise<Answer> {
  const { dispatcher, call, place, headers, limits, signal } = exchange;
  return new Promise((resolve, reject) => {
    const handler = new Handler(exchange, resolve, reject);
    if (signal.aborted) {
      handler.cancel();
      return;
    }
    signal.addEventListener("abort", () => handler.cancel(), { once: true });
    dispatcher.dispatch(
      {
        origin: place.url.origin,
        path: place.url.pathname + place.url.search,
        method: call.method,
        headers: { ...headers },
        body: call.body === undefined ? null : JSON.stringify(call.body),
        bodyTimeout: limits.stalled,
      },
      handler,
    );
  });
}
