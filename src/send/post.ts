import * as http from "node:http";
import * as https from "node:https";
import { PacSpaceError } from "../core/errors";
import { connectionHeaders, headerPairs, type HeaderList } from "../core/model/headers";
import { postProblem } from "./postProblem";
import { reach } from "./reach";
import { readTargetUrl } from "./targetUrl";

const usualTimeoutMs = 30_000;
const usualKeepBytes = 64 * 1024;
/** Shorter than servers keep an idle connection, so that it isn't taken while they close it. */
const idleMs = 1_000;

/** A request to send, byte for byte. */
export interface PostRequest {
  /** http or https. */
  readonly url: string;
  /** POST when not given. */
  readonly method?: string;
  /** Names go out in their own case and order; those that describe one connection only are made anew. */
  readonly headers: HeaderList;
  readonly body: Uint8Array;
}

export interface PostOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds from the start until the answer's end, 30,000 when not given; 0 is no limit. */
  readonly timeoutMs?: number | undefined;
  /** How much of the answer's body is kept, 64 KB when not given; the rest is not read. */
  readonly keepBytes?: number | undefined;
  /** A connection for this request alone, in place of one that is kept and used again. */
  readonly ownConnection?: boolean | undefined;
}

/** What came back, whatever its status; redirects are not followed. */
export interface PostAnswer {
  readonly status: number;
  /** In the order and the case in which they came. */
  readonly headers: HeaderList;
  /** The beginning of the body. */
  readonly body: Uint8Array;
  /** Whether the body went on. */
  readonly truncated: boolean;
  /** From the start of the request to the end of what was read. */
  readonly durationMs: number;
}

const kept = { ...reach, keepAlive: true, timeout: idleMs };
const agents = { "http:": new http.Agent(kept), "https:": new https.Agent(kept) };

/** Given a list that has these, node:http adds no header of its own. */
function allHeaders(url: URL, method: string, { headers, body }: PostRequest, own: boolean): HeaderList {
  const hasBody = body.length > 0 || !/^(GET|HEAD)$/.test(method);
  return [
    ["Host", url.host],
    ...headers.filter(([name]) => !connectionHeaders.has(name.toLowerCase())),
    ...(hasBody ? [["Content-Length", String(body.length)] as const] : []),
    ["Connection", own ? "close" : "keep-alive"],
  ];
}

/** A kept connection turned out to be closed before anything was written to it. */
class StaleConnection extends Error {}

/** Sends one request and gives the answer's head. */
function send(url: URL, options: http.RequestOptions, body: Uint8Array): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = (url.protocol === "https:" ? https : http).request(url, options);
    let written = false;
    const write = (): void => {
      if (outgoing.destroyed) return;
      written = true;
      outgoing.end(body);
    };
    // A kept connection may have been closed by the other side: a whole round of the event loop brings that to light,
    // and as long as nothing was written the request may go out on another one without being repeated.
    const writeLater = (): void => void setImmediate(() => setImmediate(write));
    outgoing.on("socket", () => (outgoing.reusedSocket ? writeLater() : write()));
    outgoing.on("response", resolve);
    // Without this nothing would tell that the handler changed the protocol: its answer ends with its head.
    outgoing.on("upgrade", (answer, socket) => {
      socket.destroy();
      answer.push(null);
      resolve(answer);
    });
    outgoing.on("error", (error) => reject(written || !outgoing.reusedSocket ? error : new StaleConnection()));
  });
}

/**
 * Reads as much of an answer as is kept, and a byte more to learn whether it goes on.
 * @throws what the connection ends with
 */
async function readStart(
  answer: http.IncomingMessage,
  keepBytes: number,
): Promise<{ readonly body: Uint8Array; readonly truncated: boolean }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > keepBytes) break;
  }
  return { body: Buffer.concat(chunks).subarray(0, keepBytes), truncated: bytes > keepBytes };
}

/**
 * Sends a request as it is and reads the answer, whatever its status. Nothing is repeated, no redirect is followed.
 * @throws PacSpaceError `invalid` for a URL or headers that can't be sent; `network`, with Node's code, when no
 *   connection could be made or it broke; `timeout` when the answer took too long; `cancelled` by the signal
 */
export async function post(request: PostRequest, options: PostOptions = {}): Promise<PostAnswer> {
  const { signal, timeoutMs = usualTimeoutMs, keepBytes = usualKeepBytes, ownConnection = false } = options;
  const { body, method = "POST" } = request;
  const url = readTargetUrl(request.url);
  // Not AbortSignal.timeout: its timer would outlive the request, and thousands of them add up.
  const ending = new AbortController();
  const end = (): void => ending.abort();
  const limit = timeoutMs > 0 ? setTimeout(end, timeoutMs) : undefined;
  signal?.addEventListener("abort", end, { once: true });
  const began = performance.now();
  const outgoing = (own: boolean): http.RequestOptions => ({
    ...reach,
    method,
    headers: allHeaders(url, method, request, own).flat(),
    agent: own ? false : agents[url.protocol as keyof typeof agents],
    signal: ending.signal,
  });
  try {
    signal?.throwIfAborted();
    const answer = await send(url, outgoing(ownConnection), body).catch((error: unknown) => {
      if (!(error instanceof StaleConnection)) throw error;
      return send(url, outgoing(true), body);
    });
    const read = await readStart(answer, keepBytes);
    const durationMs = performance.now() - began;
    return { status: answer.statusCode ?? 0, headers: headerPairs(answer.rawHeaders), ...read, durationMs };
  } catch (error) {
    if (signal?.aborted === true) {
      throw new PacSpaceError("cancelled", `Sending to ${url.host} was cancelled.`, { cause: error });
    }
    if (ending.signal.aborted) {
      const words = `${url.host} gave no answer within ${timeoutMs / 1000} s. Answer first and do slow work afterwards.`;
      throw new PacSpaceError("timeout", words, { cause: error });
    }
    throw postProblem(error, url);
  } finally {
    clearTimeout(limit);
    signal?.removeEventListener("abort", end);
  }
}
