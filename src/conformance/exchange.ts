import { createHash } from "node:crypto";
import * as http from "node:http";
import * as https from "node:https";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { HeaderList } from "../core/model/headers";
import type { Answer, ProofRequest } from "./proofCase";
import { plainText } from "./report/plainText";

/** More of an answer is not read. */
const mostBytes = 64 * 1024;
const excerptLength = 120;
const probeMs = 2_000;

/** Codes of failures before a connection was there (Node's). */
const beforeConnection = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ERR_TLS_.*|.*CERT.*|EPROTO)$/;

/** Limits of one exchange. */
export interface ExchangeOptions {
  /** Milliseconds from the start until the answer's end; 0 is no limit. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Never shows up in an excerpt; not empty. */
  readonly secret: string;
}

function codeOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === "string" && code !== "" ? code : "no code";
}

/** Everything that goes out is written here: given a list, node:http adds no header of its own. */
function allHeaders({ url, method, headers, body }: ProofRequest): HeaderList {
  return [
    ["Host", url.host],
    ["User-Agent", "pacspace-webhook-proof"],
    ["Accept", "*/*"],
    ["Connection", "close"],
    ...headers,
    ...(method === "POST" ? [["Content-Length", String(body.length)] as const] : []),
  ];
}

/**
 * Reads an answer to its end, or as much of it as is looked at.
 * @throws what the connection ends with
 */
async function readStart(answer: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= mostBytes) break;
  }
  return Buffer.concat(chunks);
}

/**
 * Sends one request over a connection of its own, headers as they are, redirects not followed.
 * @returns what came back; failures are answers too
 * @throws whatever the signal was aborted with
 */
export async function exchange(request: ProofRequest, options: ExchangeOptions): Promise<Answer> {
  const { signal, timeoutMs, secret } = options;
  if (request.pauseMs !== undefined) await sleep(request.pauseMs, undefined, { ...(signal && { signal }) });
  signal?.throwIfAborted();
  const { url, method, body } = request;
  const limit = timeoutMs > 0 ? AbortSignal.timeout(timeoutMs) : undefined;
  const signals = [limit, signal].filter((each) => each !== undefined);
  const began = performance.now();
  const durationMs = (): number => performance.now() - began;
  try {
    const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
      const outgoing = (url.protocol === "https:" ? https : http).request(url, {
        method,
        headers: allHeaders(request).flat(),
        agent: false,
        signal: AbortSignal.any(signals),
      });
      outgoing.on("response", resolve);
      outgoing.on("error", reject);
      outgoing.end(body);
    });
    const start = await readStart(answer);
    const text = start.toString("utf8").replaceAll(secret, "…");
    return {
      kind: "answered",
      status: answer.statusCode ?? 0,
      excerpt: plainText(text.slice(0, 4 * excerptLength)).slice(0, excerptLength),
      digest: createHash("sha256").update(start).digest("hex"),
      durationMs: durationMs(),
    };
  } catch (error) {
    signal?.throwIfAborted();
    if (limit?.aborted === true) return { kind: "timedOut", durationMs: durationMs() };
    const code = codeOf(error);
    if (!beforeConnection.test(code)) return { kind: "broken", code, durationMs: durationMs() };
    return { kind: "unreachable", code, message: plainText((error as Error).message), durationMs: durationMs() };
  }
}

/** Whether something takes connections where a URL points. */
export async function takesConnections(url: URL): Promise<boolean> {
  const port = Number(url.port) || (url.protocol === "https:" ? 443 : 80);
  return new Promise((resolve) => {
    const socket = connect({ host: url.hostname.replace(/^\[|\]$/g, ""), port, timeout: probeMs });
    const end = (is: boolean) => () => {
      socket.destroy();
      resolve(is);
    };
    // One that is too busy to take it in time is not dead.
    socket.on("connect", end(true)).on("timeout", end(true)).on("error", end(false));
  });
}
