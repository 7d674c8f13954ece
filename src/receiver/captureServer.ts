import { createServer, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { headerPairs, type HeaderList } from "../core/model/headers";
import { refusalOf, type Refusal } from "./gatekeeper";

export interface ServerLimits {
  /** How long a request's head may take to arrive, in milliseconds. */
  readonly headMs: number;
  /** How long the whole request may take, in milliseconds. */
  readonly requestMs: number;
}

const usualLimits: ServerLimits = { headMs: 10_000, requestMs: 60_000 };

const bodyLimit = 10 * 1024 * 1024;
/** Bodies of requests that are not answered yet, all connections together. */
const bodiesLimit = 8 * bodyLimit;
const headLimit = 32 * 1024;
const mostConnections = 2_000;
const idleMs = 5_000;
/** How long who was refused has for reading why before the connection is cut. */
const lingerMs = 1_000;

const tooLarge: Refusal = { status: 413, message: "The body is larger than 10 MB." };
const tooMany: Refusal = { status: 503, message: "Too many large requests at once. Send it again later." };

/** A request, whole. */
export interface Arrived {
  readonly method: string;
  readonly target: string;
  readonly headers: HeaderList;
  readonly body: Uint8Array;
}

export interface CaptureServerOptions {
  readonly allowedHosts: () => readonly string[];
  readonly limits?: Partial<ServerLimits> | undefined;
  /** Gets a line for each request that is refused; no header value and no body is in it. */
  readonly log: (line: string) => void;
  /** Gets each request that came whole, and answers it; a promise settles when its body is not needed any more. */
  readonly take: (request: Arrived, response: ServerResponse) => Promise<void> | undefined;
}

/** Answers where there is no request that could be answered, and hangs up. */
function refuseRaw(socket: Duplex, { status, message }: Refusal): void {
  // Node takes its own listener off a socket that it hands over: whoever hangs up would be an error of the process.
  socket.on("error", () => undefined);
  if (socket.destroyed || !socket.writable) return;
  const json = JSON.stringify({ error: message });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
    "Content-Type: application/json; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(json)}`,
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${json}`, () => socket.destroy());
}

function refusalOfBroken({ code }: NodeJS.ErrnoException): Refusal {
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return { status: 408, message: "The request took too long to arrive." };
  if (code === "HPE_HEADER_OVERFLOW") return { status: 431, message: "The request's headers are too long." };
  return { status: 400, message: "The request can't be read as HTTP." };
}

/** Reads requests to their end and hands them on, or refuses them; what is refused is not read on. */
class Reception {
  #bodies = 0;

  constructor(private readonly options: CaptureServerOptions) {}

  receive(request: IncomingMessage, response: ServerResponse, awaited = false): void {
    const headers = headerPairs(request.rawHeaders);
    const refusal = refusalOf(request, headers, this.options.allowedHosts);
    if (refusal !== undefined) this.#refuse(request, response, refusal);
    else if (Number(request.headers["content-length"] ?? 0) > bodyLimit) this.#refuse(request, response, tooLarge);
    else {
      if (awaited) response.writeContinue();
      this.#read(request, response, headers);
    }
  }

  #read(request: IncomingMessage, response: ServerResponse, headers: HeaderList): void {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let refused = false;
    let taken: Promise<void> | undefined;
    const release = (): void => {
      this.#bodies -= bytes;
      bytes = 0;
    };
    request.on("data", (chunk: Buffer) => {
      if (refused) return;
      chunks.push(chunk);
      bytes += chunk.length;
      this.#bodies += chunk.length;
      if (bytes <= bodyLimit && this.#bodies <= bodiesLimit) return;
      refused = true;
      chunks.length = 0;
      const refusal = bytes > bodyLimit ? tooLarge : tooMany;
      release();
      this.#refuse(request, response, refusal);
    });
    request.on("end", () => {
      if (refused) return;
      const [first] = chunks;
      const body = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
      chunks.length = 0;
      const { method = "", url: target = "" } = request;
      taken = this.options.take({ method, target, headers, body }, response);
    });
    // Whoever leaves in the middle is told nothing; without a listener it would be an error of the process.
    request.on("error", () => (chunks.length = 0));
    response.on("close", () => (taken === undefined ? release() : void taken.then(release)));
  }

  /**
   * The answer is complete by its length but not ended: Node would cut the connection at once, and a client that is
   * still sending would lose what it has not read.
   */
  #refuse(request: IncomingMessage, response: ServerResponse, { status, message }: Refusal): void {
    this.options.log(`${request.method ?? ""} refused with ${status}: ${message}`);
    if (response.destroyed) return;
    request.pause();
    const json = JSON.stringify({ error: message });
    response.writeHead(status, {
      "Content-Type": "application/json; charset=utf-8",
      "Content-Length": Buffer.byteLength(json),
      Connection: "close",
    });
    response.write(json);
    const linger = setTimeout(() => response.destroy(), lingerMs);
    response.once("close", () => clearTimeout(linger));
  }
}

/**
 * Makes the server that takes requests and refuses strangers; it does not listen yet. It is Node's own: limits, broken
 * requests, upgrades and half-sent bodies are decided below the level at which frameworks begin.
 */
export function createCaptureServer(options: CaptureServerOptions): Server {
  const { headMs, requestMs } = { ...usualLimits, ...options.limits };
  const reception = new Reception(options);
  const server = createServer(
    {
      headersTimeout: headMs,
      requestTimeout: requestMs,
      connectionsCheckingInterval: Math.min(1_000, headMs),
      keepAliveTimeout: idleMs,
      maxHeaderSize: headLimit,
    },
    (request, response) => reception.receive(request, response),
  );
  server.maxConnections = mostConnections;
  // None is left out silently: who sends too many is refused.
  server.maxHeadersCount = 0;
  server.on("checkContinue", (request, response) => reception.receive(request, response, true));
  server.on("checkExpectation", (request, response) => reception.receive(request, response));
  const refuseRequest = (socket: Duplex, message: string): void => {
    options.log(`Refused with 400: ${message}`);
    refuseRaw(socket, { status: 400, message });
  };
  server.on("upgrade", (_request, socket: Duplex) => refuseRequest(socket, "No upgrade is offered here."));
  server.on("connect", (_request, socket: Duplex) => refuseRequest(socket, "The receiver is no proxy."));
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => refuseRaw(socket, refusalOfBroken(error)));
  return server;
}
