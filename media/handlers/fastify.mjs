// Receives PacSpace webhooks with Fastify. Start it: PACSPACE_WEBHOOK_SECRET=whsec_… node pacspace-webhook.mjs
import { createHmac, timingSafeEqual } from "node:crypto";
import Fastify from "fastify";

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

/** A plugin of its own, so that the raw parser is in force for this route alone. */
async function pacspaceWebhook(app) {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));

  app.post("/webhooks/pacspace", { bodyLimit: 5_000_000 }, async (request, reply) => {
    const body = request.body ?? Buffer.alloc(0);
    const { headers } = request;
    const signature = headers["x-pacspace-signature"];
    if (!isGenuine(signature, headers["x-pacspace-timestamp"], body)) return reply.code(401).send();
    const event = parse(body);
    if (!event) return reply.code(400).send();
    const id = headers["x-event-id"] ?? signature;
    return reply.code(await handleOnce(id, event)).send();
  });

  const others = ["GET", "PUT", "PATCH", "DELETE"];
  app.route({
    method: others,
    url: "/webhooks/pacspace",
    handler: async (_request, reply) => reply.code(405).header("Allow", "POST").send(),
  });
}

const app = Fastify();
await app.register(pacspaceWebhook);
await app.listen({ port: Number(process.env.PORT ?? 3000), host: "127.0.0.1" });
