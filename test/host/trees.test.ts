import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type * as vscode from "vscode";
import { createClient } from "../../src/api/client";
import { environmentOf } from "../../src/core/model/environment";
import { DeliveriesTree } from "../../src/host/tree/deliveriesTree";
import { isTreeNode, type AccountNode } from "../../src/host/tree/nodes";
import { WebhooksTree } from "../../src/host/tree/webhooksTree";
import { demoAccount } from "../../src/local/demoAccount";
import { startLocalPacSpace, type LocalPacSpace } from "../../src/local/server";
import { Account } from "../../src/state/account";
import { setWebhookEnabled } from "../../src/state/actions/setWebhookEnabled";
import type { SecretBackend } from "../../src/state/secretBackend";

class MemorySecrets implements SecretBackend {
  readonly #entries = new Map<string, string>();
  get = (key: string): Promise<string | undefined> => Promise.resolve(this.#entries.get(key));
  store = (key: string, value: string): Promise<void> => {
    this.#entries.set(key, value);
    return Promise.resolve();
  };
  delete = (key: string): Promise<void> => {
    this.#entries.delete(key);
    return Promise.resolve();
  };
  keys = (): Promise<readonly string[]> => Promise.resolve([...this.#entries.keys()]);
}

/** What a tree says it changed, in order. */
function changesOf(tree: vscode.TreeDataProvider<AccountNode>): (AccountNode | undefined)[] {
  const changes: (AccountNode | undefined)[] = [];
  tree.onDidChangeTreeData?.((change) => changes.push(isTreeNode(change) ? change : undefined));
  return changes;
}

describe("the trees", () => {
  let local: LocalPacSpace;
  let account: Account;
  let webhooks: WebhooksTree;
  let deliveries: DeliveriesTree;

  before(async () => {
    local = await startLocalPacSpace({ port: 0, seed: "demo" });
    account = new Account({
      environment: environmentOf("local", "Local PacSpace", local.baseUrl),
      secrets: new MemorySecrets(),
      connect: (options) => Promise.resolve(createClient(options)),
      pageSize: () => 50,
      notesFolder: path.join(tmpdir(), "pacspace-no-creates"),
    });
    await account.signIn(async (api) => {
      await api.auth.login(demoAccount.email, demoAccount.password);
    });
    await account.call(() => account.webhooks.load());
    await account.call(() => account.deliveries.load());
    webhooks = new WebhooksTree(() => account);
    deliveries = new DeliveriesTree(() => account);
  });

  after(async () => {
    webhooks.dispose();
    deliveries.dispose();
    await account.close();
    await local.close();
  });

  function webhookRow(id: string): AccountNode {
    const row = webhooks.getChildren().find((node) => node.kind === "webhook" && node.webhook.id === id);
    assert.ok(row);
    return row;
  }

  it("say each row's state in words, for a screen reader too", async () => {
    const rows = webhooks.getChildren().filter((node) => node.kind === "webhook");
    assert.ok(rows.length >= 5);
    const items = await Promise.all(rows.map((node) => webhooks.getTreeItem(node)));
    const labels = items.map(({ accessibilityInformation }) => accessibilityInformation?.label ?? "");
    for (const state of ["enabled", "disabled", "failing"]) {
      assert.ok(
        labels.some((label) => label.includes(state)),
        `no webhook is ${state}: ${labels.join("; ")}`,
      );
    }
  });

  it("change one row when one webhook changed, and keep its object", async () => {
    const webhook = account.webhooks.snapshot.webhooks.find(({ enabled }) => enabled);
    assert.ok(webhook);
    const row = webhookRow(webhook.id);
    const changes = changesOf(webhooks);
    const subscription = account.webhooks.onDidChange((change) => {
      if (change !== "all") webhooks.redrawWebhooks(change);
    });
    await setWebhookEnabled(account, webhook.id, false);
    subscription.dispose();
    assert.deepEqual(changes, [row]);
    assert.match(String((await webhooks.getTreeItem(row)).description), /disabled/);
  });

  it("group deliveries by day, newest first, and count them", () => {
    const days = deliveries.getChildren().filter((node) => node.kind === "day");
    assert.ok(days.length > 1);
    assert.deepEqual(
      days.map(({ day }) => day),
      days
        .map(({ day }) => day)
        .toSorted()
        .reverse(),
    );
    for (const day of days) assert.equal(deliveries.getChildren(day).length, day.count);
  });

  it("have ids that outlive a refresh, all different", async () => {
    const ids = async (): Promise<(string | undefined)[]> => {
      const rows = deliveries.getChildren().flatMap((node) => [node, ...deliveries.getChildren(node)]);
      const items = await Promise.all(rows.map((node) => deliveries.getTreeItem(node)));
      return items.map(({ id }) => id);
    };
    const before = await ids();
    assert.equal(new Set(before).size, before.length);
    await account.call(() => account.deliveries.load());
    deliveries.redraw();
    assert.deepEqual(await ids(), before);
  });

  it("show a webhook's facts and its newest loaded deliveries below it", () => {
    const [delivery] = account.deliveries.snapshot.rows.filter(({ webhookId }) => webhookId !== undefined);
    assert.ok(delivery?.webhookId);
    const children = webhooks.getChildren(webhookRow(delivery.webhookId));
    assert.ok(children.some((node) => node.kind === "fact" && node.name === "URL"));
    assert.ok(children.some((node) => node.kind === "delivery" && node.delivery.id === delivery.id));
  });

  it("show the newest below a webhook, whatever the deliveries are sorted by", async () => {
    account.deliveries.setFilter({ sortOrder: "asc" });
    await account.call(() => account.deliveries.load());
    const { rows } = account.deliveries.snapshot;
    const ofMany = rows.find(({ webhookId }) => rows.filter((row) => row.webhookId === webhookId).length > 5);
    assert.ok(ofMany?.webhookId);
    const below = webhooks.getChildren(webhookRow(ofMany.webhookId)).filter((node) => node.kind === "delivery");
    const times = rows.flatMap(({ webhookId, createdAt }) => (webhookId === ofMany.webhookId ? [createdAt ?? ""] : []));
    assert.deepEqual(
      below.map(({ delivery }) => delivery.createdAt),
      times.toSorted().reverse().slice(0, 5),
    );
    account.deliveries.setFilter({});
    await account.call(() => account.deliveries.load());
  });

  it("offer more only while there is more", async () => {
    const more = (): AccountNode | undefined => deliveries.getChildren().find((node) => node.kind === "more");
    assert.ok(more());
    for (let pages = 0; more() !== undefined && pages < 30; pages++)
      await account.call(() => account.deliveries.loadMore());
    assert.equal(more(), undefined);
    assert.ok(account.deliveries.snapshot.rows.length >= 500);
  });

  it("change one row of all when one delivery changed, and keep its object", () => {
    const rows = deliveries
      .getChildren()
      .flatMap((day) => deliveries.getChildren(day))
      .filter((node) => node.kind === "delivery");
    const row = rows.at(-1);
    assert.ok(row);
    const changes = changesOf(deliveries);
    const subscription = account.deliveries.onDidChange((change) => {
      if (change !== "all") deliveries.redrawDelivery(change.key);
    });
    account.deliveries.put({ ...row.delivery, status: "pending" });
    subscription.dispose();
    assert.equal(changes.length, 1);
    assert.equal(changes[0], row);
    assert.equal(row.delivery.status, "pending");
  });

  it("keep their rows when a refresh fails", async () => {
    const rows = account.deliveries.snapshot.rows.length;
    await local.close();
    await assert.rejects(
      account.call(() => account.deliveries.load()),
      { name: "PacSpaceError" },
    );
    assert.equal(account.deliveries.snapshot.rows.length, rows);
    assert.equal(account.session.kind, "unreachable");
  });
});
