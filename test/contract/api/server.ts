import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** One request as it came. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<IncomingMessage["headers"]>;
  readonly body: string;
  readonly at: number;
}

export type Handler = (request: Seen, response: ServerResponse, socket: Socket) => unknown;

export interface TestServer {
  readonly url: string;
  readonly port: number;
  readonly seen: Seen[];
  handler: Handler;
  close(): Promise<void>;
}

/** Answers with JSON. */
export function json(
  response: ServerResponse,
  value: unknown,
  status = 200,
  headers: Record<string, string> = {},
): ServerResponse {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
  return response.end(JSON.stringify(value));
}

/** A server on a free port whose conduct each test sets; it keeps all requests it got. */
export async function startServer(handler: Handler, host = "127.0.0.1"): Promise<TestServer> {
  const seen: Seen[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("error", () => undefined);
    request.on("end", () => {
      const one: Seen = {
        method: request.method ?? "",
        url: request.url ?? "",
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
        at: performance.now(),
      };
      seen.push(one);
      void Promise.resolve(result.handler(one, response, request.socket)).catch((error: unknown) => {
        console.error(error);
        request.socket.destroy();
      });
    });
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
  });
  server.listen(0, host);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const result: TestServer = {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    port,
    seen,
    handler,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      if (server.listening) await once(server, "close");
    },
  };
  return result;
}
