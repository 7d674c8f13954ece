import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";

/** What a proxy does when it is asked for a tunnel: makes it, never answers, answers 502, or makes it and hangs up. */
export type Conduct = "tunnel" | "silent" | "refuse" | "hangUp";

export interface ConnectProxyOptions {
  /** Value of `Proxy-Authorization` without which it refuses. */
  readonly password?: string;
  /** Names that stand for this machine. */
  readonly names?: readonly string[];
}

/** A proxy on 127.0.0.1 that makes tunnels (CONNECT) and keeps what it was asked. */
export class ConnectProxy {
  readonly asked: { readonly target: string; readonly headers: IncomingHttpHeaders }[] = [];
  conduct: Conduct = "tunnel";
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;

  private constructor(private readonly options: ConnectProxyOptions) {
    this.#server = createServer((_request, response) => response.writeHead(501).end());
    this.#server.on("connection", (socket: Socket) => this.#keep(socket));
    this.#server.on("connect", (request, socket: Socket) => this.#connect(request, socket));
  }

  static async start(options: ConnectProxyOptions = {}): Promise<ConnectProxy> {
    const proxy = new ConnectProxy(options);
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Hangs up on everybody, and goes on listening. */
  drop(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }

  close(): void {
    this.drop();
    this.#server.close();
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => undefined);
  }

  #connect(request: IncomingMessage, socket: Socket): void {
    this.asked.push({ target: request.url ?? "", headers: request.headers });
    const { password, names = [] } = this.options;
    if (password !== undefined && request.headers["proxy-authorization"] !== password) {
      socket.end("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n");
      return;
    }
    if (this.conduct === "silent") return;
    if (this.conduct === "refuse") return void socket.end("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n");
    const [host = "", port = ""] = (request.url ?? "").split(":");
    const target = connect(Number(port), names.includes(host) ? "127.0.0.1" : host, () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      if (this.conduct === "hangUp") socket.destroy();
    });
    this.#keep(target);
    target.on("error", () => socket.destroy());
    socket.on("close", () => target.destroy());
    socket.pipe(target).pipe(socket);
  }
}
