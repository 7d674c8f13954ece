import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import * as vscode from "vscode";
import type { Delivery } from "../../src/core/model/delivery";
import type { Webhook } from "../../src/core/model/webhook";
import { deliveryNode, webhookNode, type TreeNode } from "../../src/host/tree/nodes";
import { demoAccount, mfaAccount } from "../../src/local/demoAccount";
import { activated, call, Endpoint, failure, startLocal } from "./support";

interface Webhooks {
  readonly webhooks: readonly Webhook[];
  readonly total: number;
}

/** Calls a command on rows, as the context menu does. */
async function onRows(command: string, nodes: readonly TreeNode[]): Promise<unknown> {
  return vscode.commands.executeCommand(`pacspace.${command}`, nodes[0], nodes);
}

/** Calls a command as the palette does, and leaves every box that it opens. */
async function givenUp(command: string): Promise<unknown> {
  const leaving = setInterval(() => void vscode.commands.executeCommand("workbench.action.closeQuickOpen"), 100);
  try {
    return await vscode.commands.executeCommand(`pacspace.${command}`);
  } finally {
    clearInterval(leaving);
  }
}

describe("what commands give back", () => {
  const endpoint = new Endpoint();
  let url = "";
  let baseUrl = "";

  before(async () => {
    await activated();
    ({ baseUrl } = await startLocal("demo"));
    url = await endpoint.listen();
  });

  after(async () => {
    await endpoint.close();
    await call("stopLocal");
  });

  async function created(): Promise<Webhook> {
    const { id } = await call<{ id: string }>("createWebhook", { url });
    return call<Webhook>("getWebhook", { id });
  }

  async function list(filter: object): Promise<readonly Delivery[]> {
    return (await call<{ deliveries: readonly Delivery[] }>("listDeliveries", filter)).deliveries;
  }

  it("has the documented keys, no others, and never a secret; keys that nobody asked for are left alone", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "pacspace-results-"));
    const { id } = await created();
    const [failed] = await list({ status: "failed", limit: 1 });
    assert.ok(failed);
    const uri = vscode.Uri.file(path.join(folder, "deliveries.csv")).toString();
    const headers = { "X-PacSpace-Signature": "v1=00", "X-PacSpace-Timestamp": "1" };
    const extra = { extra: true };
    const documented: readonly (readonly [command: string, argument: object, keys: string])[] = [
      ["signIn", { method: "password", ...demoAccount, ...extra }, "environment signedIn"],
      ["signIn", { method: "password", ...mfaAccount, mfaCode: Number(mfaAccount.code) }, "environment signedIn"],
      ["refresh", extra, ""],
      ["switchEnvironment", { name: "local pacspace", ...extra }, "environment signedIn"],
      ["createWebhook", { url, description: "of the table", ...extra }, "createdAt enabled id secretStored url"],
      ["listWebhooks", extra, "total webhooks"],
      ["getWebhook", { id, ...extra }, "createdAt enabled id url"],
      ["toggleWebhook", { id, ...extra }, "enabled id"],
      ["enableWebhook", { id, ...extra }, "enabled id"],
      ["disableWebhook", { id, ...extra }, "enabled id"],
      ["testWebhook", { id, ...extra }, "httpStatus message success"],
      ["copySecret", { id, ...extra }, "copied"],
      ["storeSecret", { id, secret: "whsec_other", ...extra }, "stored"],
      ["forgetSecret", { id, ...extra }, "forgotten"],
      ["deleteWebhook", { id, confirmed: true, ...extra }, "deleted"],
      ["listDeliveries", { limit: 1 }, "deliveries total"],
      ["filterDeliveries", { status: "failed" }, "filter"],
      ["filterDeliveries", {}, "filter"],
      ["retryDelivery", { id: failed.id, ...extra }, "id status"],
      ["retryFailedDeliveries", { endDate: "2020-01-01", confirmed: true }, "failed matched retried"],
      ["exportDeliveries", { uri, status: "failed", limit: 2, offset: 1 }, "bytes uri"],
      ["verifySignature", { headers, body: "{}", secret: "whsec_none", now: 1, ...extra }, "causes tried verdict"],
      ["startLocal", { ...extra, port: 0 }, "baseUrl environment"],
    ];
    for (const [command, argument, keys] of documented) {
      const result = await call<object>(command, argument);
      assert.equal(Object.keys(result).sort().join(" "), keys, command);
      assert.doesNotMatch(JSON.stringify(result), /whsec_(?!…)/, command);
    }
    await vscode.env.clipboard.writeText("");
    await rm(folder, { recursive: true });
  });

  it("is an error in words for an argument of the wrong kind", async () => {
    const headers = { "X-PacSpace-Signature": "v1=00", "X-PacSpace-Timestamp": "1" };
    assert.match(await failure("getWebhook", [1] as object), /takes one object/);
    assert.match(await failure("getWebhook", { id: "" }), /id is missing/);
    assert.match(await failure("verifySignature", { headers, body: "", keys: "whsec_x" }), /keys must be a list/);
    assert.match(await failure("verifySignature", { headers, body: "", secret: "x", now: "soon" }), /now must be/);
    assert.match(await failure("startLocal", { port: -1 }), /port must be/);
    assert.match(await failure("startLocal", { seed: "much" }), /seed must be/);
    assert.match(await failure("exportDeliveries", { uri: "file:///tmp/x.csv", webhookId: "wh_1" }), /no filter/);
  });

  it("is undefined for a person who gives up", async () => {
    for (const command of [
      ...["signIn", "switchEnvironment", "createWebhook", "listWebhooks", "testWebhook", "deleteWebhook"],
      ...["copySecret", "storeSecret", "filterDeliveries", "inspectDelivery", "retryDelivery", "verifySignature"],
    ]) {
      assert.equal(await givenUp(command), undefined, command);
    }
    assert.equal((await call<{ environment: string }>("switchEnvironment", { baseUrl })).environment, "Local PacSpace");
  });

  it("is undefined for rows; one that fails is told, not thrown, and keeps none of the others from being done", async () => {
    const gone: Webhook = { id: "webhook_gone", url, enabled: true };
    const webhooks = [await created(), gone, await created()];
    const rows = webhooks.map((webhook) => webhookNode(webhook, true));
    assert.equal(await onRows("disableWebhook", rows), undefined);
    const states = new Map((await call<Webhooks>("listWebhooks")).webhooks.map(({ id, enabled }) => [id, enabled]));
    assert.deepEqual(
      webhooks.map(({ id }) => states.get(id)),
      [false, undefined, false],
    );
    endpoint.received.length = 0;
    assert.equal(await onRows("testWebhook", rows), undefined);
    assert.equal(endpoint.received.length, 2);
  });

  it("retries every selected delivery that failed, and no other", async () => {
    const failed = await list({ status: "failed", limit: 2, sortOrder: "asc" });
    const [delivered] = await list({ status: "delivered", limit: 1, sortOrder: "asc" });
    assert.ok(delivered);
    const rows = [...failed, delivered].map((delivery) => deliveryNode(delivery, undefined, "deliveries"));
    assert.equal(await onRows("retryDelivery", rows), undefined);
    const now = await list({ limit: 100, sortOrder: "asc" });
    const attempts = ({ id, webhookId }: Delivery): number | undefined =>
      now.find((row) => row.id === id && row.webhookId === webhookId)?.attempts;
    assert.equal(attempts(delivered), delivered.attempts);
    for (const before of failed) {
      const after = now.find((row) => row.id === before.id && row.webhookId === before.webhookId);
      assert.ok(after?.status === "pending" || (after?.attempts ?? 0) > (before.attempts ?? 0), before.id);
    }
  });
});
