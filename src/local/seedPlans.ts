import type { AttemptRecord } from "./records";

export type Outcome = Pick<AttemptRecord, "httpStatus" | "error" | "responseHeaders" | "responseBody" | "durationMs">;

const failures = {
  timeout: { error: "No whole answer within 10 s", durationMs: 10_000 },
  refused: { error: "connect ECONNREFUSED 127.0.0.1:3000", durationMs: 3 },
  crash: {
    httpStatus: 500,
    responseHeaders: { "content-type": "text/html; charset=utf-8" },
    responseBody:
      "<!doctype html><html><head><title>500</title></head><body><h1>Internal Server Error</h1></body></html>",
    durationMs: 412,
  },
  badSignature: {
    httpStatus: 401,
    responseHeaders: { "content-type": "application/json" },
    responseBody: '{"error":"invalid signature"}',
    durationMs: 38,
  },
  noRoute: {
    httpStatus: 404,
    responseHeaders: { "content-type": "text/plain" },
    responseBody: "no such route",
    durationMs: 21,
  },
  certificate: { error: "CERT_HAS_EXPIRED: certificate has expired", durationMs: 95 },
  tooLarge: {
    httpStatus: 413,
    responseHeaders: { "content-type": "application/json" },
    responseBody: '{"statusCode":413,"message":"request entity too large"}',
    durationMs: 17,
  },
} satisfies Readonly<Record<string, Outcome>>;

/** What an endpoint answers that takes a delivery. */
export const accepted: Omit<Outcome, "durationMs"> = {
  httpStatus: 200,
  responseHeaders: { "content-type": "application/json" },
  responseBody: '{"received":true}',
};

/** A webhook of the demo account. */
export interface Plan {
  readonly url: string;
  readonly description?: string;
  readonly enabled: boolean;
  readonly ageDays: number;
  /** Share of deliveries that fail, and how they do; absent for a webhook that was never triggered. */
  readonly failing?: { readonly share: number; readonly by: readonly [Outcome, ...Outcome[]] };
  /** Set where nobody has the secret any more: "secret missing" is a state too. */
  readonly secretLost?: true;
}

/** Hosts that belong to nobody (RFC 2606), and one on this machine. Oldest first. */
export const plans: readonly Plan[] = [
  {
    url: "https://legacy.example.org/pacspace.php",
    description: "Legacy importer",
    enabled: true,
    ageDays: 400,
    failing: { share: 0.85, by: [failures.crash, failures.certificate, failures.timeout] },
  },
  {
    url: "https://audit.example.org/pacspace",
    description: "Prüfarchiv (監査)",
    enabled: false,
    ageDays: 300,
  },
  {
    url: "https://billing.example.com/hooks/pacspace",
    description: "Billing",
    enabled: true,
    ageDays: 210,
    failing: { share: 0.04, by: [failures.timeout, failures.crash] },
  },
  {
    url: "https://ledger.example.net/webhooks/usage",
    description: "Ledger",
    enabled: true,
    ageDays: 160,
    failing: { share: 0.1, by: [failures.timeout, failures.tooLarge] },
  },
  {
    url: "https://staging.example.com/api/webhooks/pacspace",
    description: "Staging",
    enabled: false,
    ageDays: 95,
    failing: { share: 0.3, by: [failures.badSignature, failures.noRoute] },
  },
  {
    url: "https://alerts.example.com/inbound/7f3a",
    enabled: true,
    ageDays: 60,
    failing: { share: 0.15, by: [failures.badSignature, failures.timeout] },
    secretLost: true,
  },
  {
    url: "http://127.0.0.1:3000/webhooks/pacspace",
    description: "My handler on this machine",
    enabled: true,
    ageDays: 12,
    failing: { share: 0.25, by: [failures.refused, failures.crash] },
  },
  { url: "https://warehouse.example.net/events", description: "Warehouse", enabled: true, ageDays: 1 },
];
