import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { Verdict } from "../../src/core/model/verdict";
import type { Webhook } from "../../src/core/model/webhook";
import { activated, call, Endpoint, failure, startLocal } from "./support";

interface Created {
  readonly id: string;
  readonly url: string;
  readonly enabled: boolean;
  readonly createdAt: string;
  readonly secretStored: boolean;
}

describe("webhooks by argument", () => {
  const endpoint = new Endpoint();
  let url = "";

  before(async () => {
    await activated();
    await startLocal("empty");
    url = await endpoint.listen();
  });

  after(async () => {
    await endpoint.close();
    await call("stopLocal");
  });

  async function created(description?: string): Promise<Created> {
    return call<Created>("createWebhook", description === undefined ? { url } : { url, description });
  }

  it("creates one, stores its secret and never returns it", async () => {
    const webhook = await created("billing");
    assert.deepEqual(Object.keys(webhook).sort(), ["createdAt", "enabled", "id", "secretStored", "url"]);
    assert.equal(webhook.secretStored, true);
    assert.equal(webhook.url, url);
    assert.doesNotMatch(JSON.stringify(webhook), /whsec_/);
  });

  it("refuses a URL that PacSpace can't call, before anything is sent", async () => {
    assert.match(await failure("createWebhook", { url: "http://example.com/hook" }), /HTTPS/);
    assert.match(await failure("createWebhook", { url: "not a url" }), /full URL/);
    assert.match(await failure("createWebhook"), /url is missing/);
  });

  it("lists all, and reads one", async () => {
    const { id } = await created("listed");
    const { webhooks, total } = await call<{ webhooks: Webhook[]; total: number }>("listWebhooks");
    assert.equal(webhooks.length, total);
    assert.equal(webhooks.find((webhook) => webhook.id === id)?.description, "listed");
    assert.equal((await call<Webhook>("getWebhook", { id })).id, id);
    assert.doesNotMatch(JSON.stringify(webhooks), /whsec_/);
  });

  it("enables and disables only where needed, and toggles", async () => {
    const { id } = await created();
    assert.deepEqual(await call("enableWebhook", { id }), { id, enabled: true });
    assert.deepEqual(await call("disableWebhook", { id }), { id, enabled: false });
    assert.deepEqual(await call("disableWebhook", { id }), { id, enabled: false });
    assert.deepEqual(await call("toggleWebhook", { id }), { id, enabled: true });
    assert.equal((await call<Webhook>("getWebhook", { id })).enabled, true);
  });

  it("sends a test event whose signature the stored secret verifies", async () => {
    const { id } = await created();
    endpoint.received.length = 0;
    const result = await call<{ success: boolean; httpStatus: number; message: string }>("testWebhook", { id });
    assert.equal(result.success, true);
    assert.equal(result.httpStatus, 200);
    const [request] = endpoint.received;
    assert.ok(request);
    const message = { headers: request.headers, bodyBase64: request.body.toString("base64") };
    const verdict = await call<Verdict>("verifySignature", { ...message, webhookId: id });
    assert.equal(verdict.verdict, "valid");
    assert.equal(verdict.matchedWebhookId, id);
    assert.equal((await call<Verdict>("verifySignature", message)).verdict, "valid");
    assert.equal((await call<Verdict>("verifySignature", { ...message, secret: "whsec_wrong" })).verdict, "invalid");
  });

  it("tells a test that the endpoint refused", async () => {
    const { id } = await created();
    endpoint.status = 500;
    const result = await call<{ success: boolean; httpStatus: number }>("testWebhook", { id });
    endpoint.status = 200;
    assert.equal(result.success, false);
    assert.equal(result.httpStatus, 500);
  });

  it("copies, replaces and forgets a secret", async () => {
    const { id } = await created();
    await vscode.env.clipboard.writeText("");
    assert.deepEqual(await call("copySecret", { id }), { copied: true });
    assert.match(await vscode.env.clipboard.readText(), /^whsec_/);
    assert.deepEqual(await call("storeSecret", { id, secret: "whsec_replacement" }), { stored: true });
    await call("copySecret", { id });
    assert.equal(await vscode.env.clipboard.readText(), "whsec_replacement");
    assert.deepEqual(await call("forgetSecret", { id }), { forgotten: true });
    assert.match(await failure("copySecret", { id }), /No secret is stored here/);
    assert.match(await failure("forgetSecret", { id }), /No secret is stored here/);
    await vscode.env.clipboard.writeText("");
  });

  it("checks with an earlier secret after one was replaced, says so, and forgets both when told to", async () => {
    const { id } = await created();
    endpoint.received.length = 0;
    await call("testWebhook", { id });
    const [request] = endpoint.received;
    assert.ok(request);
    const message = { headers: request.headers, bodyBase64: request.body.toString("base64"), webhookId: id };
    await call("storeSecret", { id, secret: "whsec_rotated" });
    const verdict = await call<Verdict>("verifySignature", message);
    assert.equal(verdict.verdict, "invalid");
    assert.deepEqual(
      verdict.causes.map((cause) => [cause.id, cause.certainty]),
      [["secret.previous", "proven"]],
    );
    await call("forgetSecret", { id });
    assert.match(await failure("verifySignature", message), /No secret is stored here/);
    // Nor does it come back as the earlier one of a secret that is stored anew.
    await call("storeSecret", { id, secret: "whsec_rotated" });
    const anew = await call<Verdict>("verifySignature", message);
    assert.equal(anew.verdict, "invalid");
    assert.ok(!anew.causes.some((cause) => cause.id === "secret.previous"), JSON.stringify(anew.causes));
  });

  it("deletes one only when confirmed", async () => {
    const { id } = await created();
    assert.match(await failure("deleteWebhook", { id }), /confirmed/);
    assert.deepEqual(await call("deleteWebhook", { id, confirmed: true }), { deleted: true });
    assert.notEqual(await failure("getWebhook", { id }), "");
    assert.notEqual(await failure("deleteWebhook", { id, confirmed: true }), "");
  });
});
