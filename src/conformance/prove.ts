import { setTimeout as sleep } from "node:timers/promises";
import { PacSpaceError } from "../core/errors";
import { takesConnections } from "../send/reach";
import { readTargetUrl } from "../send/targetUrl";
import { DeliveryMaker } from "./deliveryMaker";
import { exchange, type ExchangeOptions } from "./exchange";
import type { Exchange, Judgement, ProofCase } from "./proofCase";

/** Time that a handler has for an answer when no other is given: PacSpace's own. */
const usualTimeoutMs = 10_000;
/** A process that dies closes its connections first and takes new ones for a moment yet. */
const dyingMs = 1_000;
const lookEveryMs = 100;

export interface ProofOptions {
  /** The running handler's, http or https. */
  readonly url: string;
  /** The secret that the handler was given, whole. */
  readonly secret: string;
  /** The cases to run, in order. */
  readonly cases: readonly ProofCase[];
  /** Answers a GET with something that changes when an event is handled, such as a count. */
  readonly checkUrl?: string | undefined;
  /** Milliseconds for each answer, 10,000 when not given; 0 is no limit, for a handler under a debugger. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What became of one case. `notRun`: the handler had died by then. */
export interface CaseResult {
  readonly id: string;
  readonly title: string;
  readonly outcome: "passed" | "told" | "failed" | "notRun";
  /** What the handler did, in sentences; text that the handler sent is in it, without control characters. */
  readonly did: string;
  /** What it should do; with a failed case only. */
  readonly should?: string;
  /** How to mend it; with a failed case only. */
  readonly fix?: string;
  readonly durationMs: number;
}

/** Sends a case's requests, one after the other, until one finds no connection or no answer. */
async function exchangesOf(
  proofCase: ProofCase,
  make: DeliveryMaker,
  options: ExchangeOptions,
): Promise<readonly Exchange[]> {
  const exchanges: Exchange[] = [];
  for (const request of proofCase.requests(make)) {
    const answer = await exchange(request, options);
    exchanges.push({ request, answer });
    // A check URL says nothing of the handler.
    const isLost = answer.kind === "unreachable" || answer.kind === "timedOut";
    if (isLost && request.url !== make.checkUrl) break;
  }
  return exchanges;
}

/** Whether the handler takes connections after a case; one that cut a connection is watched for a while. */
async function isAlive(url: URL, exchanges: readonly Exchange[]): Promise<boolean> {
  const watched = exchanges.some(({ answer }) => answer.kind === "broken");
  const until = performance.now() + (watched ? dyingMs : 0);
  for (;;) {
    if (!(await takesConnections(url))) return false;
    if (performance.now() >= until) return true;
    await sleep(lookEveryMs);
  }
}

function diedOf(judgement: Judgement): Judgement {
  return {
    outcome: "failed",
    did: `${judgement.did} After that it took no more connections: it has crashed.`,
    should: "It should stay alive whatever is sent to it.",
    fix:
      judgement.outcome === "failed"
        ? judgement.fix
        : "Look for the exception in the handler's log, and answer 4xx where it is thrown.",
  };
}

/** The judgement of a case whose first request found nothing listening: an earlier case is to blame. */
function diedBefore(title: string): Judgement {
  return {
    outcome: "failed",
    did: `The handler took no connection: it died after “${title}”.`,
    should: "It should stay alive whatever is sent to it.",
    fix: "Look for the exception in the handler's log, and answer 4xx where it is thrown.",
  };
}

/**
 * Runs cases against a running handler, one after the other, and yields each result as it is known. When the handler
 * dies, the case that it died of fails, the rest is not run, and the closing case names that case.
 * @throws PacSpaceError `invalid` for a URL or secret that can't be used; `network` when nothing answers at the URL from
 *   the start; `cancelled` when the signal is aborted
 */
export async function* proveHandler(options: ProofOptions): AsyncGenerator<CaseResult, void, undefined> {
  const { secret, signal, timeoutMs = usualTimeoutMs } = options;
  const url = readTargetUrl(options.url, "The handler's URL");
  const checkUrl = options.checkUrl === undefined ? undefined : readTargetUrl(options.checkUrl, "The check URL");
  const make = new DeliveryMaker(url, secret, checkUrl);
  let before: string | undefined;
  let diedAfter: string | undefined;
  for (const proofCase of options.cases) {
    const { id, title } = proofCase;
    const began = performance.now();
    const result = ({ outcome, ...words }: Omit<CaseResult, "id" | "title" | "durationMs">): CaseResult => ({
      id,
      title,
      outcome,
      ...words,
      durationMs: performance.now() - began,
    });
    if (diedAfter !== undefined) {
      yield proofCase.closing === true
        ? result(diedBefore(diedAfter))
        : result({ outcome: "notRun", did: `Not run: the handler had died after “${diedAfter}”.` });
      continue;
    }
    const exchanges = await exchangesOf(proofCase, make, { timeoutMs, signal, secret }).catch((error: unknown) => {
      if (signal?.aborted !== true) throw error;
      throw new PacSpaceError("cancelled", "The proof was cancelled.", { cause: error });
    });
    const first = exchanges.find(({ request }) => request.url === url)?.answer;
    if (first?.kind === "unreachable") {
      if (before === undefined) throw unreachable(url, first.code, first.message);
      diedAfter = before;
      yield result(diedBefore(before));
    } else {
      const judgement = proofCase.judge(exchanges);
      const alive = await isAlive(url, exchanges);
      if (!alive) diedAfter = title;
      yield result(alive ? judgement : diedOf(judgement));
    }
    before = title;
  }
}

function unreachable(url: URL, code: string, message: string): PacSpaceError {
  const advice = /CERT|TLS|EPROTO/.test(code)
    ? "Let Node trust its certificate by NODE_EXTRA_CA_CERTS, or use http on this machine."
    : "Start the handler first, and check the URL's host and port.";
  return new PacSpaceError("network", `Nothing can be reached at ${url.origin} (${code}: ${message}). ${advice}`, {
    code,
  });
}
