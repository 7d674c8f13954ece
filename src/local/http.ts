import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { Readable, type Duplex } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Problem } from "./problem";
import type { Request, Router } from "./router";

/** Names the server in every answer, so that another window can tell it from a stranger at its port. */
const serverName = "Local-PacSpace/1";
const bodyLimit = 1024 * 1024;

export interface HttpOptions {
  readonly router: () => Router;
  /** How long a request's head, and the whole of it, may take to arrive, in milliseconds. */
  readonly requestTimeoutMs: number;
  readonly log: (line: string) => void;
}

/**
 * Makes the server that hands requests to the router; it does not listen yet. It is Node's own and no framework's: limits,
 * broken requests, upgrades and half-sent bodies are decided below the level at which frameworks begin.
 */
export function createHttpServer({ router, requestTimeoutMs, log }: HttpOptions): Server {
  const limits = {
    requestTimeout: requestTimeoutMs,
    headersTimeout: requestTimeoutMs,
    connectionsCheckingInterval: Math.min(1_000, requestTimeoutMs),
  };
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const begun = performance.now();
    const { method = "", url = "" } = request;
    response.once("close", () => {
      log(`${method} ${url} ${response.statusCode} ${Math.round(performance.now() - begun)} ms`);
    });
    void serve(request, response, router(), log);
  };
  const server = createServer(limits, handle);
  server.on("checkExpectation", handle);
  server.on("upgrade", (_request, socket: Duplex) => answerRaw(socket, new Problem(400, "No upgrade is offered here")));
  server.on("connect", (_request, socket: Duplex) => answerRaw(socket, new Problem(400, "This is no proxy")));
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => answerRaw(socket, problemOf(error)));
  return server;
}

function problemOf({ code }: NodeJS.ErrnoException): Problem {
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return new Problem(408, "The request took too long to arrive");
  if (code === "HPE_HEADER_OVERFLOW") return new Problem(431, "The request's headers are too long");
  return new Problem(400, "The request can't be read as HTTP");
}

/** Answers where there is no request that could be answered, and hangs up. */
function answerRaw(socket: Duplex, problem: Problem): void {
  // Node takes its own listener off a socket that it hands over: whoever hangs up would end the process.
  socket.on("error", () => undefined);
  if (socket.destroyed || !socket.writable) return;
  const json = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${problem.reason}`,
    `Server: ${serverName}`,
    "Content-Type: application/json; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(json)}`,
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${json}`, () => socket.destroy());
}

/** A page of the web must not reach in: neither by a name that it points here, nor by a request of its own. */
function refuseStrangers(request: IncomingMessage): void {
  const [first = "", ...others] = request.headersDistinct.host ?? [];
  if (others.length > 0) throw new Problem(400, "The request names two hosts");
  const host = first.toLowerCase();
  const port = request.socket.localPort ?? 0;
  const names = ["127.0.0.1", "localhost", "[::1]"];
  if (!names.some((name) => host === `${name}:${port}` || (port === 80 && host === name))) {
    throw new Problem(403, "Local PacSpace answers to 127.0.0.1 and localhost with its own port only");
  }
  if (request.headers.origin !== undefined) throw new Problem(403, "Local PacSpace takes no requests from web pages");
}

/** Reads a body to its end, whatever the route wants of it: a connection is not reused in the middle of one. */
async function readBody(request: IncomingMessage): Promise<Buffer> {
  const tooLarge = new Problem(413, `The body is larger than ${bodyLimit} bytes`);
  if (Number(request.headers["content-length"] ?? 0) > bodyLimit) throw tooLarge;
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Not iterated: leaving the loop early would destroy the connection before it is answered.
  await new Promise<void>((resolve, reject) => {
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > bodyLimit) reject(tooLarge);
      else chunks.push(chunk);
    });
    request.once("end", resolve);
    request.once("error", reject);
  });
  return Buffer.concat(chunks);
}

function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body)) as unknown;
  } catch {
    throw new Problem(400, "The body is not valid JSON");
  }
}

async function readRequest(request: IncomingMessage): Promise<Request> {
  const { method = "GET", url = "/", headers } = request;
  const target = `http://127.0.0.1${url}`;
  if (!url.startsWith("/") || !URL.canParse(target)) throw new Problem(400, "The request's path can't be read");
  const csrf = headers["x-pacspace-csrf"];
  const body = await readBody(request);
  return {
    method,
    url: new URL(target),
    cookie: headers.cookie,
    csrf: typeof csrf === "string" ? csrf : undefined,
    json: () => parseJson(body),
  };
}

/** Whether an error says only that the client went away. */
function hasLeft(error: unknown): boolean {
  return ["ECONNRESET", "ERR_STREAM_PREMATURE_CLOSE"].includes((error as NodeJS.ErrnoException).code ?? "");
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  router: Router,
  log: HttpOptions["log"],
): Promise<void> {
  const { method = "", url = "" } = request;
  response.setHeader("Server", serverName);
  try {
    refuseStrangers(request);
    const answer = await router.answer(await readRequest(request));
    if (answer.setCookie !== undefined) response.setHeader("Set-Cookie", answer.setCookie);
    if (!("csv" in answer)) {
      send(response, answer.status, answer.json);
      return;
    }
    response.writeHead(200, {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": 'attachment; filename="webhook-deliveries.csv"',
    });
    await pipeline(Readable.from(answer.csv), response);
  } catch (error) {
    if (!(error instanceof Problem || hasLeft(error))) log(`${method} ${url} failed: ${String(error)}`);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const problem = error instanceof Problem ? error : new Problem(500, "Internal server error");
    // What else comes of a refused body is dropped until the request's time is up: hanging up at once would take the
    // answer away from a client that is still sending.
    request.resume();
    if (problem.allow !== undefined) response.setHeader("Allow", problem.allow.join(", "));
    send(response, problem.status, JSON.stringify(problem));
  }
}

function send(response: ServerResponse, status: number, json: string): void {
  response.writeHead(status, {
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": Buffer.byteLength(json),
  });
  response.end(json);
}
