import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { isErrorOfKind, isPacSpaceError } from "../core/errors";
import { post } from "../send/post";
import { isBeforeConnection } from "../send/postProblem";
import type { Answer, ProofRequest } from "./proofCase";
import { plainText } from "./report/plainText";

const excerptLength = 120;

/** Limits of one exchange. */
export interface ExchangeOptions {
  /** Milliseconds from the start until the answer's end; 0 is no limit. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Never shows up in an excerpt; not empty. */
  readonly secret: string;
}

/**
 * Sends one request over a connection of its own, headers as they are, redirects not followed.
 * @returns what came back; failures are answers too
 * @throws whatever the signal was aborted with
 */
export async function exchange(request: ProofRequest, options: ExchangeOptions): Promise<Answer> {
  const { signal, timeoutMs, secret } = options;
  if (request.pauseMs !== undefined) await sleep(request.pauseMs, undefined, { ...(signal && { signal }) });
  const { url, method, body } = request;
  const headers = [["User-Agent", "pacspace-webhook-proof"], ["Accept", "*/*"], ...request.headers] as const;
  const began = performance.now();
  try {
    const sent = { url: url.href, method, headers, body };
    const answer = await post(sent, { signal, timeoutMs, ownConnection: true });
    const text = Buffer.from(answer.body).toString("utf8").replaceAll(secret, "…");
    return {
      kind: "answered",
      status: answer.status,
      excerpt: plainText(text.slice(0, 4 * excerptLength)).slice(0, excerptLength),
      digest: createHash("sha256").update(answer.body).digest("hex"),
      durationMs: answer.durationMs,
    };
  } catch (error) {
    signal?.throwIfAborted();
    const durationMs = performance.now() - began;
    if (isErrorOfKind(error, "timeout")) return { kind: "timedOut", durationMs };
    if (!isPacSpaceError(error)) throw error;
    const { code = "no code", cause } = error;
    if (!isBeforeConnection(code)) return { kind: "broken", code, durationMs };
    return { kind: "unreachable", code, message: plainText((cause as Error).message), durationMs };
  }
}
