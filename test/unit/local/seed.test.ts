import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { eventTypes, samplePayload } from "../../../src/core/events/catalogue";
import { deliveryJson } from "../../../src/local/deliveryJson";
import type { DeliveryRecord } from "../../../src/local/records";
import { demoSeed } from "../../../src/local/seed";

const now = new Date("2026-04-10T12:00:00.000Z");

test("every seeded attempt bears a signature that its webhook's secret makes of the payload", () => {
  const { webhooks, deliveries } = demoSeed(now);
  const secrets = new Map(webhooks.map(({ id, secret }) => [id, secret]));
  let checked = 0;
  for (const { webhookId, body, attempts, id, event } of deliveries) {
    for (const { requestHeaders, startedAt } of attempts) {
      const timestamp = requestHeaders["X-PacSpace-Timestamp"] ?? "";
      expect(Number(timestamp)).toBe(Math.floor(Date.parse(startedAt) / 1_000));
      const mac = createHmac("sha256", secrets.get(webhookId) ?? "")
        .update(`${timestamp}.${body}`)
        .digest("hex");
      expect(requestHeaders["X-PacSpace-Signature"]).toBe(`v1=${mac}`);
      expect(requestHeaders).toMatchObject({ "X-Event-ID": id, "X-Webhook-Event": event });
      checked++;
    }
  }
  expect(checked).toBeGreaterThan(500);
});

test("nothing is delivered to a webhook before it was there, and one event never twice to the same", () => {
  const { webhooks, deliveries } = demoSeed(now);
  const created = new Map(webhooks.map(({ id, createdAt }) => [id, createdAt]));
  for (const { webhookId, createdAt } of deliveries) expect(created.get(webhookId)! < createdAt).toBe(true);
  expect(new Set(deliveries.map(({ id, webhookId }) => `${id} ${webhookId}`)).size).toBe(deliveries.length);
  const times = deliveries.map(({ createdAt }) => createdAt);
  expect(times).toEqual([...times].sort());
});

test.each(eventTypes.map(({ name }) => name))("the sample of %s is an envelope with data", (name) => {
  const sample = samplePayload(name, { now, random: () => 0.5 });
  expect(sample).toMatchObject({ event: name, timestamp: now.toISOString() });
  expect(Object.keys(sample.data).length).toBeGreaterThan(0);
  expect(samplePayload(name, { now, random: () => 0.5 })).toEqual(sample);
});

test("the documented samples have the fields that the SDK knows", () => {
  const fields = (name: string) => Object.keys(samplePayload(name, { now }).data).sort();
  expect(fields("delta.verified")).toEqual(
    [
      ...["recordId", "receiptId", "verificationReference", "customerId"],
      ...["delta", "sequenceNumber", "referenceId", "blockTimestamp"],
    ].sort(),
  );
  expect(fields("delta.failed")).toEqual(["recordId", "customerId", "delta", "error", "failedAt"].sort());
  expect(samplePayload("test", { now }).data).toEqual({ message: "This is a test webhook event from PacSpace." });
});

test("the catalogue names each type once, and an unknown one gets a sample too", () => {
  expect(new Set(eventTypes.map(({ name }) => name)).size).toBe(eventTypes.length);
  expect(eventTypes.filter(({ current }) => current)).toHaveLength(12);
  for (const name of ["something.new", "__proto__", "constructor", ""]) {
    expect(samplePayload(name, { now })).toMatchObject({ event: name, data: expect.any(Object) });
  }
});

const delivery: DeliveryRecord = {
  id: "evt_1",
  event: "test",
  webhookId: "webhook_1",
  endpoint: "https://example.com/",
  body: "{}",
  status: "pending",
  createdAt: now.toISOString(),
  attempts: [],
};

test.each([
  '{ "n": 12345678901234567890, "n": 1.10, "e":\t1e3,\r\n "u": "\\u00e9é" }',
  "[]",
  "12345678901234567890.0",
  '"text"',
  "null",
])("the payload %j is in the row to the byte", (body) => {
  const row = deliveryJson({ ...delivery, body });
  expect(row).toContain(`"payload":${body},"requestHeaders":`);
  expect(JSON.parse(row)).toMatchObject({ id: "evt_1", attempts: 0, deliveredAt: null, attemptLog: [] });
});

test.each(["", "no json", '{"a":1', '{"a":1}}', "\ufeff{}", '"} , "x": {"'])(
  "the payload %j, which is no JSON, is in the row as a string",
  (body) => {
    expect(JSON.parse(deliveryJson({ ...delivery, body }))).toMatchObject({ payload: body });
  },
);
