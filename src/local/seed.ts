import { randomBytes } from "node:crypto";
import { eventTypes, samplePayload } from "../core/events/catalogue";
import type { AttemptRecord, DeliveryRecord, WebhookRecord } from "./records";
import { signed } from "./sign";

const day = 86_400_000;
const hour = 3_600_000;
const deliveryCount = 500;
/** How many of the newest deliveries are pending. */
const waiting = 6;

/** Chance that is the same at each start, so that the demo account looks the same to everybody (mulberry32). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Plan {
  readonly url: string;
  readonly description?: string;
  readonly enabled: boolean;
  /** Share of deliveries that fail; undefined for one that was never triggered. */
  readonly failing: number | undefined;
  readonly ageDays: number;
}

const plans: readonly Plan[] = [
  {
    url: "https://billing.example.com/hooks/pacspace",
    description: "Billing",
    enabled: true,
    failing: 0.04,
    ageDays: 210,
  },
  {
    url: "https://ledger.example.net/webhooks/usage",
    description: "Ledger",
    enabled: true,
    failing: 0.1,
    ageDays: 160,
  },
  {
    url: "https://legacy.example.org/pacspace.php",
    description: "Legacy importer",
    enabled: true,
    failing: 0.85,
    ageDays: 400,
  },
  {
    url: "https://staging.example.com/api/webhooks/pacspace",
    description: "Staging",
    enabled: false,
    failing: 0.3,
    ageDays: 95,
  },
  {
    url: "http://127.0.0.1:3000/webhooks/pacspace",
    description: "My handler on this machine",
    enabled: true,
    failing: 0.25,
    ageDays: 12,
  },
  { url: "https://alerts.example.com/inbound/7f3a", enabled: true, failing: 0.15, ageDays: 60 },
  {
    url: "https://warehouse.example.net/events",
    description: "Warehouse",
    enabled: true,
    failing: undefined,
    ageDays: 1,
  },
];

/** The webhook whose secret nobody has any more: "secret missing" is a state too. */
const withoutSecret = "https://alerts.example.com/inbound/7f3a";

type Failure = Pick<AttemptRecord, "httpStatus" | "error" | "responseHeaders" | "responseBody" | "durationMs">;

const failures: readonly Failure[] = [
  { error: "No answer within 10 s", durationMs: 10_000 },
  { error: "ECONNREFUSED: connection refused", durationMs: 3 },
  {
    httpStatus: 500,
    responseHeaders: { "content-type": "text/html; charset=utf-8" },
    responseBody:
      "<!doctype html><html><head><title>500</title></head><body><h1>Internal Server Error</h1></body></html>",
    durationMs: 412,
  },
  {
    httpStatus: 401,
    responseHeaders: { "content-type": "application/json" },
    responseBody: '{"error":"invalid signature"}',
    durationMs: 38,
  },
  { httpStatus: 404, responseHeaders: { "content-type": "text/plain" }, responseBody: "no such route", durationMs: 21 },
  { error: "CERT_HAS_EXPIRED: certificate has expired", durationMs: 95 },
  {
    httpStatus: 413,
    responseHeaders: { "content-type": "application/json" },
    responseBody: '{"statusCode":413,"message":"request entity too large"}',
    durationMs: 17,
  },
];

const accepted = {
  httpStatus: 200,
  responseHeaders: { "content-type": "application/json" },
  responseBody: '{"received":true}',
};

export interface Seeded {
  readonly webhooks: readonly WebhookRecord[];
  readonly deliveries: readonly DeliveryRecord[];
  /** The secrets that the person behind the demo account has kept. */
  readonly secrets: readonly { readonly id: string; readonly secret: string }[];
}

/** The demo account: webhooks in every state, and 500 deliveries over 30 days. Secrets are fresh at each seeding. */
export function demoSeed(now: Date): Seeded {
  const random = chance(20260410);
  const hex = (digits: number): string =>
    Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join("");
  const webhooks: WebhookRecord[] = plans.map(({ url, description, enabled, ageDays }) => ({
    id: `webhook_${hex(24)}`,
    url,
    ...(description !== undefined && { description }),
    secret: `whsec_${randomBytes(24).toString("hex")}`,
    enabled,
    createdAt: new Date(now.getTime() - ageDays * day).toISOString(),
    successCount: 0,
    failureCount: 0,
  }));
  const deliveries = demoDeliveries(webhooks, now, random, hex);
  const counted = webhooks.map((webhook) => {
    const own = deliveries.filter(({ webhookId }) => webhookId === webhook.id);
    const last = own.at(-1)?.attempts.at(-1)?.startedAt;
    return {
      ...webhook,
      ...(last !== undefined && { lastTriggered: last }),
      successCount: own.filter(({ status }) => status === "delivered").length,
      failureCount: own.filter(({ status }) => status === "failed").length,
    };
  });
  const secrets = webhooks.filter(({ url }) => url !== withoutSecret).map(({ id, secret }) => ({ id, secret }));
  return { webhooks: counted, deliveries, secrets };
}

function demoDeliveries(
  webhooks: readonly WebhookRecord[],
  now: Date,
  random: () => number,
  hex: (digits: number) => string,
): readonly DeliveryRecord[] {
  const triggered = plans.flatMap((plan, index) => {
    const webhook = webhooks[index];
    return webhook === undefined || plan.failing === undefined ? [] : [{ plan, webhook, failing: plan.failing }];
  });
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  return Array.from({ length: deliveryCount }, (_, index): DeliveryRecord => {
    const age = 30 * day * (1 - (index + random()) / deliveryCount);
    const createdAt = new Date(now.getTime() - age);
    const young = triggered.filter(({ webhook }) => webhook.createdAt < createdAt.toISOString());
    const { webhook, failing } = pick(young);
    const event = index % 3 === 0 ? "delta.verified" : pick(eventTypes).name;
    const body = JSON.stringify(samplePayload(event, { now: createdAt, random }));
    const base = {
      id: `evt_${hex(20)}`,
      event,
      webhookId: webhook.id,
      endpoint: webhook.url,
      body,
      createdAt: createdAt.toISOString(),
    };
    const failed = random() < failing;
    const attempt = attempts(base, webhook.secret, createdAt);
    const why = pick(failures);
    // The newest failures are still on their way: their next attempt lies ahead.
    if (index >= deliveryCount - waiting) {
      const tries = [attempt(0, why)];
      const dueAt = new Date(now.getTime() + (index % 5) * hour + 12 * hour).toISOString();
      return { ...base, status: "pending", dueAt, attempts: index % 3 === 0 ? [] : tries };
    }
    if (failed) return { ...base, status: "failed", attempts: [0, 1, 2].map((number) => attempt(number, why)) };
    const recovered = random() < 0.12;
    const tries = recovered
      ? [attempt(0, why), attempt(1, { ...accepted, durationMs: 90 })]
      : [attempt(0, { ...accepted, durationMs: 20 + Math.floor(random() * 300) })];
    return { ...base, status: "delivered", deliveredAt: tries.at(-1)?.startedAt ?? base.createdAt, attempts: tries };
  });
}

/** Makes a delivery's attempts: at once, after a minute, after ten. */
function attempts(
  delivery: Pick<DeliveryRecord, "id" | "event" | "body">,
  secret: string,
  createdAt: Date,
): (number: number, outcome: Failure) => AttemptRecord {
  return (number, outcome) => {
    const startedAt = new Date(createdAt.getTime() + ([0, 60_000, 660_000][number] ?? 0));
    const timestamp = String(Math.floor(startedAt.getTime() / 1_000));
    return {
      number: number + 1,
      startedAt: startedAt.toISOString(),
      requestHeaders: {
        "Content-Type": "application/json",
        "User-Agent": "PacSpace-Webhooks/1.0",
        "X-PacSpace-Signature": `v1=${signed(secret, timestamp, delivery.body)}`,
        "X-PacSpace-Timestamp": timestamp,
        "X-Webhook-Event": delivery.event,
        "X-Event-ID": delivery.id,
      },
      ...outcome,
    };
  };
}
