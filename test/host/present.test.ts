import assert from "node:assert/strict";
import * as vscode from "vscode";
import { readDelivery } from "../../src/core/model/delivery";
import { readWebhook } from "../../src/core/model/webhook";
import { dayNode, deliveryNode, moreNode, webhookNode } from "../../src/host/tree/nodes";
import { present } from "../../src/host/tree/present";
import { localDay } from "../../src/host/tree/times";

const now = Date.parse("2026-04-10T13:15:02.000Z");
const ago = (minutes: number): string => new Date(now - minutes * 60_000).toISOString();

interface Look {
  readonly icon: string;
  readonly colour: string | undefined;
  readonly words: unknown;
  readonly spoken: string | undefined;
}

function lookOf({ iconPath, description, accessibilityInformation }: vscode.TreeItem): Look {
  assert.ok(iconPath instanceof vscode.ThemeIcon);
  return {
    ...{ icon: iconPath.id, colour: iconPath.color?.id },
    ...{ words: description, spoken: accessibilityInformation?.label },
  };
}

describe("a webhook's row", () => {
  const cases: readonly {
    readonly name: string;
    readonly row: object;
    readonly hasSecret?: boolean;
    readonly look: readonly [icon: string, colour: string, words: string];
    readonly context: string;
  }[] = [
    {
      name: "enabled",
      row: { enabled: true, successCount: 99, failureCount: 1, lastTriggered: ago(2) },
      hasSecret: true,
      look: ["broadcast", "testing.iconPassed", "enabled · 99 % delivered · 2 min ago"],
      context: "webhook-enabled-secret",
    },
    {
      name: "enabled, never triggered, its secret not yet looked for",
      row: { enabled: true },
      look: ["broadcast", "testing.iconPassed", "enabled · never triggered"],
      context: "webhook-enabled-noSecret",
    },
    {
      name: "disabled, though it failed before",
      row: { enabled: false, successCount: 0, failureCount: 3, lastTriggered: ago(26 * 60) },
      hasSecret: true,
      look: ["circle-slash", "disabledForeground", "disabled · 0 % delivered · 1 d ago"],
      context: "webhook-disabled-secret",
    },
    {
      name: "failing: more than half failed",
      row: { enabled: true, successCount: 499, failureCount: 501, lastTriggered: ago(0.5) },
      hasSecret: true,
      look: ["warning", "list.warningForeground", "failing · 49 % delivered · now"],
      context: "webhook-enabled-secret",
    },
    {
      name: "half of it failed, and it is not called failing",
      row: { enabled: true, successCount: 1, failureCount: 1, lastTriggered: ago(60) },
      hasSecret: true,
      look: ["broadcast", "testing.iconPassed", "enabled · 50 % delivered · 1 h ago"],
      context: "webhook-enabled-secret",
    },
    {
      name: "nearly all delivered is not all",
      row: { enabled: true, successCount: 9_999, failureCount: 1, lastTriggered: ago(59) },
      hasSecret: true,
      look: ["broadcast", "testing.iconPassed", "enabled · 99 % delivered · 59 min ago"],
      context: "webhook-enabled-secret",
    },
    {
      name: "secret missing",
      row: { enabled: true, successCount: 2, failureCount: 0, lastTriggered: ago(23 * 60) },
      hasSecret: false,
      look: ["key", "list.warningForeground", "enabled, secret missing · 100 % delivered · 23 h ago"],
      context: "webhook-enabled-noSecret",
    },
    {
      name: "failing and secret missing: the worse one is the icon",
      row: { enabled: true, successCount: 0, failureCount: 1, lastTriggered: ago(1) },
      hasSecret: false,
      look: ["warning", "list.warningForeground", "failing, secret missing · 0 % delivered · 1 min ago"],
      context: "webhook-enabled-noSecret",
    },
    {
      name: "disabled and secret missing",
      row: { enabled: false },
      hasSecret: false,
      look: ["circle-slash", "disabledForeground", "disabled, secret missing · never triggered"],
      context: "webhook-disabled-noSecret",
    },
  ];

  for (const { name, row, hasSecret, look, context } of cases) {
    it(name, () => {
      const webhook = readWebhook({ id: "webhook_1", url: "https://example.com/hook", description: "Billing", ...row });
      assert.ok(webhook);
      const item = present(webhookNode(webhook, hasSecret), now);
      const [icon, colour, words] = look;
      assert.deepEqual(lookOf(item), { icon, colour, words, spoken: `Billing, ${words.replaceAll(" · ", ", ")}` });
      assert.equal(item.label, "Billing");
      assert.equal(item.contextValue, context);
    });
  }

  it("tells by its context that its endpoint is this machine's", () => {
    const webhook = readWebhook({ id: "webhook_1", url: "http://localhost:3000/hook", enabled: true });
    assert.ok(webhook);
    const item = present(webhookNode(webhook, true), now);
    assert.deepEqual([item.label, item.contextValue], ["localhost:3000/hook", "webhook-enabled-secret-loopback"]);
  });
});

describe("a delivery's row", () => {
  const cases: readonly {
    readonly name: string;
    readonly row: object;
    readonly look: readonly [icon: string, colour: string | undefined, words: string, spoken: string];
    readonly context?: string;
  }[] = [
    {
      name: "delivered at once",
      row: { status: "delivered", attempts: 1, createdAt: ago(0.9) },
      look: ["pass", "testing.iconPassed", "Billing · 1 attempt · now", "delivered, Billing, 1 attempt, now"],
    },
    {
      name: "failed",
      row: { status: "failed", attempts: 3, createdAt: ago(125) },
      look: [
        ...(["error", "testing.iconFailed"] as const),
        ...(["Billing · 3 attempts · 2 h ago", "failed, Billing, 3 attempts, 2 h ago"] as const),
      ],
      context: "delivery-failed",
    },
    {
      name: "pending, not yet tried",
      row: { status: "pending", attempts: 0, createdAt: ago(1) },
      look: ["clock", "charts.yellow", "Billing · 0 attempts · 1 min ago", "pending, Billing, 0 attempts, 1 min ago"],
    },
    {
      name: "in a state that is unknown here: told in words",
      row: { status: "paused", attempts: 2, createdAt: ago(3 * 24 * 60) },
      look: [
        ...(["question", undefined] as const),
        ...(["paused · Billing · 2 attempts · 3 d ago", "paused, Billing, 2 attempts, 3 d ago"] as const),
      ],
    },
    {
      name: "without attempts, where the API tells none, and without a time",
      row: { status: "delivered" },
      look: ["pass", "testing.iconPassed", "Billing", "delivered, Billing"],
    },
  ];

  for (const { name, row, look, context = "delivery-other" } of cases) {
    it(name, () => {
      const delivery = readDelivery({ id: "evt_1", event: "delta.verified", ...row }, "{}");
      const item = present(deliveryNode(delivery, "Billing", "day|x"), now);
      const [icon, colour, words, spoken] = look;
      assert.deepEqual(lookOf(item), { icon, colour, words, spoken: `delta.verified, ${spoken}` });
      assert.equal(item.label, "delta.verified");
      assert.equal(item.contextValue, context);
      assert.equal(item.command?.command, "pacspace.inspectDelivery");
    });
  }
});

describe("the rows between", () => {
  it("name their day and count its deliveries", () => {
    const spoken = (day: string, count: number): string | undefined =>
      present(dayNode(day, count), now).accessibilityInformation?.label;
    assert.equal(spoken(localDay(ago(0)), 1), "Today, 1 delivery");
    assert.equal(spoken(localDay(ago(24 * 60)), 12), "Yesterday, 12 deliveries");
    assert.equal(spoken("", 2), "Without a date, 2 deliveries");
    assert.equal(present(dayNode(localDay(ago(0)), 1), now).description, "1");
  });

  it("say how much there is to load", () => {
    assert.equal(present(moreNode("deliveries", 50, 512), now).description, "50 of 512 loaded");
    assert.equal(present(moreNode("webhooks", 50, undefined), now).description, "50 loaded");
  });
});
