import { createServer, request as forward, type IncomingMessage, type ServerResponse } from "node:http";
import { once } from "node:events";
import { connect, type AddressInfo, type Socket } from "node:net";
import { buffer } from "node:stream/consumers";

/** One way to misbehave. */
export type Behaviour =
  /** Answers by itself; nothing happens behind it. */
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body?: string;
    }
  /** Forwards after a while, and answers after another one unless the client is gone by then. */
  | { readonly kind: "latency"; readonly ms: number; readonly afterMs?: number }
  /** Takes the request and never answers. */
  | { readonly kind: "silence" }
  /** Ends the connection; the request was not forwarded. */
  | { readonly kind: "resetBefore" }
  /** Forwards, lets it take effect, and ends the connection in place of the answer. */
  | { readonly kind: "resetAfter" }
  /** Forwards, and answers with something else once it took effect. */
  | { readonly kind: "answerAfter"; readonly status: number; readonly body: string }
  /** Forwards, and answers with the first half of the JSON, as a whole HTTP message. */
  | { readonly kind: "cutJson" }
  /** Forwards, and ends the connection in the middle of the answer. */
  | { readonly kind: "cut"; readonly bytes: number }
  /** Forwards, and answers with a few bytes at a time for as long as the client is there. */
  | { readonly kind: "trickle"; readonly bytes: number; readonly everyMs: number }
  /** Forwards, lets it take effect, and leaves the connection to whoever says anything in place of the answer. */
  | { readonly kind: "raw"; readonly speak: (socket: Socket) => void };

export interface SeenRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export type Matcher = (request: SeenRequest) => boolean;

/** Requests of a method whose path ends so, the query left out. */
export function to(method: string, ending: string): Matcher {
  return (request) => request.method === method && (request.path.split("?")[0] ?? "").endsWith(ending);
}

interface Rule {
  readonly matches: Matcher;
  readonly behaviour: Behaviour;
  readonly once: boolean;
}

/** A server before another one, on 127.0.0.1, that passes everything on until it is told to misbehave. */
export class MisbehavingProxy {
  readonly requests: SeenRequest[] = [];
  /** Called when a request has come, when it has taken effect, and when its answer is on its way. */
  onStage: ((stage: "sent" | "effect" | "answered", request: SeenRequest) => void) | undefined;
  readonly #underWay = new Set<Promise<void>>();
  readonly #connections = new Set<Socket>();
  #rules: Rule[] = [];
  readonly #server = createServer((request, response) => {
    // A server behind it that is gone looks through it as it would without it.
    const serving = this.#serve(request, response)
      .catch(() => void response.destroy())
      .finally(() => this.#underWay.delete(serving));
    this.#underWay.add(serving);
  });
  #baseUrl = "";

  private constructor(private readonly target: URL) {}

  /** @param target the base URL of the server behind it */
  static async start(target: string): Promise<MisbehavingProxy> {
    const proxy = new MisbehavingProxy(new URL(target));
    proxy.#server.on("connection", (socket) => {
      proxy.#connections.add(socket);
      socket.once("close", () => proxy.#connections.delete(socket));
    });
    await new Promise<void>((resolve) => proxy.#server.listen(0, "127.0.0.1", resolve));
    proxy.#baseUrl = `http://127.0.0.1:${(proxy.#server.address() as AddressInfo).port}`;
    return proxy;
  }

  get baseUrl(): string {
    return this.#baseUrl;
  }

  /** Misbehaves at the next request that matches. */
  next(matches: Matcher, behaviour: Behaviour): void {
    this.#rules.push({ matches, behaviour, once: true });
  }

  /** Misbehaves at every request that matches. */
  always(matches: Matcher, behaviour: Behaviour): void {
    this.#rules.push({ matches, behaviour, once: false });
  }

  /** Behaves again, and forgets what it saw. */
  reset(): void {
    this.#rules = [];
    this.requests.length = 0;
  }

  /** How many requests matched. */
  count(matches: Matcher): number {
    return this.requests.filter(matches).length;
  }

  /** How many requests are under way, those of clients that are gone too. */
  get running(): number {
    return this.#underWay.size;
  }

  /**
   * For clients that have just been killed: waits until what they had sent has been seen, and what comes of it has come.
   * Their last bytes may still lie in the system's queues.
   */
  async settled(): Promise<void> {
    // Connections are taken in order: once this one has been, so have all before it.
    await once(
      connect(Number(new URL(this.#baseUrl).port), "127.0.0.1")
        .resume()
        .end(),
      "close",
    );
    await Promise.all([...this.#connections].map((socket) => once(socket, "close")));
    await Promise.all(this.#underWay);
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  #behaviour(seen: SeenRequest): Behaviour | undefined {
    const index = this.#rules.findIndex(({ matches }) => matches(seen));
    const rule = this.#rules[index];
    if (rule?.once === true) this.#rules.splice(index, 1);
    return rule?.behaviour;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const seen = {
      method: request.method ?? "",
      path: request.url ?? "",
      headers: request.headers,
      body: body.toString(),
    };
    this.requests.push(seen);
    this.onStage?.("sent", seen);
    const behaviour = this.#behaviour(seen);
    switch (behaviour?.kind) {
      case "answer":
        response.writeHead(behaviour.status, behaviour.headers).end(behaviour.body);
        return;
      case "silence":
        return;
      case "resetBefore":
        request.socket.resetAndDestroy();
        return;
      case "latency":
        await new Promise((resolve) => setTimeout(resolve, behaviour.ms));
        break;
      case "resetAfter":
      case "answerAfter":
      case "cutJson":
      case "cut":
      case "trickle":
      case "raw":
      case undefined:
        break;
    }
    const answer = await this.#forward(seen, body);
    const received = await buffer(answer);
    this.onStage?.("effect", seen);
    if (behaviour?.kind === "latency" && behaviour.afterMs !== undefined) {
      await untilEnd(response, behaviour.afterMs);
    }
    if (behaviour?.kind === "resetAfter") request.socket.resetAndDestroy();
    else if (behaviour?.kind === "raw") behaviour.speak(request.socket);
    else if (behaviour?.kind === "answerAfter")
      response.writeHead(behaviour.status, typeOf(behaviour.body)).end(behaviour.body);
    else if (behaviour?.kind === "cut") {
      const { "transfer-encoding": _chunked, ...headers } = answer.headers;
      response.writeHead(answer.statusCode ?? 0, { ...headers, "content-length": String(received.length) });
      response.write(received.subarray(0, behaviour.bytes), () => request.socket.resetAndDestroy());
    } else if (behaviour?.kind === "trickle") {
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      for (let at = 0; at < received.length && !response.closed; at += behaviour.bytes) {
        response.write(received.subarray(at, at + behaviour.bytes));
        await untilEnd(response, behaviour.everyMs);
      }
      response.end();
    } else {
      const { "transfer-encoding": _chunked, ...headers } = answer.headers;
      const sent = behaviour?.kind === "cutJson" ? received.subarray(0, Math.floor(received.length / 2)) : received;
      response.writeHead(answer.statusCode ?? 0, { ...headers, "content-length": String(sent.length) }).end(sent);
    }
    this.onStage?.("answered", seen);
  }

  #forward(seen: SeenRequest, body: Buffer): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const headers = { ...seen.headers, host: this.target.host };
      const sent = forward(new URL(seen.path, this.target), { method: seen.method, headers, agent: false }, resolve);
      sent.on("error", reject);
      sent.end(body);
    });
  }
}

/** Waits, but no longer than the client does. */
function untilEnd(response: ServerResponse, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    response.once("close", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** What a server says of such a body. */
function typeOf(body: string): Record<string, string> {
  return body === "" ? {} : { "content-type": body.startsWith("<") ? "text/html" : "application/json" };
}
