import type { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import { isPacSpaceError, type PacSpaceError } from "../core/errors";
import type { Call } from "./call";
import { cancelled, networkProblem, timedOut, type Place } from "./networkProblem";

/** Limits of one exchange, in milliseconds. */
export interface Limits {
  /** For connecting, and again for the first byte of the answer. */
  readonly firstByte: number;
  /** Without a single byte while the answer's body is on its way. A reader that takes its time doesn't count. */
  readonly stalled: number;
}

/** The head of an answer, with its body still to be read. */
export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readable;
}

/** The first value of a header of an answer; undefined when it isn't there. */
export function headerOf(answer: Pick<Answer, "headers">, name: string): string | undefined {
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

/**
 * Sends one request and waits for the head of its answer.
 * @throws PacSpaceError `network`, `timeout`, `cancelled` or `malformedResponse`, `uncertain` when an unsafe request
 * was sent. What reading the body throws afterwards is read by `networkProblem` too.
 */
export async function exchange({ dispatcher, call, place, headers, limits, signal }: Exchange): Promise<Answer> {
  const { RequestHandler } = (await import("undici/lib/api/api-request.js")).default;
  const attempt = new AbortController();
  let sent = false;
  let timer: NodeJS.Timeout | undefined;
  return new Promise<Answer>((resolve, reject) => {
    // undici can't be stopped while it connects, so nothing here waits for it; a request not yet sent never will be.
    const fail = (error: PacSpaceError): void => {
      clearTimeout(timer);
      reject(error);
      attempt.abort(error);
    };
    const limit = (phase: "connect" | "answer"): void => {
      clearTimeout(timer);
      timer = setTimeout(() => fail(timedOut(call, place, phase, limits.firstByte)), limits.firstByte);
    };
    const stop = (): void => fail(cancelled(call, sent));
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop, { once: true });
    const request = {
      origin: place.url.origin,
      path: place.url.pathname + place.url.search,
      method: call.method,
      headers: { ...headers },
      body: call.body === undefined ? null : JSON.stringify(call.body),
      bodyTimeout: limits.stalled,
      signal: attempt.signal,
    };
    const handler = new RequestHandler(request, (error, answer) => {
      clearTimeout(timer);
      if (error === null) resolve({ status: answer.statusCode, headers: answer.headers, body: answer.body });
      else reject(isPacSpaceError(error) ? error : networkProblem(error, call, place, { sent, limits }));
    });
    handler.onRequestSent = () => {
      sent = true;
      limit("answer");
    };
    limit("connect");
    dispatcher.dispatch(request, handler);
  });
}
