import assert from "node:assert/strict";
import * as http from "node:http";
import * as net from "node:net";
import * as vscode from "vscode";
import { signatureOf } from "../../src/core/signature/sign";
import { activated, call, Endpoint, failure, startLocal, until } from "./support";

interface Row {
  readonly id: string;
  readonly event?: string;
  readonly eventId?: string;
  readonly source: string;
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly check: string;
  readonly webhookId?: string;
  readonly duplicateOf?: string;
  readonly bytes: number;
  readonly forward?: string;
  readonly handlerStatus?: number;
  readonly handlerError?: string;
}

const captures = async (): Promise<readonly Row[]> => (await call<{ captures: Row[] }>("listCaptures")).captures;

/** The newest capture, once its check and its forward are done. */
async function newest(count: number): Promise<Row> {
  await until(`capture ${count} is settled`, async () => {
    const rows = await captures();
    return rows.length === count && rows.every(({ check, forward }) => check !== "pending" && forward !== "pending");
  });
  const [row] = await captures();
  assert.ok(row);
  return row;
}

async function post(url: string, headers: Readonly<Record<string, string>>, body: Uint8Array): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = http.request(url, { method: "POST", headers, agent: false }, (answer) => {
      answer.resume();
      answer.on("end", () => resolve(answer.statusCode ?? 0));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

function inspectorTabs(): readonly vscode.Tab[] {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.includes("inspector"));
}

describe("the receiver by argument", () => {
  const handler = new Endpoint();
  let handlerUrl = "";
  let url = "";
  let webhookId = "";
  const secret = "whsec_of_this_test_alone";

  before(async () => {
    await activated();
    await startLocal("empty");
    handlerUrl = await handler.listen();
  });

  after(async () => {
    await call("stopReceiver").catch(() => undefined);
    await call("clearCaptures", { confirmed: true });
    await call("stopLocal");
    await handler.close();
    await vscode.window.tabGroups.close(inspectorTabs());
  });

  it("starts at any free port, and says where", async () => {
    ({ url } = await call<{ url: string }>("startReceiver", { port: 0 }));
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.deepEqual(await call("startReceiver"), { url }, "one that runs stays where it is");
    assert.match(await failure("startReceiver", { port: 65_000 }), /Stop it first/);
    assert.match(await failure("startReceiver", { port: -1 }), /port must be/);
    assert.match(await failure("startReceiver", { forwardTo: "https://example.com/" }), /this machine only/);
  });

  it("captures a test event of Local PacSpace, and verifies it with the stored secret", async () => {
    const webhook = await call<{ id: string }>("createWebhook", { url: `${url}/hooks?tenant=1` });
    webhookId = webhook.id;
    const result = await call<{ success: boolean; httpStatus: number }>("testWebhook", { id: webhookId });
    assert.deepEqual([result.success, result.httpStatus], [true, 200]);
    const row = await newest(1);
    assert.deepEqual(
      [row.event, row.check, row.webhookId, row.method, row.target, row.source],
      ["test", "verified", webhookId, "POST", "/hooks?tenant=1", "request"],
    );
    assert.ok(
      row.headers.some(([name]) => name === "X-PacSpace-Signature"),
      "names keep their case",
    );
    assert.equal(row.forward, undefined);
  });

  it("marks a wrong signature, an old one and none", async () => {
    const body = Buffer.from('{"event":"test"}');
    await post(url, { "X-PacSpace-Signature": "v1=00", "X-PacSpace-Timestamp": "1" }, body);
    assert.equal((await newest(2)).check, "wrong");
    await call("storeSecret", { id: webhookId, secret });
    const old = String(Math.floor(Date.now() / 1_000) - 3_600);
    const signature = signatureOf(secret, old, body);
    await post(url, { "X-PacSpace-Signature": signature, "X-PacSpace-Timestamp": old }, body);
    const row = await newest(3);
    assert.deepEqual([row.check, row.webhookId], ["expired", webhookId]);
    await post(url, {}, body);
    assert.equal((await newest(4)).check, "unsigned");
  });

  it("forwards byte for byte, and answers what the handler answers", async () => {
    assert.match(await failure("forwardCaptures", { url: "http://example.com" }), /this machine only/);
    assert.deepEqual(await call("forwardCaptures", { url: handlerUrl }), { forwardTo: handlerUrl });
    handler.status = 418;
    const body = Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x7d, 0x0d, 0x0a, 0xff]);
    assert.equal(await post(url, { "X-Event-ID": "evt_again", "X-Webhook-Event": "delta.verified" }, body), 418);
    const row = await newest(5);
    assert.deepEqual([row.forward, row.handlerStatus, row.bytes], ["answered", 418, body.length]);
    assert.deepEqual(handler.received.at(-1)?.body, body);
    assert.equal(handler.received.at(-1)?.headers["x-event-id"], "evt_again");
  });

  it("marks an event that came before as a duplicate", async () => {
    const [before] = await captures();
    await post(url, { "X-Event-ID": "evt_again" }, Buffer.from("{}"));
    assert.equal((await newest(6)).duplicateOf, before?.id);
  });

  it("keeps what a handler that is down did not get, and sends it again", async () => {
    await handler.close();
    assert.equal(await post(url, { "X-Event-ID": "evt_down" }, Buffer.from('{"down":true}')), 502);
    const row = await newest(7);
    assert.equal(row.forward, "failed");
    assert.match(row.handlerError ?? "", /\w/);
    assert.notEqual(await failure("forwardCapture", { id: row.id }), "");
    handler.status = 200;
    handlerUrl = await handler.listen();
    await call("forwardCaptures", { url: handlerUrl });
    const sent = await call<{ status: number; count: number }>("forwardCapture", { id: row.id });
    assert.deepEqual([sent.status, sent.count], [200, 1]);
    assert.equal(handler.received.at(-1)?.body.toString(), '{"down":true}');
    assert.match(await failure("forwardCapture", { id: "cap_nowhere" }), /not kept/);
  });

  it("opens captures in the inspector and as documents, and verifies and copies them", async () => {
    const [row] = await captures();
    assert.ok(row);
    assert.deepEqual(await call("inspectDelivery", { id: row.id }), { opened: true });
    await until("the panel's tab", () => inspectorTabs().length > 0);
    const { uri } = await call<{ uri: string }>("openDeliveryDocument", { id: row.id, part: "payload" });
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri, true));
    assert.equal(document.getText(), '{"down":true}');
    await call("copyAsCurl", { id: row.id });
    assert.match(await vscode.env.clipboard.readText(), /curl/);
    assert.match(await failure("inspectDelivery", { id: "cap_nowhere" }), /no longer kept/);
  });

  it("replays a capture to any handler: as it was, or signed anew", async () => {
    const row = (await captures()).find(({ check }) => check === "verified");
    assert.ok(row);
    const sentBefore = handler.received.length;
    const replayed = await call<{ status: number }>("replayDelivery", { id: row.id, url: handlerUrl });
    assert.equal(replayed.status, 200);
    const asItWas = handler.received.at(-1)?.headers["x-pacspace-signature"];
    assert.equal(asItWas, row.headers.find(([name]) => name === "X-PacSpace-Signature")?.[1]);
    await call("replayDelivery", { id: row.id, url: handlerUrl, resign: true });
    assert.equal(handler.received.length, sentBefore + 2);
    const { headers, body } = handler.received.at(-1) ?? assert.fail();
    const timestamp = String(headers["x-pacspace-timestamp"]);
    assert.equal(headers["x-pacspace-signature"], signatureOf(secret, timestamp, body));
    assert.match(await failure("replayDelivery", { id: "cap_nowhere", url: handlerUrl }), /no capture cap_nowhere/);
  });

  it("polls: hands new deliveries to the handler once, and names what it missed", async () => {
    const started = await call<{ kind: string; missed: unknown[] }>("startPolling");
    assert.deepEqual([started.kind, started.missed.length], ["live", 0]);
    const before = handler.received.length;
    // It goes to nobody: only polling brings it.
    const elsewhere = await call<{ id: string }>("createWebhook", { url: "http://127.0.0.1:9/" });
    await call("testWebhook", { id: elsewhere.id });
    await call("startPolling");
    const stopped = await call<{ kind: string; missed: { id: string }[] }>("stopPolling");
    assert.deepEqual([stopped.kind, stopped.missed.length], ["stopped", 1]);
    await call("startPolling");
    const { sent, missed } = await call<{ sent: number; missed: unknown[] }>("sendMissedDeliveries");
    assert.deepEqual([sent, missed.length], [1, 0]);
    assert.equal(handler.received.length, before + 1);
    const [row] = await captures();
    assert.deepEqual([row?.source, row?.event], ["polled", "test"]);
    assert.equal((await newest((await captures()).length)).check, "verified", "signed anew with the stored secret");
    await call("stopPolling");
    await call("deleteWebhook", { id: elsewhere.id, confirmed: true });
  });

  it("leaves the extension host free while a thousand connections are open, idle or slow", async () => {
    const { hostname, port } = new URL(url);
    const sockets = Array.from({ length: 1_000 }, () => net.connect(Number(port), hostname));
    const refused: Error[] = [];
    for (const socket of sockets) socket.on("error", (error) => refused.push(error));
    try {
      await until("all are connected", () => sockets.every(({ readyState }) => readyState === "open"));
      for (const [at, socket] of sockets.entries()) if (at % 2 === 0) socket.write("POST / HTTP/1.1\r\nHost: ");
      let longest = 0;
      let last = performance.now();
      const look = setInterval(() => {
        longest = Math.max(longest, performance.now() - last);
        last = performance.now();
      }, 1);
      const began = performance.now();
      const { webhooks } = await call<{ webhooks: readonly { url: string }[] }>("listWebhooks");
      const kept = (await captures()).length;
      assert.equal(await post(url, { "X-Event-ID": "evt_among_many" }, Buffer.from("{}")), 200);
      const took = performance.now() - began;
      clearInterval(look);
      assert.ok(webhooks.length > 0);
      assert.ok(took < 5_000, `they were answered after ${took} ms`);
      assert.ok(longest < 2_000, `the extension host was held up for ${longest} ms`);
      assert.deepEqual([refused.length, sockets.filter(({ readyState }) => readyState !== "open").length], [0, 0]);
      assert.equal((await newest(kept + 1)).eventId, "evt_among_many");
    } finally {
      for (const socket of sockets) socket.destroy();
    }
  });

  it("deletes captures when confirmed", async () => {
    const rows = await captures();
    assert.match(await failure("deleteCapture", { id: rows[0]?.id }), /confirmed/);
    assert.deepEqual(await call("deleteCapture", { id: rows[0]?.id, confirmed: true }), { deleted: 1 });
    assert.equal((await captures()).length, rows.length - 1);
    assert.match(await failure("clearCaptures"), /confirmed/);
    assert.deepEqual(await call("clearCaptures", { confirmed: true }), { deleted: rows.length - 1 });
    assert.deepEqual(await captures(), []);
  });

  it("stops, and nothing listens there any more", async () => {
    assert.deepEqual(await call("stopReceiver"), { url });
    await assert.rejects(post(url, {}, Buffer.from("{}")));
    assert.match(await failure("stopReceiver"), /does not run/);
    assert.match(await failure("forwardCaptures", { url: handlerUrl }), /does not run/);
  });
});
