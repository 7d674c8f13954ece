import assert from "node:assert/strict";
import type { Delivery } from "../../src/core/model/delivery";
import { environmentOf } from "../../src/core/model/environment";
import { ContextKeyWriter } from "../../src/host/platform/contextKeys";
import { DeliveryFilters } from "../../src/host/tree/deliveryFilters";
import type { DeliveryNode, TreeNode, WebhookNode } from "../../src/host/tree/nodes";
import { demoAccount } from "../../src/local/demoAccount";
import { MisbehavingProxy, to } from "../misbehave/proxy";
import { LiveTree } from "./liveTrees";
import { startRecording, type Recording } from "./recording";
import { activated, call, failure, mementos, startLocal, until } from "./support";

const isWebhook = (row: TreeNode): row is WebhookNode => row.kind === "webhook";
const isDelivery = (row: TreeNode): row is DeliveryNode => row.kind === "delivery";

describe("the sidebar's own views", () => {
  let webhooks: LiveTree;
  let deliveries: LiveTree;

  before(async () => {
    await activated();
    await startLocal("demo");
    await call("filterDeliveries", {});
    await call("refresh");
    webhooks = new LiveTree("pacspace.webhooks");
    deliveries = new LiveTree("pacspace.deliveries");
    // Until then rows are redrawn because it becomes known whether they have a secret.
    await until("every secret was looked for", async () => {
      const rows = (await webhooks.children()).filter(isWebhook);
      return rows.length > 0 && rows.every(({ hasSecret }) => hasSecret !== undefined);
    });
  });

  after(() => call("stopLocal"));

  it("redraw the row of a webhook that was toggled, and no other", async () => {
    const row = (await webhooks.children()).filter(isWebhook).find(({ webhook }) => webhook.enabled);
    assert.ok(row);
    const elsewhere: (TreeNode | undefined)[] = [];
    const changes = await webhooks.changesOf(async () => {
      elsewhere.push(...(await deliveries.changesOf(() => call("toggleWebhook", { id: row.webhook.id }))));
    });
    assert.deepEqual(changes, [row]);
    assert.equal(changes[0], row, "its object is kept: VS Code finds the row by it");
    assert.deepEqual(elsewhere, []);
    assert.match(String((await webhooks.item(row)).description), /^disabled/);
    await call("toggleWebhook", { id: row.webhook.id });
  });

  it("redraw the rows of a delivery that was retried and of its webhook, and no others", async () => {
    // Of all its history: other tests may have retried what failed of late.
    await call("filterDeliveries", { status: "failed" });
    const days = await deliveries.children();
    const rows = (await Promise.all(days.map((day) => deliveries.children(day)))).flat().filter(isDelivery);
    const known = (await webhooks.children()).filter(isWebhook);
    const above = ({ delivery }: DeliveryNode): WebhookNode | undefined =>
      known.find(({ webhook }) => webhook.id === delivery.webhookId);
    const row = rows.find((one) => above(one) !== undefined);
    assert.ok(row);
    const { id, webhookId, createdAt } = row.delivery;
    const changesAbove: (TreeNode | undefined)[] = [];
    const changes = await deliveries.changesOf(async () => {
      changesAbove.push(...(await webhooks.changesOf(() => call("retryDelivery", { id, webhookId, createdAt }))));
    });
    assert.deepEqual(changes, [row]);
    assert.equal(changes[0], row);
    assert.deepEqual(changesAbove, [above(row)]);
    assert.equal(changesAbove[0], above(row));
    await call("filterDeliveries", {});
  });

  it("count all loaded deliveries that have failed, those too that the filter hides", async () => {
    const loaded = await call<{ deliveries: readonly Delivery[] }>("listDeliveries");
    const failed = loaded.deliveries.filter(({ status }) => status === "failed").length;
    assert.ok(failed > 0);
    await call("filterDeliveries", { event: "no.such.event" });
    assert.deepEqual(await deliveries.children().then((rows) => rows.filter(({ kind }) => kind === "day")), []);
    assert.equal(deliveries.badge?.value, failed);
    assert.equal(deliveries.badge.tooltip, `${failed} failed among the loaded deliveries`);
    await call("filterDeliveries", {});
  });
});

describe("context keys", () => {
  let recording: Recording;

  before(async () => {
    await activated();
    recording = startRecording();
  });

  after(async () => {
    recording.stop();
    await call("stopLocal");
  });

  /** What was set last of each key. */
  const lastSet = (): Readonly<Record<string, unknown>> => Object.fromEntries(recording.contexts);

  /** What is set of one key while something is done. */
  async function setBy(key: string, work: () => Promise<unknown>): Promise<readonly unknown[]> {
    const from = recording.contexts.length;
    await work();
    return recording.contexts.slice(from).flatMap(([name, value]) => (name === key ? [value] : []));
  }

  it("are set when they change, and only then", async () => {
    const keys = new ContextKeyWriter();
    // Polling is off here: the window's own value is the same before and after.
    const key = "pacspace.pollMissed";
    const twice = (value: boolean) => (): Promise<void> => {
      keys.set(key, value);
      keys.set(key, value);
      assert.equal(keys.get(key), value);
      return Promise.resolve();
    };
    assert.deepEqual(await setBy(key, twice(false)), [], "as it was before anything was set");
    assert.deepEqual(await setBy(key, twice(true)), [true]);
    assert.deepEqual(await setBy(key, twice(false)), [false]);
  });

  it("follow a sign-in, a filter and a sign-out", async () => {
    await startLocal("demo");
    await call("signOut");
    const signIn = (): Promise<unknown> => call("signIn", { method: "password", ...demoAccount });
    assert.deepEqual(await setBy("pacspace.session", signIn), ["signedIn"]);
    await call("refresh");
    const loaded = lastSet();
    assert.deepEqual([loaded["pacspace.webhooksLoaded"], loaded["pacspace.deliveriesLoaded"]], [true, true]);
    assert.equal(loaded["pacspace.deliveriesMore"], true);
    assert.deepEqual(await setBy("pacspace.session", () => call("refresh")), []);

    const key = "pacspace.deliveriesFiltered";
    assert.deepEqual(await setBy(key, () => call("filterDeliveries", { status: "failed" })), [true]);
    assert.deepEqual(await setBy(key, () => call("filterDeliveries", { status: "pending" })), []);
    assert.deepEqual(await setBy(key, () => call("filterDeliveries", {})), [false]);

    assert.deepEqual(await setBy("pacspace.session", () => call("signOut")), ["signedOut"]);
    const left = lastSet();
    assert.deepEqual([left["pacspace.webhooksLoaded"], left["pacspace.deliveriesLoaded"]], [false, false]);
    assert.equal(left["pacspace.deliveriesMore"], false);
  });

  it("are never set to what they are", () => {
    const known = new Map<string, unknown>();
    for (const [key, value] of recording.contexts) {
      assert.ok(!known.has(key) || known.get(key) !== value, `${key} was set to ${String(value)} once more`);
      known.set(key, value);
    }
    assert.ok(known.size >= 5);
  });
});

describe("a view that can't be read", () => {
  const refused = { kind: "answer", status: 403, body: '{"message":"Not with your role"}' } as const;
  const webhookPages = to("GET", "/webhooks");
  const deliveryPages = to("GET", "/deliveries");
  let proxy: MisbehavingProxy;
  let webhooks: LiveTree;
  let deliveries: LiveTree;

  before(async () => {
    await activated();
    proxy = await MisbehavingProxy.start((await startLocal("demo")).baseUrl);
    await call("switchEnvironment", { baseUrl: proxy.baseUrl });
    await call("signIn", { method: "password", ...demoAccount });
    await call("refresh");
    webhooks = new LiveTree("pacspace.webhooks");
    deliveries = new LiveTree("pacspace.deliveries");
  });

  afterEach(() => proxy.reset());

  after(async () => {
    await startLocal("demo");
    await call("stopLocal");
    await proxy.close();
  });

  it("says so until it is read again, whatever else changes", async () => {
    const notRefreshed = /^Not refreshed, these rows are from before\. .*Not with your role/;
    proxy.always(deliveryPages, refused);
    assert.match(await failure("refresh"), /Not with your role/);
    assert.match(deliveries.message, notRefreshed);
    assert.equal(webhooks.message, "");
    const row = (await webhooks.children()).find(isWebhook);
    assert.ok(row);
    await call("toggleWebhook", { id: row.webhook.id });
    await call("toggleWebhook", { id: row.webhook.id });
    assert.match(deliveries.message, notRefreshed);
    proxy.reset();
    await call("refresh");
    assert.equal(deliveries.message, "");
  });

  it("keeps the other one from nothing, and its error is the one that is told", async () => {
    proxy.always(webhookPages, refused);
    assert.match(await failure("refresh"), /Not with your role/);
    assert.match(webhooks.message, /Not with your role/);
    assert.equal(deliveries.message, "");
    assert.equal(proxy.count(deliveryPages), 1);
  });
});

describe("the deliveries' filter", () => {
  it("is kept apart per environment", async () => {
    const { globalState } = mementos();
    const staging = environmentOf("custom", "Staging", "https://staging.example.com");
    const local = environmentOf("local", "Local PacSpace", "http://127.0.0.1:4400");
    const filters = new DeliveryFilters(globalState);
    await filters.write(staging, { status: "failed" });
    assert.deepEqual(filters.read(local), {});
    await filters.write(local, { event: "delta.verified" });
    // As the next window finds them, Local PacSpace at another port.
    const later = new DeliveryFilters(globalState);
    assert.deepEqual(later.read(staging), { status: "failed" });
    assert.deepEqual(later.read(environmentOf("local", "Local PacSpace", "http://127.0.0.1:5500")), {
      event: "delta.verified",
    });
    assert.deepEqual(later.read(environmentOf("production", "Production", "https://app.pacspace.io")), {});
  });
});
