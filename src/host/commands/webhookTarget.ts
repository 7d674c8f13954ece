import type { Fields } from "../../core/model/fields";
import type { Services } from "../services";
import type { TreeNode } from "../tree/nodes";
import { pickWebhook, requiredText } from "./prompts";

/** The webhooks that a command works on. */
export type WebhookTargets = readonly string[];

/** The webhook of an argument object. Throws PacSpaceError `invalid` without an id. */
export function readWebhookTarget(argument: Fields): WebhookTargets {
  return [requiredText(argument, "id", "the webhook's id")];
}

/** The selected rows' webhooks; from the palette, the one that a person picks. */
export async function askWebhookTarget(
  services: Services,
  nodes: readonly TreeNode[],
  title: string,
): Promise<WebhookTargets | undefined> {
  const ids = nodes.flatMap((node) => (node.kind === "webhook" ? [node.webhook.id] : []));
  if (ids.length > 0) return ids;
  const webhook = await pickWebhook(services.account(), title);
  return webhook === undefined ? undefined : [webhook.id];
}

/** Works through all targets and gives back the last one's result: by argument there is exactly one. */
export async function forEachTarget<T>(targets: WebhookTargets, work: (id: string) => Promise<T>): Promise<T> {
  const [first, ...rest] = targets;
  if (first === undefined) throw new RangeError("no target");
  let result = await work(first);
  for (const id of rest) result = await work(id);
  return result;
}
