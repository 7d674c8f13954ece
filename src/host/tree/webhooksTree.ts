import * as vscode from "vscode";
import { successRate, webhookLabel, type Webhook } from "../../core/model/webhook";
import { visibleText } from "../../core/model/visibleText";
import type { Account } from "../../state/account";
import { AccountTree } from "./accountTree";
import { deliveryNode, factNode, moreNode, webhookNode, type AccountNode, type WebhookNode } from "./nodes";
import { fullTime } from "./times";

/** How many of a webhook's loaded deliveries stand below it. */
const newestShown = 5;

/** The Webhooks view's rows, from the active account's stores. */
export class WebhooksTree extends AccountTree {
  constructor(private readonly account: () => Account) {
    super();
  }

  /** Redraws these webhooks alone. */
  redrawWebhooks(ids: readonly string[]): void {
    for (const id of ids) {
      const webhook = this.account().webhooks.get(id);
      const known = this.cache.get(`webhook|${id}`);
      if (webhook !== undefined && known !== undefined) this.redrawNode(this.node(webhook));
    }
  }

  node(webhook: Webhook): WebhookNode {
    return this.cache.keep(webhookNode(webhook, this.account().secrets.has(webhook.id)));
  }

  getParent(node: AccountNode): AccountNode | undefined {
    if (node.kind !== "delivery" && node.kind !== "fact") return undefined;
    const id = node.kind === "delivery" ? node.delivery.webhookId : node.key.split("|")[1];
    const webhook = id === undefined ? undefined : this.account().webhooks.get(id);
    return webhook && this.node(webhook);
  }

  getChildren(node?: AccountNode): AccountNode[] {
    const { webhooks, hasMore, total } = this.account().webhooks.snapshot;
    if (node === undefined) {
      const rows: AccountNode[] = webhooks.map((webhook) => this.node(webhook));
      return hasMore ? [...rows, this.cache.keep(moreNode("webhooks", webhooks.length, total))] : rows;
    }
    return node.kind === "webhook" ? [...this.#facts(node), ...this.#newest(node)] : [];
  }

  #facts({ webhook, hasSecret }: WebhookNode): AccountNode[] {
    const rate = successRate(webhook);
    const counted = `${webhook.successCount ?? 0} / ${(webhook.successCount ?? 0) + (webhook.failureCount ?? 0)}`;
    const facts: readonly (readonly [name: string, value: string | undefined, icon: string])[] = [
      ["URL", webhook.url, "link"],
      [vscode.l10n.t("Id"), webhook.id, "tag"],
      [vscode.l10n.t("Secret"), hasSecret ? vscode.l10n.t("stored") : vscode.l10n.t("missing"), "key"],
      [vscode.l10n.t("Delivered"), rate === undefined ? undefined : counted, "graph"],
      [vscode.l10n.t("Created"), webhook.createdAt && fullTime(webhook.createdAt), "add"],
      [vscode.l10n.t("Last triggered"), webhook.lastTriggered && fullTime(webhook.lastTriggered), "history"],
    ];
    return facts.flatMap(([name, value, icon]) =>
      value === undefined || value === "" ? [] : [this.cache.keep(factNode(webhook.id, name, value, icon))],
    );
  }

  #newest(node: WebhookNode): AccountNode[] {
    const ownRows = this.account().deliveries.snapshot.rows.filter((row) => row.webhookId === node.webhook.id);
    // The rows come in the order of the Deliveries view, which may be any.
    return ownRows
      .map((row) => ({ row, time: Date.parse(row.createdAt ?? "") || 0 }))
      .sort((left, right) => right.time - left.time)
      .slice(0, newestShown)
      .map(({ row }) => this.cache.keep(deliveryNode(row, undefined, node.key)));
  }
}

/** What a person calls the webhook of a delivery; its endpoint's URL where the webhook isn't known. */
export function endpointLabel(
  account: Account,
  webhookId: string | undefined,
  endpoint: string | undefined,
): string | undefined {
  const webhook = webhookId === undefined ? undefined : account.webhooks.get(webhookId);
  return webhook === undefined ? endpoint && visibleText(endpoint.replace(/^https?:\/\//, "")) : webhookLabel(webhook);
}
