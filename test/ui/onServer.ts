import { createHmac } from "node:crypto";
import type { Client, DeliveryRow, Receiver, WebhookRow } from "../contract/local/support";

/** A server's state, read and changed without the window under test, and what its webhooks send. */
export interface OnServer {
  readonly direct: Client;
  readonly receiver: Receiver;
}

/** @returns a webhook as the server has it; undefined when it has none */
export async function webhookRow({ direct }: OnServer, id: string): Promise<WebhookRow | undefined> {
  const { status, json } = await direct.call("GET", `/${id}`);
  return status === 404 ? undefined : (json.data as WebhookRow);
}

/** @returns the webhooks that have this URL, of the newest hundred */
export async function webhooksTo({ direct }: OnServer, url: string): Promise<readonly WebhookRow[]> {
  const { json } = await direct.call("GET", "?limit=100");
  return (json.data.webhooks as readonly WebhookRow[]).filter((webhook) => webhook.url === url);
}

/** @returns its id */
export async function makeWebhook({ direct, receiver }: OnServer, description: string): Promise<string> {
  const { json } = await direct.call("POST", "", {
    body: { url: `${receiver.url}/${description.replaceAll(" ", "-")}`, description },
  });
  return json.data.id as string;
}

/** Has a webhook send an event that its endpoint refuses, and take the next ones. */
export async function failOnce({ direct, receiver }: OnServer, webhookId: string): Promise<void> {
  receiver.handle = (_, response) => void response.writeHead(500).end();
  await direct.call("POST", `/${webhookId}/test`);
  receiver.handle = (_, response) => void response.end("OK");
}

/** @returns a webhook's newest delivery, if it is among the newest fifty of all */
export async function deliveryOf({ direct }: OnServer, webhookId: string): Promise<DeliveryRow | undefined> {
  const { json } = await direct.call("GET", "/deliveries?limit=50");
  return (json.data.deliveries as readonly DeliveryRow[]).find((row) => row.webhookId === webhookId);
}

/** Whether a secret is a webhook's: its test event is signed by it. */
export async function isSecretOf({ receiver, direct }: OnServer, id: string, secret: string): Promise<boolean> {
  const before = receiver.received.length;
  await direct.call("POST", `/${id}/test`);
  const event = receiver.received[before];
  const timestamp = String(event?.headers["x-pacspace-timestamp"]);
  const signature = createHmac("sha256", secret).update(`${timestamp}.${event?.body.toString()}`).digest("hex");
  return event?.headers["x-pacspace-signature"] === `v1=${signature}`;
}
