import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import * as vscode from "vscode";
import type { Delivery } from "../../src/core/model/delivery";
import type { Verdict } from "../../src/core/model/verdict";
import { activated, call, Endpoint, failure, startLocal, until } from "./support";

interface Page {
  readonly deliveries: readonly Delivery[];
  readonly total?: number;
}

function inspectorTabs(): readonly vscode.Tab[] {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.includes("inspector"));
}

describe("deliveries by argument", () => {
  let folder = "";

  before(async () => {
    await activated();
    await startLocal("demo");
    folder = await mkdtemp(path.join(tmpdir(), "pacspace-export-"));
  });

  after(async () => {
    await rm(folder, { recursive: true });
    await call("stopLocal");
  });

  it("reads one page, filtered and sorted as asked", async () => {
    const { deliveries, total } = await call<Page>("listDeliveries", { status: "failed", limit: 20, offset: 0 });
    assert.equal(deliveries.length, 20);
    assert.ok(total !== undefined && total > 20);
    assert.ok(deliveries.every(({ status }) => status === "failed"));
    const next = await call<Page>("listDeliveries", { status: "failed", limit: 20, offset: 20 });
    const ids = new Set(deliveries.map(({ id }) => id));
    assert.ok(next.deliveries.every(({ id }) => !ids.has(id)));
    const ascending = await call<Page>("listDeliveries", { sortBy: "attempts", sortOrder: "asc", limit: 50 });
    const attempts = ascending.deliveries.map((delivery) => delivery.attempts ?? 0);
    assert.deepEqual(
      attempts,
      attempts.toSorted((left, right) => left - right),
    );
  });

  it("takes the page size from the settings", async () => {
    assert.equal((await call<Page>("listDeliveries")).deliveries.length, 50);
  });

  it("names what is wrong with a filter", async () => {
    assert.match(await failure("listDeliveries", { status: "lost" }), /status must be one of/);
    assert.match(await failure("listDeliveries", { startDate: "2026-02-30" }), /startDate must be a day/);
    assert.match(await failure("listDeliveries", { webhook: "w" }), /no filter "webhook"/);
  });

  it("sets and gives back the view's filter", async () => {
    const filter = { status: "failed", event: "delta.failed" };
    assert.deepEqual(await call("filterDeliveries", filter), { filter });
    assert.deepEqual(await call("filterDeliveries", {}), { filter: {} });
  });

  it("opens one in the inspector", async () => {
    const [delivery] = (await call<Page>("listDeliveries", { limit: 1 })).deliveries;
    assert.ok(delivery);
    assert.deepEqual(await call("inspectDelivery", { id: delivery.id }), { opened: true });
    await until("the panel's tab", () => inspectorTabs().length > 0);
    assert.match(await failure("inspectDelivery", { id: "evt_nowhere" }), /no delivery evt_nowhere/);
  });

  it("opens fifty and closes them again, leaving nothing behind", async () => {
    await vscode.window.tabGroups.close(inspectorTabs());
    const { deliveries } = await call<Page>("listDeliveries", { limit: 50 });
    for (const { id, webhookId, createdAt } of deliveries) await call("inspectDelivery", { id, webhookId, createdAt });
    await until("fifty tabs", () => inspectorTabs().length === deliveries.length);
    await call("inspectDelivery", { id: deliveries[0]?.id });
    assert.equal(inspectorTabs().length, deliveries.length);
    await vscode.window.tabGroups.close(inspectorTabs());
    await until("no tab", () => inspectorTabs().length === 0);
  }).timeout(120_000);

  it("verifies a request against the body that PacSpace keeps of its delivery", async () => {
    const endpoint = new Endpoint();
    const { id: webhookId } = await call<{ id: string }>("createWebhook", { url: await endpoint.listen() });
    await call("testWebhook", { id: webhookId });
    await endpoint.close();
    const [received] = endpoint.received;
    assert.ok(received);
    const deliveryId = String(received.headers["x-event-id"]);
    const headers = Object.fromEntries(
      Object.entries(received.headers).filter((header): header is [string, string] => typeof header[1] === "string"),
    );
    const body = received.body.toString("utf8").replace(/"timestamp":"\d{4}/, '"timestamp":"1999');
    assert.notEqual(body, received.body.toString("utf8"));
    const verify = (more: object): Promise<Verdict> => call("verifySignature", { headers, body, webhookId, ...more });
    const proven = ({ causes }: Verdict): readonly string[] =>
      causes.flatMap(({ id, certainty }) => (certainty === "proven" ? [id] : []));

    const alone = await verify({});
    assert.deepEqual([alone.verdict, proven(alone)], ["invalid", []]);
    const compared = await verify({ deliveryId });
    assert.deepEqual([compared.verdict, proven(compared)], ["invalid", ["body.altered"]]);
    assert.equal((await verify({ deliveryId, body: received.body.toString("utf8") })).verdict, "valid");

    const [other] = (await call<Page>("listDeliveries", { status: "delivered", limit: 1, offset: 5 })).deliveries;
    assert.deepEqual(proven(await verify({ deliveryId: other?.id })), [], "another delivery proves nothing");
    const verification = { headers, body, webhookId, deliveryId: "evt_nowhere" };
    assert.match(await failure("verifySignature", verification), /no delivery evt_nowhere/);
    await call("deleteWebhook", { id: webhookId, confirmed: true });
  });

  it("retries a failed delivery, and refuses others", async () => {
    const [failed] = (await call<Page>("listDeliveries", { status: "failed", limit: 1 })).deliveries;
    const { deliveries } = await call<Page>("listDeliveries", { limit: 100 });
    // One event may reach two webhooks, and fail at one of them only.
    const unsent = new Set(deliveries.filter(({ status }) => status !== "delivered").map(({ id }) => id));
    const delivered = deliveries.find(({ id }) => !unsent.has(id));
    assert.ok(failed && delivered);
    const retried = await call<{ id: string; status: string }>("retryDelivery", { id: failed.id });
    assert.equal(retried.id, failed.id);
    assert.ok(["pending", "delivered", "failed"].includes(retried.status));
    assert.notEqual(await failure("retryDelivery", { id: delivered.id }), "");
    assert.notEqual(await failure("retryDelivery", { id: "evt_nowhere" }), "");
  });

  it("retries all failed ones of a filter, when confirmed", async () => {
    const startDate = new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 10);
    assert.match(await failure("retryFailedDeliveries", { startDate }), /confirmed/);
    const result = await call<{ matched: number; retried: number; failed: unknown[] }>("retryFailedDeliveries", {
      startDate,
      confirmed: true,
    });
    assert.ok(result.matched > 0);
    assert.equal(result.retried + result.failed.length, result.matched);
  });

  it("exports byte for byte, and leaves nothing half-written", async () => {
    const target = path.join(folder, "deliveries.csv");
    const uri = vscode.Uri.file(target).toString();
    const exported = await call<{ uri: string; bytes: number }>("exportDeliveries", { uri, status: "failed" });
    const text = await readFile(target, "utf8");
    assert.equal(exported.uri, uri);
    assert.equal(exported.bytes, Buffer.byteLength(text));
    assert.match(text, /failed/);
    assert.match(await failure("exportDeliveries", { uri }), /exists already/);
    await writeFile(target, "mine");
    await call("exportDeliveries", { uri, overwrite: true });
    assert.notEqual(await readFile(target, "utf8"), "mine");
    assert.match(
      await failure("exportDeliveries", { uri: path.join(folder, "none", "x.csv") }),
      /folder does not exist/,
    );
    assert.match(await failure("exportDeliveries", { uri: "https://example.com/x.csv" }), /file: URI/);
    assert.deepEqual(await readdir(folder), ["deliveries.csv"]);
  });
});
