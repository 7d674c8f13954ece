// Receives PacSpace webhooks with Hono. Start it: PACSPACE_WEBHOOK_SECRET=whsec_… node pacspace-webhook.mjs
import { createHmac, timingSafeEqual } from "node:crypto";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";

const secret = process.env.PACSPACE_WEBHOOK_SECRET;
if (!secret) throw new Error("Set PACSPACE_WEBHOOK_SECRET to the webhook's secret, its whsec_ prefix included.");
const toleranceSeconds = 300;

// Event ids. Replace them by your database: one row per id with a unique key, written together with the event's effects.
const running = new Set();
const done = new Set();

async function handle(event) {
  console.log("handling", event.event);
}

/** Handles an event unless it was handled before, and gives the status to answer. */
async function handleOnce(id, event) {
  if (done.has(id)) return 200;
  if (running.has(id)) return 409; // should the running attempt fail, PacSpace's next one is handled
  running.add(id);
  try {
    await handle(event);
    done.add(id);
  } finally {
    running.delete(id);
  }
  return 200;
}

/** Whether a request came from PacSpace just now: the HMAC is over the bytes as they came. */
function isGenuine(signature, timestamp, body) {
  if (!signature || !/^\d{1,16}$/.test(timestamp ?? "")) return false;
  const sent = Number(timestamp) >= 1e12 ? Number(timestamp) / 1000 : Number(timestamp);
  if (Math.abs(Date.now() / 1000 - sent) > toleranceSeconds) return false;
  const expected = Buffer.from("v1=" + createHmac("sha256", secret).update(`${timestamp}.`).update(body).digest("hex"));
  // While a secret is being rotated there are two values, and either may be the right one.
  return signature.split(",").some((part) => {
    const value = Buffer.from(part.trim());
    return value.length === expected.length && timingSafeEqual(value, expected);
  });
}

/** The event, undefined when the body is no JSON object with an event's type. */
function parse(body) {
  try {
    const event = JSON.parse(body.toString("utf8"));
    return typeof event?.event === "string" ? event : undefined;
  } catch {
    return undefined;
  }
}

const app = new Hono();

app.post("/webhooks/pacspace", bodyLimit({ maxSize: 5_000_000 }), async (context) => {
  const body = Buffer.from(await context.req.arrayBuffer());
  const signature = context.req.header("X-PacSpace-Signature");
  if (!isGenuine(signature, context.req.header("X-PacSpace-Timestamp"), body)) return context.body(null, 401);
  const event = parse(body);
  if (!event) return context.body(null, 400);
  const id = context.req.header("X-Event-ID") ?? signature;
  return context.body(null, await handleOnce(id, event));
});
app.all("/webhooks/pacspace", (context) => context.body(null, 405, { Allow: "POST" }));

serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000), hostname: "127.0.0.1" });
