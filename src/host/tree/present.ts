import * as vscode from "vscode";
import { isLoopback, parseUrl } from "../../core/model/environment";
import { visibleText } from "../../core/model/visibleText";
import { successRate, webhookHealth, webhookLabel } from "../../core/model/webhook";
import { coloured, joined } from "./rowParts";
import type { AccountNode, DayNode, DeliveryNode, FactNode, MoreNode, WebhookNode } from "./nodes";
import { age, dayLabel, fullTime } from "./times";

const webhookIcons = {
  disabled: coloured("circle-slash", "disabledForeground"),
  failing: coloured("warning", "list.warningForeground"),
  secretMissing: coloured("key", "list.warningForeground"),
  enabled: coloured("broadcast", "testing.iconPassed"),
};

/** A webhook's state in words: what is wrong comes first. */
export function webhookStates({ webhook, hasSecret }: WebhookNode): readonly (keyof typeof webhookIcons)[] {
  const health = webhookHealth(webhook);
  return hasSecret === false ? [health, "secretMissing"] : [health];
}

const stateWords = {
  enabled: vscode.l10n.t("enabled"),
  disabled: vscode.l10n.t("disabled"),
  failing: vscode.l10n.t("failing"),
  secretMissing: vscode.l10n.t("secret missing"),
};

function presentWebhook(node: WebhookNode, now: number): vscode.TreeItem {
  const { webhook, hasSecret } = node;
  const states = webhookStates(node);
  const rate = successRate(webhook);
  const share = rate === undefined ? undefined : vscode.l10n.t("{0} % delivered", Math.floor(rate * 100));
  const last = age(webhook.lastTriggered, now) ?? vscode.l10n.t("never triggered");
  const words = states.map((state) => stateWords[state]).join(", ");
  const url = parseUrl(webhook.url);
  const item = new vscode.TreeItem(webhookLabel(webhook), vscode.TreeItemCollapsibleState.Collapsed);
  item.description = joined([words, share, last]);
  item.iconPath =
    webhookIcons[states[0] === "enabled" && states.length > 1 ? "secretMissing" : (states[0] ?? "enabled")];
  item.contextValue = joined(
    [
      ...["webhook", webhook.enabled ? "enabled" : "disabled", hasSecret ? "secret" : "noSecret"],
      url !== undefined && isLoopback(url) ? "loopback" : "",
    ],
    "-",
  );
  item.tooltip = joined([webhook.url, webhook.id, words, share], "\n");
  item.accessibilityInformation = { label: joined([webhookLabel(webhook), words, share, last], ", ") };
  return item;
}

function presentFact(node: FactNode): vscode.TreeItem {
  const value = visibleText(node.value);
  const item = new vscode.TreeItem(node.name);
  item.description = value;
  item.iconPath = coloured(node.icon);
  item.contextValue = "fact";
  item.tooltip = `${node.name}: ${value}`;
  item.accessibilityInformation = { label: `${node.name}: ${value}` };
  return item;
}

const deliveryIcons: Readonly<Record<string, vscode.ThemeIcon>> = {
  delivered: coloured("pass", "testing.iconPassed"),
  failed: coloured("error", "testing.iconFailed"),
  pending: coloured("clock", "charts.yellow"),
};

function presentDelivery({ delivery, endpoint }: DeliveryNode, now: number): vscode.TreeItem {
  const { event, status, attempts, createdAt, httpStatus, error } = delivery;
  const name = visibleText(event ?? vscode.l10n.t("unknown event"));
  const tries =
    attempts === undefined
      ? undefined
      : attempts === 1
        ? vscode.l10n.t("1 attempt")
        : vscode.l10n.t("{0} attempts", attempts);
  const when = age(createdAt, now);
  const item = new vscode.TreeItem(name);
  const icon = deliveryIcons[status];
  // The icons differ in shape; a status without one of its own is told in words.
  item.description = joined([icon === undefined ? status : undefined, endpoint, tries, when]);
  item.iconPath = icon ?? coloured("question");
  item.contextValue = joined(["delivery", status === "failed" ? "failed" : "other"], "-");
  item.tooltip = joined(
    [
      name,
      delivery.id,
      joined([status, httpStatus?.toString()], " "),
      endpoint,
      error,
      createdAt && fullTime(createdAt),
    ],
    "\n",
  );
  item.accessibilityInformation = { label: joined([name, status, endpoint, tries, when], ", ") };
  item.command = {
    command: "pacspace.inspectDelivery",
    title: vscode.l10n.t("Inspect Delivery"),
  };
  return item;
}

function presentDay({ day, count }: DayNode, now: number): vscode.TreeItem {
  const item = new vscode.TreeItem(dayLabel(day, now), vscode.TreeItemCollapsibleState.Expanded);
  item.description = String(count);
  item.iconPath = coloured("calendar");
  item.contextValue = "day";
  const label = dayLabel(day, now);
  item.accessibilityInformation = {
    label: count === 1 ? vscode.l10n.t("{0}, 1 delivery", label) : vscode.l10n.t("{0}, {1} deliveries", label, count),
  };
  return item;
}

function presentMore({ of, loaded, total }: MoreNode): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t("Load more"));
  item.description =
    total === undefined ? vscode.l10n.t("{0} loaded", loaded) : vscode.l10n.t("{0} of {1} loaded", loaded, total);
  item.iconPath = coloured("ellipsis");
  item.contextValue = "more";
  item.command = {
    command: of === "deliveries" ? "pacspace.loadMoreDeliveries" : "pacspace.loadMoreWebhooks",
    title: vscode.l10n.t("Load More"),
  };
  item.accessibilityInformation = { label: vscode.l10n.t("Load more, {0}", item.description), role: "button" };
  return item;
}

/**
 * How a row of webhooks or deliveries looks.
 * @param now milliseconds since 1970, for ages
 */
export function present(node: AccountNode, now: number): vscode.TreeItem {
  switch (node.kind) {
    case "webhook":
      return presentWebhook(node, now);
    case "fact":
      return presentFact(node);
    case "delivery":
      return presentDelivery(node, now);
    case "day":
      return presentDay(node, now);
    case "more":
      return presentMore(node);
  }
}
