// A handler with one mistake: it compares without a look at the lengths, and nothing catches what that throws.
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks);
    const signature = request.headers["x-pacspace-signature"] ?? "";
    const timestamp = request.headers["x-pacspace-timestamp"] ?? "";
    const answer = (status) => response.writeHead(status).end();
    if (request.method !== "POST") return answer(405);
    const seconds = Number(timestamp) >= 1e12 ? Number(timestamp) / 1000 : Number(timestamp);
    if (!signature || !/^\d+$/.test(timestamp) || Math.abs(Date.now() / 1000 - seconds) > 300) return answer(401);
    const hmac = createHmac("sha256", process.env.PACSPACE_WEBHOOK_SECRET).update(`${timestamp}.`).update(body);
    const expected = Buffer.from(`v1=${hmac.digest("hex")}`);
    const parts = signature.split(",").map((part) => part.trim());
    const known = parts.filter((part) => part.startsWith("v1="));
    if (!known.some((part) => timingSafeEqual(Buffer.from(part), expected))) return answer(401);
    try {
      JSON.parse(body.toString());
    } catch {
      return answer(400);
    }
    return answer(200);
  });
}).listen(process.env.PORT, "127.0.0.1");
