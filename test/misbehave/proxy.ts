import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { errorAnswer, page, type Behaviour } from "./behaviour";

/** A request as it came in, the server behind reached or not. */
export interface SeenRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Which requests: by method, and by path without query (a string is the whole path); what is left out matches any. */
export interface Matcher {
  readonly method?: string;
  readonly path?: string | RegExp;
}

export interface Misbehaving {
  readonly baseUrl: string;
  /** All requests since the start or the last reset, oldest first. */
  readonly requests: readonly SeenRequest[];
  /** Does this to the next request that matches, once; several queue up. */
  next(matcher: Matcher, behaviour: Behaviour): void;
  /** Does this to every request that matches and has no `next`; the newest rule wins. */
  always(matcher: Matcher, behaviour: Behaviour): void;
  /** Forgets rules and requests, and ends connections that are kept silent. */
  reset(): void;
  close(): Promise<void>;
}

interface Rule {
  readonly matcher: Matcher;
  readonly behaviour: Behaviour;
}

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: http.IncomingMessage;
}

function matches({ method, path }: Matcher, request: SeenRequest): boolean {
  const pathname = request.path.split("?")[0] ?? "";
  if (method !== undefined && method !== request.method) return false;
  if (path === undefined) return true;
  return typeof path === "string" ? path === pathname : path.test(pathname);
}

async function readAll(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Sends a request on to the server behind, under that server's own name. */
function forward(target: URL, request: SeenRequest): Promise<Answer> {
  const { connection: _connection, ...headers } = request.headers;
  return new Promise((resolve, reject) => {
    const sent = http.request(
      new URL(request.path, target),
      { method: request.method, headers: { ...headers, host: target.host }, agent: false },
      (body) => resolve({ status: body.statusCode ?? 0, headers: body.headers, body }),
    );
    sent.on("error", reject);
    sent.end(request.body);
  });
}

/** Passes an answer on as it is, with another body when one is given. */
async function relay(answer: Answer, response: http.ServerResponse, body?: Buffer): Promise<void> {
  const { connection: _connection, ...headers } = answer.headers;
  if (body === undefined) {
    response.writeHead(answer.status, headers);
    answer.body.pipe(response);
    return;
  }
  await readAll(answer.body);
  const { "content-length": _length, "transfer-encoding": _encoding, ...others } = headers;
  response.writeHead(answer.status, { ...others, "content-length": body.length });
  response.end(body);
}

/** Passes on so many bytes of an answer's body, then resets the connection. */
async function relayCut(answer: Answer, response: http.ServerResponse, afterBytes: number): Promise<void> {
  const { connection: _connection, ...headers } = answer.headers;
  response.writeHead(answer.status, headers);
  response.flushHeaders();
  let left = afterBytes;
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    const part = chunk.subarray(0, left);
    left -= part.length;
    // A reset drops what still waits to be sent.
    await new Promise<void>((resolve) => response.write(part, () => resolve()));
    if (left === 0) break;
  }
  await wait(50);
  response.socket?.resetAndDestroy();
}

async function misbehave(
  target: URL,
  request: SeenRequest,
  response: http.ServerResponse,
  behaviour: Behaviour | undefined,
): Promise<void> {
  switch (behaviour?.kind) {
    case undefined:
      return relay(await forward(target, request), response);
    case "latency":
      await wait(behaviour.ms);
      if (response.destroyed) return;
      return relay(await forward(target, request), response);
    case "status": {
      const { status, headers, body } = errorAnswer(behaviour);
      response.writeHead(status, headers as http.OutgoingHttpHeaders).end(body);
      return;
    }
    case "resetBefore":
      response.socket?.resetAndDestroy();
      return;
    case "resetAfter":
      await readAll((await forward(target, request)).body);
      response.socket?.resetAndDestroy();
      return;
    case "silence":
      return;
    case "html":
      response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" }).end(page);
      return;
    case "redirect": {
      const location = behaviour.location ?? (behaviour.to === "login" ? "/login" : "http://127.0.0.1:9/elsewhere");
      response.writeHead(302, { Location: location, "Content-Type": "text/html" }).end(page);
      return;
    }
    case "cutJson": {
      const answer = await forward(target, request);
      const whole = await readAll(answer.body);
      return relay(answer, response, whole.subarray(0, Math.floor(whole.length / 2)));
    }
    case "cutExport":
      return relayCut(await forward(target, request), response, behaviour.afterBytes);
    case "emptyBody":
      return relay(await forward(target, request), response, Buffer.alloc(0));
  }
}

/**
 * Stands in front of a server and misbehaves as told, over real sockets on 127.0.0.1.
 * @param target the base URL of the server behind
 */
export async function startMisbehaving(target: string): Promise<Misbehaving> {
  const behind = new URL(target);
  const requests: SeenRequest[] = [];
  let once: Rule[] = [];
  let lasting: Rule[] = [];

  function behaviourFor(request: SeenRequest): Behaviour | undefined {
    const first = once.find(({ matcher }) => matches(matcher, request));
    if (first === undefined) return lasting.findLast(({ matcher }) => matches(matcher, request))?.behaviour;
    once = once.filter((rule) => rule !== first);
    return first.behaviour;
  }

  async function handle(incoming: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { method = "GET", url = "/", headers } = incoming;
    const request: SeenRequest = { method, path: url, headers, body: await readAll(incoming) };
    requests.push(request);
    await misbehave(behind, request, response, behaviourFor(request));
  }

  const server = http.createServer((incoming, response) => {
    // A server behind that is gone looks from here as it would without the wrapper.
    handle(incoming, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    requests,
    next: (matcher, behaviour) => void once.push({ matcher, behaviour }),
    always: (matcher, behaviour) => void lasting.push({ matcher, behaviour }),
    reset: () => {
      once = [];
      lasting = [];
      requests.length = 0;
      server.closeAllConnections();
    },
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}
