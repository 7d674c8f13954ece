import type { Fields } from "../../core/model/fields";
import { webhookLabel } from "../../core/model/webhook";
import type { Account } from "../../state/account";
import type { Services } from "../services";
import type { TreeNode } from "../tree/nodes";
import { eachTarget } from "./eachTarget";
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

/** What a person calls a webhook: its description or URL where it is loaded, else its id. */
export function webhookName(services: Services, id: string): string {
  const webhook = services.account().webhooks.get(id);
  return webhook === undefined ? id : webhookLabel(webhook);
}

/** Works through all webhooks, in the environment that is active as it begins; see `eachTarget`. */
export function eachWebhook<Result>(
  services: Services,
  targets: WebhookTargets,
  work: (id: string, account: Account) => Promise<Result>,
): ReturnType<typeof eachTarget<string, Result>> {
  const account = services.account();
  return eachTarget(
    targets,
    (id) => webhookName(services, id),
    (id) => work(id, account),
  );
}
