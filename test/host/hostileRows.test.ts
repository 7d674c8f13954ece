import assert from "node:assert/strict";
import type * as vscode from "vscode";
import { readDelivery } from "../../src/core/model/delivery";
import { readWebhook } from "../../src/core/model/webhook";
import { deliveryNode, factNode, webhookNode, type AccountNode } from "../../src/host/tree/nodes";
import { present } from "../../src/host/tree/present";
import { hostileTexts } from "../fuzz/hostile";

/** What must not be in a row's text: what would hide something, or turn it around. Line breaks part a tooltip's lines. */
const unseen = /(?!\n)[\p{Cc}\p{Cs}\u2028\u2029\u200b\u200e\u200f\u061c\u202a-\u202e\u2060-\u2069\ufeff]/u;

function textsOf(item: vscode.TreeItem): readonly string[] {
  return [item.label, item.description, item.tooltip, item.accessibilityInformation?.label].map((text) =>
    typeof text === "string" ? text : "",
  );
}

describe("rows that somebody else wrote", () => {
  for (const text of [...hostileTexts, "x\u202e".repeat(500_000)]) {
    it(`show ${JSON.stringify(text).slice(0, 40)} as what it is`, () => {
      const row = { id: text, event: text, status: text, endpoint: text, error: text, createdAt: text };
      const webhook = readWebhook({ id: text || "webhook_1", url: text, description: text, createdAt: text });
      assert.ok(webhook);
      const nodes: readonly AccountNode[] = [
        deliveryNode(readDelivery(row, "{}"), text, "day|x"),
        webhookNode(webhook, false),
        factNode("webhook_1", "URL", text, "link"),
      ];
      for (const shown of nodes.flatMap((node) => textsOf(present(node, 0)))) {
        assert.doesNotMatch(shown, unseen);
        assert.ok(shown.length < 12_000, String(shown.length));
      }
    });
  }
});
