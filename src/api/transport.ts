import type { PacSpaceError } from "../core/errors";
import { isPacSpaceError } from "../core/errors";
import { readBaseUrl } from "../core/model/environment";
import { isUnsafe, type Call } from "./call";
import { Connections } from "./dispatcher";
import { openEnvelope } from "./envelope";
import { exchange, headerOf, type Answer, type Head, type Limits } from "./exchange";
import { linkedSignal, type LinkedSignal } from "../core/linkedSignal";
import { cancelled, networkProblem, type Place } from "./networkProblem";
import type { ClientOptions, RequestOptions } from "./pacspaceApi";
import { answerProblem, malformed, pageProblem, redirectProblem } from "./problem";
import { longestInteractiveWaitMs, mayRepeat, mostRepeats, pause, tooLongToWait, waitBefore } from "./retry";
import { serverAhead } from "./serverClock";
import { SessionJar } from "./sessionJar";

/** An answer that succeeded, with its body read. */
export interface TextAnswer {
  readonly status: number;
  readonly text: string;
  /** How far the server's clock is ahead of this machine's, in milliseconds, where it tells. */
  readonly serverAheadMs?: number | undefined;
  /** Whether it set cookies. */
  readonly setsCookies: boolean;
  /** Values that no message about it may repeat. */
  readonly secrets: readonly string[];
}

/** The cookie header's values, which no message may repeat. */
function cookieValues(header: string | undefined): readonly string[] {
  return (header ?? "").split("; ").map((pair) => pair.slice(pair.indexOf("=") + 1));
}

/** The largest body that is read into memory, in bytes. */
const largestText = 64 * 1024 * 1024;
/** The same for an error's. */
const largestProblem = 1024 * 1024;

/** A body that is read whole may take so many times the client's limit. */
const slowestBody = 10;

function wholeText(call: Call, answer: Answer, largest = largestText): Promise<string> {
  return answer.body.text(largest, () => malformed(call, answer, `is larger than ${largest / 1024 / 1024} MiB`));
}

/** So much of a file is looked at, in bytes, to tell it from a web page that doesn't say what it is. */
const largestBeginning = 4_096;

function isPage(text: string): boolean {
  return /^\s*</.test(text);
}

/** Whether an answer to a call for a file is one. */
function isFile(head: Head): boolean {
  return head.status < 300 && !/\b(html|json)\b/i.test(headerOf(head, "content-type") ?? "");
}

/** An answer whose head is here, and what is needed to go on with its body. */
interface Accepted {
  readonly answer: Answer;
  readonly place: Place;
  readonly secrets: readonly string[];
}

/**
 * The one way out to PacSpace: base URL, cookies, CSRF header, time limits, repeats, redirects (none are followed) and
 * the log. Nothing happens before the first request.
 */
export class Transport {
  readonly jar: SessionJar;
  readonly #base: string;
  readonly #connections: Connections;
  readonly #limitMs: number;
  readonly #running = new Set<LinkedSignal>();
  #closed = false;

  /** @throws PacSpaceError `invalid` for a base URL that can't be used */
  constructor(private readonly options: ClientOptions) {
    this.#base = readBaseUrl(options.baseUrl);
    this.#limitMs = options.timeoutMs ?? 30_000;
    this.#connections = new Connections(options.connection ?? {}, this.#limitMs);
    this.jar = new SessionJar(new URL(`${this.#base}/`), () => options.onSessionChanged?.());
    if (options.session !== undefined && !this.jar.import(options.session)) {
      this.options.log?.("the stored session can't be read and is left out");
    }
  }

  /**
   * Makes a call whose answer is text, repeated as far as that can do no harm.
   * @throws PacSpaceError for everything but a success
   */
  text(call: Call, options: RequestOptions = {}): Promise<TextAnswer> {
    const limits: Limits = {
      firstByte: this.#limitMs,
      stalled: this.#limitMs,
      body: () => slowestBody * this.#limitMs,
    };
    return this.#run(options.signal, (signal) =>
      this.#repeating(call, options, signal, async () => {
        const { answer, secrets } = await this.#accepted(call, limits, signal);
        const serverAheadMs = serverAhead(answer, Date.now());
        const text = await wholeText(call, answer);
        const type = headerOf(answer, "content-type") ?? "";
        if (/\bhtml\b/i.test(type) || isPage(text)) throw pageProblem(call, answer, text);
        const setsCookies = answer.headers["set-cookie"] !== undefined;
        return { status: answer.status, text, serverAheadMs, setsCookies, secrets };
      }),
    );
  }

  /**
   * Makes a call whose answer is handed on as it comes. Repeats end with the first bytes; a body may take as long as
   * it flows, and fails after twice the client's limit without a byte.
   * @throws PacSpaceError as `text` does; the iteration throws PacSpaceErrors too
   */
  async stream(call: Call, options: RequestOptions = {}): Promise<AsyncIterable<Uint8Array>> {
    const limits: Limits = {
      firstByte: this.#limitMs,
      stalled: 2 * this.#limitMs,
      body: (head) => (isFile(head) ? Infinity : slowestBody * this.#limitMs),
    };
    const link = this.#open(options.signal);
    try {
      return await this.#repeating(call, options, link.signal, async () => {
        const { answer, secrets } = await this.#accepted(call, limits, link.signal);
        if (!isFile(answer)) {
          const text = await wholeText(call, answer);
          if (/html/i.test(headerOf(answer, "content-type") ?? "")) throw pageProblem(call, answer, text);
          // JSON may say why there is no file.
          openEnvelope(call, { status: answer.status, text, setsCookies: false, secrets });
          throw malformed(call, answer, "is JSON, not a file");
        }
        const beginning = Buffer.from((await answer.body.peek())?.subarray(0, largestBeginning) ?? []).toString();
        // Who names a type is believed: a file may begin with anything.
        if (headerOf(answer, "content-type") === undefined && isPage(beginning)) {
          answer.body.discard();
          throw pageProblem(call, answer, beginning);
        }
        answer.body.onSettled(() => this.#leave(link));
        return answer.body;
      });
    } catch (error) {
      this.#leave(link);
      throw error;
    }
  }

  /** Ends all requests, kind `cancelled`, and closes the sockets. Further calls are refused. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const link of this.#running) link.abort();
    await this.#connections.destroy();
  }

  /** A signal for one call, aborted by the caller's signal and by `close`. */
  #open(outer: AbortSignal | undefined): LinkedSignal {
    const link = linkedSignal(outer);
    if (this.#closed) link.abort();
    this.#running.add(link);
    return link;
  }

  #leave(link: LinkedSignal): void {
    link.release();
    this.#running.delete(link);
  }

  async #run<T>(outer: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const link = this.#open(outer);
    try {
      return await work(link.signal);
    } finally {
      this.#leave(link);
    }
  }

  /** The loop above single tries: waits and repeats as the rules allow. */
  async #repeating<T>(call: Call, options: RequestOptions, signal: AbortSignal, attempt: () => Promise<T>): Promise<T> {
    for (let repeat = 1; ; repeat++) {
      try {
        return await attempt();
      } catch (error) {
        if (!isPacSpaceError(error) || repeat > mostRepeats || !mayRepeat(call, error)) throw error;
        const waitMs = waitBefore(repeat, error, Math.random());
        if (options.pace !== "bulk" && waitMs > longestInteractiveWaitMs) throw tooLongToWait(error, waitMs);
        this.options.log?.(`waits ${waitMs} ms before repeat ${repeat} of ${call.method} ${call.path}`);
        options.onWait?.(waitMs);
        if (!(await pause(waitMs, signal))) throw cancelled(call, false);
      }
    }
  }

  /** One try, up to an answer's head that says success. A 401 for cookies replaced meanwhile is tried once more. */
  async #accepted(call: Call, limits: Limits, signal: AbortSignal): Promise<Accepted> {
    const url = new URL(this.#base + call.path);
    for (let renewed = false; ; renewed = true) {
      const cookie = this.jar.header(url);
      const epoch = this.jar.epoch;
      const secrets = [...cookieValues(cookie), ...(call.secrets ?? [])];
      const started = performance.now();
      const place: Place = { url, proxy: this.#connections.proxyName(url) };
      const done = (how: string): void =>
        this.options.log?.(
          `${call.method} ${url.pathname}${url.search}: ${how}, ${Math.round(performance.now() - started)} ms`,
        );
      let answer: Answer;
      try {
        answer = await this.#exchange(call, place, cookie, limits, signal);
      } catch (error) {
        const problem = networkProblem(error, call, place, { sent: false, limits });
        done(problem.code ?? problem.kind);
        throw problem;
      }
      done(String(answer.status));
      if (answer.status === 401 && call.signIn !== true && !renewed && this.#wasReplaced(url, cookie)) {
        answer.body.discard();
        continue;
      }
      this.jar.store([answer.headers["set-cookie"] ?? []].flat(), url, epoch);
      if (answer.status >= 200 && answer.status < 300) {
        this.#refuseEncoded(call, answer);
        return { answer, place, secrets };
      }
      throw await this.#failed(call, { answer, place, secrets });
    }
  }

  /** Whether other cookies would be sent now than were sent then. */
  #wasReplaced(url: URL, sent: string | undefined): boolean {
    const now = this.jar.header(url);
    return now !== undefined && now !== sent;
  }

  async #exchange(call: Call, place: Place, cookie: string | undefined, limits: Limits, signal: AbortSignal) {
    if (this.#closed) throw cancelled(call, false);
    const dispatcher = await this.#connections.to(place.url, isUnsafe(call));
    const headers = {
      accept: "application/json, text/csv;q=0.9",
      // A body that grows when it is unpacked could fill the memory; ours are small enough to go plain.
      "accept-encoding": "identity",
      "user-agent": this.options.userAgent ?? "pacspace-webhooks",
      ...(isUnsafe(call) && { "x-pacspace-csrf": "1" }),
      ...(call.body !== undefined && { "content-type": "application/json" }),
      ...(cookie !== undefined && { cookie }),
    };
    return exchange({ dispatcher, call, place, headers, limits, signal });
  }

  #refuseEncoded(call: Call, answer: Answer): void {
    const encoding = headerOf(answer, "content-encoding")?.trim().toLowerCase() ?? "";
    if (encoding === "" || encoding === "identity") return;
    answer.body.discard();
    throw malformed(call, answer, "is compressed although that was not asked for");
  }

  async #failed(call: Call, { answer, place, secrets }: Accepted): Promise<PacSpaceError> {
    if (answer.status < 400) {
      answer.body.discard();
      return redirectProblem(call, answer, place.url);
    }
    const compressed = headerOf(answer, "content-encoding") !== undefined;
    // What the status says counts even when the body can't be had; a cancelled call is a cancelled call.
    const text = await wholeText(call, answer, largestProblem).catch((error: unknown) => {
      if (isPacSpaceError(error) && error.kind === "cancelled") throw error;
      return "";
    });
    return answerProblem(call, answer, compressed ? "" : text, secrets);
  }
}
