import { mkdirSync } from "node:fs";
import * as path from "node:path";
import { samplePayload } from "../../src/core/events/catalogue";
import { headOf } from "../../src/local/deliveryIndex";
import { FileLog } from "../../src/local/fileLog";
import type { DeliveryRecord, WebhookRecord } from "../../src/local/records";

/** When the newest delivery was made. */
const newest = Date.UTC(2026, 3, 10, 12);
const spacing = 1_000;
/** In the order in which PacSpace would have made them: one in ten failed. */
const events = ["delta.verified", "checkpoint.verified", "receipt.generated", "customer.created"] as const;
const bodies = events.map((event) =>
  JSON.stringify(samplePayload(event, { now: new Date(newest), random: () => 0.5 })),
);

/** The id of a made-up thing, as long as a real one. */
export function idOf(kind: "webhook" | "evt", number: number): string {
  return `${kind}_${String(number).padStart(24, "0")}`;
}

function webhookOf(number: number): WebhookRecord {
  return {
    id: idOf("webhook", number),
    url: `https://customer-${number}.example.com/webhooks/pacspace`,
    description: `Customer ${number}`,
    secret: `whsec_${String(number).padStart(48, "0")}`,
    enabled: number % 7 !== 0,
    createdAt: new Date(newest - 400 * 86_400_000).toISOString(),
    successCount: number,
    failureCount: number % 11,
  };
}

function deliveryOf(number: number, deliveries: number, webhooks: number): DeliveryRecord {
  const createdAt = new Date(newest - (deliveries - number) * spacing).toISOString();
  const failed = number % 10 === 3;
  const id = idOf("evt", number);
  const event = events[number % events.length] ?? events[0];
  const webhookId = idOf("webhook", number % webhooks);
  return {
    id,
    event,
    webhookId,
    endpoint: `https://customer-${number % webhooks}.example.com/webhooks/pacspace`,
    body: bodies[number % events.length] ?? "",
    status: failed ? "failed" : "delivered",
    createdAt,
    ...(!failed && { deliveredAt: createdAt }),
    attempts: [
      {
        number: 1,
        startedAt: createdAt,
        durationMs: 40,
        httpStatus: failed ? 500 : 200,
        requestHeaders: { "Content-Type": "application/json", "X-Webhook-Event": event, "X-Event-ID": id },
        responseHeaders: { "content-type": "text/plain" },
        responseBody: failed ? "Internal Server Error" : "OK",
      },
    ],
  };
}

export interface Size {
  readonly webhooks: number;
  readonly deliveries: number;
}

function* lines({ webhooks, deliveries }: Size): Generator<{ readonly head: string; readonly body?: string }> {
  for (let number = 0; number < webhooks; number++) yield { head: JSON.stringify(["w", webhookOf(number)]) };
  for (let number = 0; number < deliveries; number++) {
    const delivery = deliveryOf(number, deliveries, webhooks);
    yield { head: JSON.stringify(headOf(delivery)), body: JSON.stringify(delivery) };
  }
}

/** Writes the state of a Local PacSpace that has long been used, without anybody having to use it that long. */
export function writeLargeAccount(directory: string, size: Size): void {
  mkdirSync(directory, { recursive: true });
  const log = new FileLog(path.join(directory, "state.jsonl"));
  log.replace(lines(size));
  log.close();
}
