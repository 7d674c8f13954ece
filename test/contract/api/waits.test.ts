import { describe, expect, test } from "vitest";
import { bench, failure, good, status } from "./bench";
import { json } from "./server";

describe.concurrent("the time that the server asks for", () => {
  test("is waited, by header in seconds or as a date, or by the body", async (context) => {
    const { server, api, first } = await bench(context, good);
    const waits: number[] = [];
    const onWait = (ms: number): void => void waits.push(ms);
    first(
      status(503, { "retry-after": "1" }),
      status(429, { "retry-after": new Date(Date.now() + 3000).toUTCString() }),
    );
    await api.webhooks.get("webhook_1", { onWait });
    first((_request, response) => json(response, { error: { code: "RATE", retryAfterSeconds: 1 } }, 429));
    await api.webhooks.get("webhook_1", { onWait });
    expect(waits[0]).toBe(1000);
    expect(waits[1]).toBeGreaterThanOrEqual(0);
    expect(waits[1]).toBeLessThanOrEqual(3000);
    expect(waits[2]).toBe(1000);
    const [one = 0, two = 0] = server.seen.map(({ at }) => at);
    expect(two - one).toBeGreaterThan(990);
  });

  test.for([429, 503])("above 30 s fails an interactive call at once and names it (%i)", async (code, context) => {
    const { server, api } = await bench(context, status(code, { "retry-after": "31" }));
    const started = performance.now();
    const error = await failure(api.webhooks.get("webhook_1"));
    expect(error).toMatchObject({ kind: code === 429 ? "rateLimited" : "server", status: code, retryAfterMs: 31_000 });
    expect(error.message).toContain("31 s");
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(server.seen).toHaveLength(1);
  });

  test("above 30 s is waited out by bulk work, until that is cancelled", async (context) => {
    const { server, api } = await bench(context, status(429, { "retry-after": "3600" }));
    const controller = new AbortController();
    const waits: number[] = [];
    const call = api.webhooks.retryDelivery("evt_1", {
      pace: "bulk",
      signal: controller.signal,
      onWait: (ms) => {
        waits.push(ms);
        setTimeout(() => controller.abort(), 50);
      },
    });
    const started = performance.now();
    expect(await failure(call)).toMatchObject({ kind: "cancelled", uncertain: false });
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(waits).toEqual([3_600_000]);
    expect(server.seen).toHaveLength(1);
  });
});

test("the log has a line for each request and each wait, and no secret", async (context) => {
  const { api, log, first } = await bench(context, good);
  first(status(500));
  await api.webhooks.deliveryPage({ status: "failed" });
  expect(log).toEqual([
    expect.stringMatching(/^GET \/dashboard\/webhooks\/deliveries\?status=failed: 500, \d+ ms$/),
    expect.stringMatching(/^waits \d+ ms before repeat 1 of GET /),
    expect.stringMatching(/^GET \/dashboard\/webhooks\/deliveries\?status=failed: 200, \d+ ms$/),
  ]);
  expect(log.join("\n")).not.toContain("very-secret-value");
});
