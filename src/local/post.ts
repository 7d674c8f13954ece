import { lookup } from "node:dns/promises";
import * as http from "node:http";
import * as https from "node:https";
import type { AttemptRecord, DeliveryRecord } from "./records";
import { signed } from "./sign";

const keptBytes = 64 * 1024;

/** 127.0.0.0/8 and ::1, an address mapped into IPv6 included. */
function isLoopbackAddress(address: string): boolean {
  return /^(::ffff:)?127(\.\d{1,3}){3}$/.test(address) || address === "::1";
}

/** Names that belong to nobody (RFC 2606, RFC 6761): the network need not be asked for them. */
function isReservedName(hostname: string): boolean {
  return /(^|\.)(example|invalid|example\.(com|net|org))\.?$/.test(hostname);
}

export interface PostOptions {
  readonly secret: string;
  readonly now: () => Date;
  readonly timeoutMs: number;
  /** Origins that stand for others: a public one for a server on this machine. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** Breaks the attempt off. */
  readonly signal: AbortSignal;
}

/**
 * Sends one attempt of a delivery, signed, to this machine only.
 * @returns what came of it, whatever that is: a record, never an exception
 */
export async function post(delivery: DeliveryRecord, options: PostOptions): Promise<AttemptRecord> {
  const started = options.now();
  const begun = performance.now();
  const timestamp = String(Math.floor(started.getTime() / 1_000));
  const requestHeaders = {
    "Content-Type": "application/json",
    "User-Agent": "PacSpace-Webhooks/1.0",
    "X-PacSpace-Signature": `v1=${signed(options.secret, timestamp, delivery.body)}`,
    "X-PacSpace-Timestamp": timestamp,
    "X-Webhook-Event": delivery.event,
    "X-Event-ID": delivery.id,
  };
  const outcome: Outcome = {};
  const body = Buffer.from(delivery.body, "utf8");
  const limit = new AbortController();
  try {
    await withLimit(limit, options, async () => {
      const target = await targetOf(delivery.endpoint, options.endpoints);
      if (!limit.signal.aborted) await exchange(target, requestHeaders, body, limit.signal, outcome);
    });
  } catch (error) {
    outcome.error = limit.signal.aborted ? `No whole answer within ${options.timeoutMs / 1_000} s` : words(error);
  }
  return {
    number: delivery.attempts.length + 1,
    startedAt: started.toISOString(),
    durationMs: Math.round(performance.now() - begun),
    requestHeaders,
    ...outcome,
  };
}

type Outcome = {
  -readonly [
    Key in keyof Pick<AttemptRecord, "httpStatus" | "error" | "responseHeaders" | "responseBody">
  ]: AttemptRecord[Key];
};

interface Target {
  readonly url: URL;
  /** The Host header: the endpoint's own name, where another address stands for it too. */
  readonly host: string;
  readonly addresses: readonly Address[];
}

interface Address {
  readonly address: string;
  readonly family: number;
}

/** Both, whatever the machine's own table says (RFC 6761): a handler may listen on either one alone. */
const localhost: readonly Address[] = [
  { address: "127.0.0.1", family: 4 },
  { address: "::1", family: 6 },
];

function words(error: unknown): string {
  // Several addresses were tried, and the error as a whole has no words.
  if (error instanceof AggregateError) return error.errors.map(words).join("; ");
  if (!(error instanceof Error)) return String(error);
  const { code, message } = error as NodeJS.ErrnoException;
  return code === undefined || message.includes(code) ? message : `${code}: ${message}`;
}

/**
 * Does something until the time is up or the server ends, and rejects then at once, whether or not it can be cancelled.
 * The timer holds on to what it stops: Node 20 may collect a signal of AbortSignal.any, and the limit with it.
 */
function withLimit(limit: AbortController, options: PostOptions, work: () => Promise<void>): Promise<void> {
  const { timeoutMs, signal } = options;
  return new Promise<void>((resolve, reject) => {
    const stop = (): void => {
      limit.abort();
      reject(new Error("aborted"));
    };
    const timer = setTimeout(stop, timeoutMs);
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    work()
      .then(resolve, reject)
      .finally(() => {
        clearTimeout(timer);
        signal.removeEventListener("abort", stop);
      });
  });
}

async function targetOf(endpoint: string, endpoints: Readonly<Record<string, string>>): Promise<Target> {
  const asked = new URL(endpoint);
  const mapped = Object.hasOwn(endpoints, asked.origin) ? endpoints[asked.origin] : undefined;
  const url = mapped === undefined ? asked : new URL(mapped);
  // Set and not resolved: a path that begins with two slashes would name another host.
  if (url !== asked) Object.assign(url, { pathname: asked.pathname, search: asked.search });
  const name = url.hostname.replace(/^\[|\]$/g, "");
  const refuse = (): never => {
    throw new Error(`Local PacSpace delivers to this machine only, and ${url.hostname} is not on it`);
  };
  if (name === "localhost") return { url, host: asked.host, addresses: localhost };
  const found = isReservedName(name) ? refuse() : await lookup(name, { all: true }).catch(refuse);
  const addresses = found.filter(({ address }) => isLoopbackAddress(address));
  return addresses.length === 0 ? refuse() : { url, host: asked.host, addresses };
}

function exchange(
  { url, host, addresses }: Target,
  headers: Readonly<Record<string, string>>,
  body: Buffer,
  signal: AbortSignal,
  outcome: Outcome,
): Promise<void> {
  const { request } = url.protocol === "https:" ? https : http;
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: "POST",
        headers: { ...headers, Host: host, "Content-Length": body.length },
        agent: false,
        signal,
        // The addresses that were checked are those that are connected to: a name can't change its mind in between.
        lookup: (_name, { all }, done) => {
          if (all === true) (done as (error: null, all: readonly Address[]) => void)(null, addresses);
          else done(null, addresses[0]?.address ?? "", addresses[0]?.family);
        },
      },
      (answer) => void readAnswer(answer, outcome).then(resolve, reject),
    );
    sent.on("error", reject);
    // Without this nothing would tell that the endpoint changed the protocol.
    sent.on("upgrade", (answer, socket) => {
      socket.destroy();
      readHead(answer, outcome);
      resolve();
    });
    sent.end(body);
  });
}

function readHead(answer: http.IncomingMessage, outcome: Outcome): void {
  const status = answer.statusCode ?? 0;
  outcome.httpStatus = status;
  outcome.responseHeaders = Object.fromEntries(
    Object.entries(answer.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : String(value),
    ]),
  );
  if (status >= 300 && status < 400) outcome.error = "The endpoint answered with a redirect, which is not followed";
}

/** Takes over status, headers and the beginning of the body; what came before a failure counts too. */
async function readAnswer(answer: http.IncomingMessage, outcome: Outcome): Promise<void> {
  readHead(answer, outcome);
  // A character that the limit cuts in two is left out.
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let bytes = 0;
  outcome.responseBody = "";
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    outcome.responseBody += decoder.decode(chunk.subarray(0, keptBytes - bytes), { stream: true });
    bytes += chunk.length;
    // The rest of a long answer is not waited for.
    if (bytes >= keptBytes) return;
  }
  outcome.responseBody += decoder.decode();
}
