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

export interface PostOptions {
  readonly secret: string;
  readonly now: () => Date;
  readonly timeoutMs: number;
  /** Origins that stand for others: a public one for a server on this machine. */
  readonly endpoints: Readonly<Record<string, string>>;
}

/** Sends one attempt of a delivery, signed; what comes of it is always a record, never an exception. */
export async function post(delivery: DeliveryRecord, options: PostOptions): Promise<AttemptRecord> {
  const started = options.now();
  const begun = performance.now();
  const timestamp = String(Math.floor(started.getTime() / 1_000));
  const body = Buffer.from(delivery.body, "utf8");
  const requestHeaders = {
    "Content-Type": "application/json",
    "User-Agent": "PacSpace-Webhooks/1.0",
    "X-PacSpace-Signature": `v1=${signed(options.secret, timestamp, delivery.body)}`,
    "X-PacSpace-Timestamp": timestamp,
    "X-Webhook-Event": delivery.event,
    "X-Event-ID": delivery.id,
  };
  const outcome = await exchange(delivery.endpoint, requestHeaders, body, options).catch((error: unknown) => ({
    error: words(error, options.timeoutMs),
  }));
  return {
    number: delivery.attempts.length + 1,
    startedAt: started.toISOString(),
    durationMs: Math.round(performance.now() - begun),
    requestHeaders,
    ...outcome,
  };
}

function words(error: unknown, timeoutMs: number): string {
  const { code, message, name } = error as NodeJS.ErrnoException;
  if (name === "TimeoutError" || name === "AbortError") return `No answer within ${timeoutMs / 1_000} s`;
  return code === undefined || message.includes(code) ? message : `${code}: ${message}`;
}

type Outcome = Pick<AttemptRecord, "httpStatus" | "error" | "responseHeaders" | "responseBody">;

async function exchange(
  endpoint: string,
  headers: Readonly<Record<string, string>>,
  body: Buffer,
  { timeoutMs, endpoints }: PostOptions,
): Promise<Outcome> {
  const asked = new URL(endpoint);
  const mapped = endpoints[asked.origin];
  const url = mapped === undefined ? asked : new URL(asked.pathname + asked.search, mapped);
  const { address, family } = await lookup(url.hostname.replace(/^\[|\]$/g, "")).catch(() => ({
    address: "",
    family: 4,
  }));
  // The address that was checked is the one that is connected to: a name can't change its mind in between.
  if (!isLoopbackAddress(address)) {
    throw new Error(`Local PacSpace delivers to this machine only, and ${url.hostname} is not on it`);
  }
  const signal = AbortSignal.timeout(timeoutMs);
  const { request } = url.protocol === "https:" ? https : http;
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: "POST",
        headers: { ...headers, Host: asked.host, "Content-Length": body.length },
        signal,
        family,
        lookup: (_name, options, done) => {
          if (options.all === true) (done as (error: null, all: object[]) => void)(null, [{ address, family }]);
          else done(null, address, family);
        },
      },
      (answer) => void readAnswer(answer).then(resolve, reject),
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

async function readAnswer(answer: http.IncomingMessage): Promise<Outcome> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk.subarray(0, keptBytes - bytes));
    bytes += chunk.length;
    // The rest of a long answer is not waited for.
    if (bytes >= keptBytes) break;
  }
  const status = answer.statusCode ?? 0;
  const redirected =
    status >= 300 && status < 400 ? { error: "The endpoint answered with a redirect, which is not followed" } : {};
  return {
    httpStatus: status,
    responseHeaders: Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, String(value)])),
    responseBody: Buffer.concat(chunks).toString("utf8"),
    ...redirected,
  };
}
