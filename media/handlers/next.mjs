// Receives PacSpace webhooks in a Next.js app: app/webhooks/pacspace/route.js. Put PACSPACE_WEBHOOK_SECRET into .env.local.
import { createHmac, timingSafeEqual } from "node:crypto";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

const toleranceSeconds = 300;
const mostBytes = 5_000_000;

// Event ids. Replace them by your database: one row per id with a unique key, written together with the event's effects.
const running = new Set();
const done = new Set();

async function handle(event) {
  console.log("handling", event.event);
}

/** Read with each request and not at the top: a build imports this file too, and has no secret. */
function secret() {
  const value = process.env.PACSPACE_WEBHOOK_SECRET;
  if (!value) throw new Error("Set PACSPACE_WEBHOOK_SECRET to the webhook's secret, its whsec_ prefix included.");
  return value;
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
  const digest = createHmac("sha256", secret()).update(`${timestamp}.`).update(body).digest("hex");
  const expected = Buffer.from(`v1=${digest}`);
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

/** The body's bytes, undefined when there are too many. */
async function readBody(request) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.length;
    if (bytes > mostBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

// Next.js answers 405 to the methods that have no function here.
export async function POST(request) {
  const body = await readBody(request);
  if (!body) return new Response(null, { status: 413 });
  const { headers } = request;
  const signature = headers.get("X-PacSpace-Signature");
  if (!isGenuine(signature, headers.get("X-PacSpace-Timestamp"), body)) return new Response(null, { status: 401 });
  const event = parse(body);
  if (!event) return new Response(null, { status: 400 });
  const id = headers.get("X-Event-ID") ?? signature;
  return new Response(null, { status: await handleOnce(id, event) });
}
