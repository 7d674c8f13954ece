import { randomBytes } from "node:crypto";
import { eventTypes, samplePayload } from "../core/events/catalogue";
import type { AttemptRecord, DeliveryRecord, WebhookRecord } from "./records";
import { accepted, plans, type Outcome } from "./seedPlans";
import { signed } from "./sign";

const day = 86_400_000;
const hour = 3_600_000;
const deliveryCount = 500;
/** How many of the newest deliveries are pending. */
const waiting = 6;

export interface Seeded {
  readonly webhooks: readonly WebhookRecord[];
  /** Oldest first. */
  readonly deliveries: readonly DeliveryRecord[];
  /** The secrets that the person behind the demo account has kept. */
  readonly secrets: readonly { readonly id: string; readonly secret: string }[];
}

/** Chance that is the same at each start, so that the demo account looks the same to everybody (mulberry32). */
class Chance {
  constructor(private state: number) {}

  /** From 0 up to 1. */
  readonly next = (): number => {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };

  hex(digits: number): string {
    return Array.from({ length: digits }, () => Math.floor(this.next() * 16).toString(16)).join("");
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.next() * items.length)] as T;
  }
}

/**
 * The demo account: webhooks in every state, and 500 deliveries over the 30 days before now. Ids and outcomes are the
 * same each time; secrets are fresh.
 */
export function demoSeed(now: Date): Seeded {
  const chance = new Chance(20260410);
  const webhooks: WebhookRecord[] = plans.map(({ url, description, enabled, ageDays }) => ({
    id: `webhook_${chance.hex(24)}`,
    url,
    ...(description !== undefined && { description }),
    secret: `whsec_${randomBytes(24).toString("hex")}`,
    enabled,
    createdAt: new Date(now.getTime() - ageDays * day).toISOString(),
    successCount: 0,
    failureCount: 0,
  }));
  const deliveries = demoDeliveries(webhooks, now, chance);
  const counted = webhooks.map((webhook) => {
    const own = deliveries.filter(({ webhookId }) => webhookId === webhook.id);
    const last = own.flatMap(({ attempts }) => attempts.map(({ startedAt }) => startedAt)).sort();
    return {
      ...webhook,
      ...(last.length > 0 && { lastTriggered: last.at(-1) ?? "" }),
      successCount: own.filter(({ status }) => status === "delivered").length,
      failureCount: own.filter(({ status }) => status === "failed").length,
    };
  });
  const kept = webhooks.filter((_, index) => plans[index]?.secretLost !== true);
  return { webhooks: counted, deliveries, secrets: kept.map(({ id, secret }) => ({ id, secret })) };
}

interface Sent {
  readonly id: string;
  readonly event: string;
  readonly body: string;
  readonly createdAt: string;
}

function demoDeliveries(webhooks: readonly WebhookRecord[], now: Date, chance: Chance): readonly DeliveryRecord[] {
  const triggered = plans.flatMap(({ failing }, index) => {
    const webhook = webhooks[index];
    return webhook === undefined || failing === undefined ? [] : [{ webhook, failing }];
  });
  const deliveries: DeliveryRecord[] = [];
  let sent: Sent | undefined;
  let before: WebhookRecord | undefined;
  for (let index = 0; index < deliveryCount; index++) {
    const createdAt = new Date(now.getTime() - 30 * day * (1 - (index + chance.next()) / deliveryCount));
    // Now and then an event goes to a second webhook, under the same id.
    const repeated: Sent | undefined = chance.next() < 0.1 ? sent : undefined;
    const other = repeated === undefined ? undefined : before;
    sent = repeated ?? newEvent(index, createdAt, chance);
    const { createdAt: since } = sent;
    const { webhook, failing } = chance.pick(
      triggered.filter((candidate) => candidate.webhook !== other && candidate.webhook.createdAt < since),
    );
    before = webhook;
    const why = chance.pick(failing.by);
    const delivery = { ...sent, webhookId: webhook.id, endpoint: webhook.url };
    const failed = chance.next() < failing.share;
    deliveries.push(
      index < deliveryCount - waiting
        ? settled(delivery, webhook.secret, failed ? why : undefined, chance)
        : pending(delivery, webhook.secret, why, new Date(now.getTime() + 12 * hour + (index % 5) * hour)),
    );
  }
  return deliveries;
}

function newEvent(index: number, createdAt: Date, chance: Chance): Sent {
  const event = index % 3 === 0 ? "delta.verified" : chance.pick(eventTypes).name;
  return {
    id: `evt_${chance.hex(20)}`,
    event,
    body: JSON.stringify(samplePayload(event, { now: createdAt, random: chance.next })),
    createdAt: createdAt.toISOString(),
  };
}

type Addressed = Sent & Pick<DeliveryRecord, "webhookId" | "endpoint">;

/** A delivery that has come to its end: failed three times for a reason, or got through, at times at the second try. */
function settled(delivery: Addressed, secret: string, why: Outcome | undefined, chance: Chance): DeliveryRecord {
  const made = (number: number, outcome: Outcome): AttemptRecord => attempt(delivery, secret, number, outcome);
  if (why !== undefined) {
    return { ...delivery, status: "failed", attempts: [made(0, why), made(1, why), made(2, why)] };
  }
  const success: Outcome = { ...accepted, durationMs: 20 + Math.floor(chance.next() * 300) };
  const recovered = chance.next() < 0.12;
  const busy: Outcome = {
    httpStatus: 503,
    responseHeaders: { "content-type": "text/plain", "retry-after": "30" },
    responseBody: "deploying",
    durationMs: 12,
  };
  const attempts = recovered ? [made(0, busy), made(1, success)] : [made(0, success)];
  const last = attempts.at(-1);
  const deliveredAt = new Date(Date.parse(last?.startedAt ?? delivery.createdAt) + success.durationMs).toISOString();
  return { ...delivery, status: "delivered", deliveredAt, attempts };
}

/** A delivery that failed once, and whose next attempt lies ahead. */
function pending(delivery: Addressed, secret: string, why: Outcome, dueAt: Date): DeliveryRecord {
  return {
    ...delivery,
    status: "pending",
    dueAt: dueAt.toISOString(),
    attempts: [attempt(delivery, secret, 0, why)],
  };
}

/** Attempts are made at once, after a minute, and ten minutes later. */
const delays: readonly number[] = [0, 60_000, 660_000];

function attempt(delivery: Addressed, secret: string, number: number, outcome: Outcome): AttemptRecord {
  const startedAt = new Date(Date.parse(delivery.createdAt) + (delays[number] ?? 0));
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
}
