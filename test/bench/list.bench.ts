import { fork } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { request } from "undici";
import { createClient } from "../../src/api/client";
import { duel, report } from "./measure";

const total = 10_000;
const limit = 100;

const webhooks = Array.from({ length: total }, (_, index) => ({
  id: `webhook_${String(index).padStart(8, "0")}`,
  url: `https://customer-${index}.example.com/webhooks/pacspace`,
  description: `Customer ${index}`,
  enabled: index % 7 !== 0,
  createdAt: "2026-04-10T12:00:00.000Z",
  lastTriggered: "2026-04-10T12:20:00.000Z",
  successCount: index,
  failureCount: index % 11,
}));

const pages = Array.from({ length: total / limit }, (_, index) =>
  JSON.stringify({
    success: true,
    data: {
      webhooks: webhooks.slice(index * limit, (index + 1) * limit),
      pagination: { page: index + 1, limit, total, totalPages: total / limit },
    },
  }),
);

/** Serves the pages. A process of its own, as PacSpace is: its work is nobody's. */
function serve(): void {
  const server = createServer((message, response) => {
    const page = Number(new URL(message.url ?? "/", "http://x").searchParams.get("page") ?? "1");
    response.setHeader("content-type", "application/json").end(pages[page - 1]);
  });
  server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
  process.on("disconnect", () => process.exit(0));
}

async function main(): Promise<void> {
  const server = fork(__filename, ["serve"]);
  const port = await new Promise<number>((resolve) => server.once("message", (message) => resolve(Number(message))));
  const baseUrl = `http://127.0.0.1:${port}`;
  const client = createClient({ baseUrl });
  client.auth.importCookieHeader("pacspace_session=bench");

  const ours = async (): Promise<void> => {
    let count = 0;
    for await (const page of client.webhooks.list({ pageSize: limit, ahead: 2 })) count += page.webhooks.length;
    if (count !== total) throw new Error(`listed ${count} of ${total}`);
  };
  const rival = async (): Promise<void> => {
    for (let page = 1; page <= total / limit; page++) {
      const { body } = await request(`${baseUrl}/dashboard/webhooks?page=${page}&limit=${limit}`);
      await body.json();
    }
  };
  const [our, bare] = await duel(100, ours, rival);
  report("listing 10,000 webhooks", our, "bare undici loop over the same pages", bare, 1.3);
  await client.close();
  server.disconnect();
}

if (process.argv[2] === "serve") serve();
else void main();
