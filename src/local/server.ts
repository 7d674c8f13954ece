import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Journal } from "./journal";
import { Problem } from "./problem";
import { Router, type Request } from "./router";
import { demoSeed, type Seeded } from "./seed";
import { Sender } from "./sender";
import { Sessions } from "./sessions";
import { Store } from "./store";
import { WebhookRoutes } from "./webhookRoutes";

export interface LocalOptions {
  /** 0, the default, is any free one. */
  readonly port?: number;
  /** Where the state is kept; none keeps it in memory alone. */
  readonly dataDir?: string;
  /** What a new account holds; one that was there before is left as it is. */
  readonly seed?: "demo" | "empty";
  /** Public origins that stand for servers on this machine, for example https://example.com → http://127.0.0.1:3000. */
  readonly endpoints?: Readonly<Record<string, string>>;
  readonly now?: () => Date;
  /** Waits before the attempts of a retried delivery, in milliseconds. */
  readonly retryDelaysMs?: readonly number[];
  /** How long an endpoint may take, in milliseconds. */
  readonly deliveryTimeoutMs?: number;
}

export interface LocalPacSpace {
  readonly baseUrl: string;
  readonly port: number;
  /** The secrets of the webhooks that this start has seeded, all but one: given once, as the API does. */
  readonly seededSecrets: readonly { readonly id: string; readonly secret: string }[];
  close(): Promise<void>;
}

/** Names the server in every answer, so that another window can tell it from a stranger at its port. */
const serverName = "Local-PacSpace/1";
const bodyLimit = 1024 * 1024;

/**
 * Starts a PacSpace on this machine: the dashboard API as the reference page documents it, with real signed deliveries.
 * @throws Error when the port is taken (code EADDRINUSE), or another process has the directory open
 */
export async function startLocalPacSpace(options: LocalOptions = {}): Promise<LocalPacSpace> {
  const now = options.now ?? (() => new Date());
  const journal = options.dataDir === undefined ? undefined : new Journal(options.dataDir);
  const fresh = journal?.exists !== true;
  const store = new Store(journal, now().getTime());
  const seeded = fresh && options.seed === "demo" ? demoSeed(now()) : undefined;
  const sender = new Sender(store, {
    now,
    timeoutMs: options.deliveryTimeoutMs ?? 10_000,
    retryDelaysMs: options.retryDelaysMs ?? [0, 1_000, 5_000],
    endpoints: options.endpoints ?? {},
  });
  const router = new Router(new WebhookRoutes(store, sender, now), new Sessions(store, now));
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, (request, response) => {
    void serve(request, response, router);
  });
  try {
    await listen(server, options.port ?? 0);
  } catch (error) {
    store.close();
    throw error;
  }
  // Only now: a start that finds its port taken must not use up the secrets that are given once.
  if (seeded !== undefined) fill(store, seeded);
  store.begin();
  sender.resume();
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    port,
    seededSecrets: seeded?.secrets ?? [],
    close: async () => {
      sender.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      store.close();
    },
  };
}

function fill(store: Store, { webhooks, deliveries }: Seeded): void {
  for (const webhook of webhooks) store.putWebhook(webhook);
  for (const delivery of deliveries) store.putDelivery(delivery);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        error.code === "EADDRINUSE"
          ? Object.assign(new Error(`Port ${port} is taken by another program.`), { code: error.code })
          : error,
      );
    });
    server.listen(port, "127.0.0.1", () => resolve());
  });
}

/** A page of the web must not reach in: neither by a name that it points here (Host), nor by a request of its own (Origin). */
function refuseStrangers(request: IncomingMessage): void {
  const host = request.headers.host ?? "";
  const port = request.socket.localPort;
  if (![`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`].includes(host)) {
    throw new Problem(421, "Local PacSpace answers to 127.0.0.1 and localhost only");
  }
  if (request.headers.origin !== undefined) throw new Problem(403, "Local PacSpace takes no requests from web pages");
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bodyLimit) throw new Problem(413, `The body is larger than ${bodyLimit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const body = await readBody(request);
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString("utf8")) as unknown;
  } catch {
    throw new Problem(400, "The body is not valid JSON");
  }
}

function readRequest(request: IncomingMessage): Request {
  const target = `http://127.0.0.1${request.url ?? "/"}`;
  if (!URL.canParse(target)) throw new Problem(400, "The request's path can't be read");
  const csrf = request.headers["x-pacspace-csrf"];
  return {
    method: request.method ?? "GET",
    url: new URL(target),
    cookie: request.headers.cookie,
    csrf: typeof csrf === "string" ? csrf : undefined,
    json: () => readJson(request),
  };
}

async function serve(request: IncomingMessage, response: ServerResponse, router: Router): Promise<void> {
  response.setHeader("Server", serverName);
  try {
    refuseStrangers(request);
    const answer = await router.answer(readRequest(request));
    if (answer.setCookie !== undefined) response.setHeader("Set-Cookie", answer.setCookie);
    if ("csv" in answer) {
      response.writeHead(200, {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": 'attachment; filename="webhook-deliveries.csv"',
      });
      await pipeline(Readable.from(answer.csv), response);
      return;
    }
    send(response, answer.status, answer.json);
  } catch (error) {
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const problem = error instanceof Problem ? error : new Problem(500, "Internal server error");
    if (problem.status === 413) response.setHeader("Connection", "close");
    send(response, problem.status, JSON.stringify(problem));
  } finally {
    // What was not read of the body would be taken for the next request.
    if (!request.complete) request.resume();
  }
}

function send(response: ServerResponse, status: number, json: string): void {
  response.writeHead(status, {
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": Buffer.byteLength(json),
  });
  response.end(json);
}
