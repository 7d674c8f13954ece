import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { buffer } from "node:stream/consumers";
import { demoAccount } from "../../../src/local/demoAccount";

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON. */
  readonly json: ReturnType<typeof JSON.parse>;
}

/** A webhook as the API sends it. */
export interface WebhookRow {
  readonly id: string;
  readonly url: string;
  readonly description?: string;
  readonly enabled: boolean;
  readonly lastTriggered?: string;
  readonly successCount: number;
  readonly failureCount: number;
}

export interface AttemptRow {
  readonly number: number;
  readonly startedAt: string;
  readonly httpStatus: number | null;
}

/** A delivery as the API sends it. */
export interface DeliveryRow {
  readonly id: string;
  readonly event: string;
  readonly webhookId: string;
  readonly status: string;
  readonly createdAt: string;
  readonly deliveredAt: string | null;
  readonly attempts: number;
  readonly httpStatus: number | null;
  readonly error: string | null;
  readonly attemptLog: readonly AttemptRow[];
}

export interface Asked {
  readonly body?: unknown;
  /** Sent as it is, in place of a JSON body. */
  readonly raw?: string | Buffer;
  readonly headers?: http.OutgoingHttpHeaders;
}

/** Sends a request over a connection of its own, with no header but those that are given. */
export async function send(baseUrl: string, method: string, route: string, asked: Asked = {}): Promise<Answer> {
  const body = asked.raw ?? (asked.body === undefined ? undefined : JSON.stringify(asked.body));
  const headers = { ...(asked.body !== undefined && { "content-type": "application/json" }), ...asked.headers };
  const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
    const sent = http.request(new URL(route, baseUrl), { method, headers, agent: false }, resolve);
    sent.on("error", reject);
    sent.end(body);
  });
  const text = (await buffer(answer)).toString("utf8");
  const isJson = text !== "" && (answer.headers["content-type"] ?? "").startsWith("application/json");
  return { status: answer.statusCode ?? 0, headers: answer.headers, text, json: isJson ? JSON.parse(text) : undefined };
}

/** The name=value of the session that an answer sets. */
export function cookieOf(answer: Answer): string {
  const [first = ""] = answer.headers["set-cookie"] ?? [];
  return first.split(";")[0] ?? "";
}

/** A session at Local PacSpace. */
export interface Client {
  readonly cookie: string;
  call(method: string, route: string, asked?: Asked): Promise<Answer>;
}

export async function signIn(baseUrl: string): Promise<Client> {
  const answer = await send(baseUrl, "POST", "/dashboard/auth/login", { body: demoAccount });
  if (answer.status !== 200) throw new Error(`Login answered ${answer.status}: ${answer.text}`);
  const cookie = cookieOf(answer);
  return {
    cookie,
    call: (method, route, asked = {}) =>
      send(baseUrl, method, `/dashboard/webhooks${route}`, {
        ...asked,
        headers: { cookie, "x-pacspace-csrf": "1", ...asked.headers },
      }),
  };
}

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Receiver {
  readonly url: string;
  readonly received: Received[];
  /** Answers; 200 "OK" unless it is replaced. */
  handle: (request: Received, response: http.ServerResponse) => void;
  close(): Promise<void>;
}

/** An endpoint on this machine. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const server = http.createServer((request, response) => {
    void buffer(request).then((body) => {
      const seen = { method: request.method ?? "", path: request.url ?? "", headers: request.headers, body };
      received.push(seen);
      receiver.handle(seen, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    handle: (_request, response) => void response.end("OK"),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
}

/** A directory for one test, and how to remove it. */
export async function temporaryDirectory(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const directory = await mkdtemp(path.join(tmpdir(), "local-pacspace-"));
  return { path: directory, remove: () => rm(directory, { recursive: true, force: true }) };
}
