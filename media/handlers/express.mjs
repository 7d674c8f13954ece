// Receives PacSpace webhooks with Express. Start it: PACSPACE_WEBHOOK_SECRET=whsec_… node pacspace-webhook.mjs
import { createHmac, timingSafeEqual } from "node:crypto";
import express from "express";

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

const app = express();

// Keep express.json() off this route: a signature fits the raw bytes alone.
app.post("/webhooks/pacspace", express.raw({ type: () => true, limit: "5mb" }), async (request, response, next) => {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0); // no body is no Buffer
  const signature = request.get("X-PacSpace-Signature");
  if (!isGenuine(signature, request.get("X-PacSpace-Timestamp"), body)) return response.sendStatus(401);
  const event = parse(body);
  if (!event) return response.sendStatus(400);
  const id = request.get("X-Event-ID") ?? signature;
  try {
    response.sendStatus(await handleOnce(id, event));
  } catch (error) {
    next(error);
  }
});
app.all("/webhooks/pacspace", (_request, response) => response.set("Allow", "POST").sendStatus(405));

app.listen(process.env.PORT ?? 3000, "127.0.0.1");
