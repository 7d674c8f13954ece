import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import * as vscode from "vscode";
import type { Answered } from "../../src/send/answerText";
import { verifySignature } from "../../src/core/signature/verify";
import { openSample } from "../../src/host/sending/sampleFiles";
import { activated, call, Endpoint, failure, startLocal, until, type Received } from "./support";

const secret = `whsec_${"0123456789abcdef".repeat(4)}`;

function workspacePath(...parts: readonly string[]): string {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder, "the suite runs in a workspace");
  return join(folder.uri.fsPath, ...parts);
}

const events = (...parts: readonly string[]): string => workspacePath(".pacspace", "events", ...parts);

function writeEvent(name: string, content: string | Buffer): string {
  mkdirSync(events(), { recursive: true });
  writeFileSync(events(name), content);
  return vscode.Uri.file(events(name)).toString();
}

function verdictOf({ headers, body }: Received, key: string): string {
  const list = Object.entries(headers).map(([name, value]) => [name, String(value)] as const);
  const keys = [{ id: "wh", secret: key }];
  const request = { headers: list, body, keys, addressed: "first", toleranceSeconds: 60, now: Date.now() / 1_000 };
  return verifySignature({ ...request, addressed: "first" }).verdict;
}

describe("a sample event", () => {
  const endpoint = new Endpoint();
  let url = "";

  before(async () => {
    await activated();
    url = await endpoint.listen();
  });

  after(async () => {
    await endpoint.close();
    rmSync(workspacePath(".pacspace"), { recursive: true, force: true });
  });

  const last = (): Received => {
    const received = endpoint.received.at(-1);
    assert.ok(received, "the endpoint got nothing");
    return received;
  };

  it("is signed with the secret given, has fresh ids, and its answer comes back", async () => {
    const answer = await call<Answered>("sendSampleEvent", { event: "delta.verified", url, secret });
    assert.deepEqual(Object.keys(answer).sort(), ["durationMs", "responseBody", "status"]);
    assert.deepEqual([answer.status, answer.responseBody], [200, "seen"]);
    const first = last();
    assert.equal(verdictOf(first, secret), "valid");
    assert.equal(first.headers["x-webhook-event"], "delta.verified");
    assert.match(String(first.headers["x-event-id"]), /^evt_sample_[0-9a-f]{16}$/);
    await call("sendSampleEvent", { event: "delta.verified", url, secret });
    assert.notEqual(last().headers["x-event-id"], first.headers["x-event-id"]);
    assert.notDeepEqual(last().body, first.body);
  });

  it("is signed with a webhook's stored secret", async () => {
    await startLocal("empty");
    const { id } = await call<{ id: string }>("createWebhook", { url });
    await call("storeSecret", { id, secret });
    await call("sendSampleEvent", { event: "receipt.generated", url, webhookId: id });
    assert.equal(verdictOf(last(), secret), "valid");
    assert.match(await failure("sendSampleEvent", { event: "test", url, webhookId: "wh_none" }), /No secret is stored/);
  });

  it("has the body given, byte for byte", async () => {
    const body = '{"event":"x.y","n":1.0,\r\n "big":12345678901234567890,"n":2,"é":"{{now}}"}\n';
    await call("sendSampleEvent", { event: "x.y", url, secret, body });
    assert.equal(last().body.toString(), body);
    assert.equal(verdictOf(last(), secret), "valid");
  });

  it("tells an answer that is no success as it is, without the secret", async () => {
    endpoint.status = 503;
    const answer = await call<Answered>("sendSampleEvent", { event: "test", url, secret });
    endpoint.status = 200;
    assert.equal(answer.status, 503);
    assert.doesNotMatch(JSON.stringify(answer), new RegExp(secret));
  });

  it("goes through a connection that is kept, in VS Code's host too", async () => {
    let connections = 0;
    const server = createServer((request, response) => request.resume().on("end", () => response.end()));
    server.on("connection", () => (connections += 1));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    for (let count = 0; count < 20; count++)
      await call("sendSampleEvent", { event: "test", url: `http://127.0.0.1:${port}/`, secret });
    server.closeAllConnections();
    server.close();
    assert.equal(connections, 1);
  });

  it("is asked for in words where its argument is wrong, and nothing is sent", async () => {
    const before = endpoint.received.length;
    const event = "test";
    assert.match(await failure("sendSampleEvent", { url, secret }), /event is missing/);
    assert.match(await failure("sendSampleEvent", { event, secret }), /url is missing/);
    assert.match(await failure("sendSampleEvent", { event, url: "localhost:3000", secret }), /url is no full URL/);
    const both = { secret: "whsec_typed", webhookId: "webhook_none" };
    assert.match(await failure("sendSampleEvent", { event, url, ...both }), /Pass the handler's secret/);
    assert.match(await failure("sendSampleEvent", { event, url, secret, body: {} }), /body must be a string/);
    assert.match(
      await failure("sendSampleEvent", { event, url: "https://example.com/hook", secret }),
      /example\.com is not this machine: pass confirmed: true/,
    );
    assert.match(
      await failure("sendSampleEvent", { event, url: "http://127.0.0.1:1/", secret }),
      /^Nothing listens at http:\/\/127\.0\.0\.1:1\. Start your handler/,
    );
    assert.equal(endpoint.received.length, before);
  });

  it("is kept in the workspace, whole, and not replaced unless told", async () => {
    const { uri } = await call<{ uri: string }>("newSampleEvent", { event: "delta.failed", name: "negative" });
    assert.equal(vscode.Uri.parse(uri).fsPath, events("negative.json"));
    const text = readFileSync(events("negative.json"), "utf8");
    assert.match(text, /"event": "delta\.failed"/);
    writeFileSync(events("negative.json"), "{}");
    assert.match(
      await failure("newSampleEvent", { event: "test", name: "negative" }),
      /negative\.json is there already/,
    );
    assert.equal(readFileSync(events("negative.json"), "utf8"), "{}");
    await call("newSampleEvent", { event: "delta.failed", name: "negative", overwrite: true });
    assert.equal(readFileSync(events("negative.json"), "utf8"), text);
    assert.match(await failure("newSampleEvent", { event: "test", name: "../x" }), /letters, digits/);
    assert.deepEqual(readdirSync(events()), ["negative.json"]);

    await call("sendSampleEvent", { file: uri, url, secret });
    const body = last().body.toString();
    assert.equal(verdictOf(last(), secret), "valid");
    assert.equal(last().headers["x-webhook-event"], "delta.failed");
    assert.doesNotMatch(body, /\{\{/);
    assert.equal(body.split("\n").length, text.split("\n").length);
  });

  it("from a file is the file's bytes, placeholders filled", async () => {
    const file = writeEvent(
      "bytes.json",
      '{"event":"test",\r\n\t"n":1.0,"id":"{{hex:4}}","u":"{{unknown}}","é":1}\n\n',
    );
    await call("sendSampleEvent", { file, url, secret });
    assert.match(
      last().body.toString(),
      /^\{"event":"test",\r\n\t"n":1\.0,"id":"[0-9a-f]{4}","u":"\{\{unknown\}\}","é":1\}\n\n$/,
    );
  });

  it("from an editor that holds it unsaved is that text", async () => {
    const uri = vscode.Uri.file(events("unsaved.json")).with({ scheme: "untitled" });
    const document = await vscode.workspace.openTextDocument(uri);
    const editor = await vscode.window.showTextDocument(document);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '{"event":"test","unsaved":true}'));
    await call("sendSampleEvent", { file: uri.toString(), url, secret });
    assert.equal(last().body.toString(), '{"event":"test","unsaved":true}');
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  });

  it("that is none is told in a sentence", async () => {
    const before = endpoint.received.length;
    const hostile: readonly (readonly [content: string | Buffer, words: RegExp])[] = [
      ["not json", /is no JSON/],
      [Buffer.from([0xff, 0xfe, 0x7b, 0x00]), /is no JSON/],
      ['\ufeff{"event":"test"}', /is no JSON/],
      ["[".repeat(200_000), /is no JSON/],
      ["[]", /tells no event/],
      ["null", /tells no event/],
      ['{"__proto__":{"event":"test"}}', /tells no event/],
      ['{"event":"a\\r\\nb"}', /tells no event/],
      [Buffer.alloc(10_000_001, " "), /has 11 MB. A sample may have 10 MB at most/],
    ];
    for (const [content, words] of hostile) {
      const file = writeEvent("hostile.json", content);
      assert.match(await failure("sendSampleEvent", { file, url, secret }), words);
    }
    rmSync(events("hostile.json"));
    const file = vscode.Uri.file(events("hostile.json")).toString();
    assert.match(await failure("sendSampleEvent", { file, url, secret }), /hostile\.json can't be read/);
    assert.equal(endpoint.received.length, before);
  });

  it("has a schema that knows the events and their data", async () => {
    const uri = vscode.Uri.parse(
      writeEvent("schema.json", '{"event":"delta.failed","timestamp":7,"data":{"delta":"x"}}'),
    );
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    await until("the schema's complaints", () => vscode.languages.getDiagnostics(uri).length === 2);
    const at = document.positionAt(document.getText().indexOf('"x"') - '"delta":'.length);
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      "vscode.executeCompletionItemProvider",
      uri,
      at,
    );
    const labels = items.map(({ label }) => (typeof label === "string" ? label : label.label));
    for (const field of ["recordId", "customerId", "error", "failedAt"]) assert.ok(labels.includes(field), field);
    await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
  });

  it("is checked by that schema while it is edited before it was ever saved", async () => {
    // Once at the place where it would be kept, once elsewhere, since that one is taken.
    for (const kept of [false, true]) {
      if (kept) writeEvent("delta.failed.json", "{}");
      await openSample("delta.failed");
      const editor = vscode.window.activeTextEditor ?? assert.fail("no editor");
      const { document } = editor;
      assert.ok(document.isUntitled);
      assert.equal(document.languageId, "json");
      const complaints = (): readonly string[] =>
        vscode.languages.getDiagnostics(document.uri).map(({ message }) => message);
      const at = document.getText().indexOf('"timestamp": "{{now}}"');
      assert.ok(at > 0);
      const value = at + '"timestamp": '.length;
      const range = new vscode.Range(document.positionAt(value), document.positionAt(value + '"{{now}}"'.length));
      await editor.edit((edit) => edit.replace(range, "7"));
      await until("the schema's complaint", () => complaints().length === 1);
      assert.match(complaints()[0] ?? "", /Expected "string"/);
      await vscode.commands.executeCommand("undo");
      await until("none for a right payload", () => complaints().length === 0);
      await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    }
  });
});

describe("a replay", () => {
  const [receiving, handler] = [new Endpoint(), new Endpoint()];
  let id = "";
  let webhookId = "";
  let url = "";

  before(async () => {
    await activated();
    await startLocal("empty");
    ({ id: webhookId } = await call<{ id: string }>("createWebhook", { url: await receiving.listen() }));
    await call("testWebhook", { id: webhookId });
    const { deliveries } = await call<{ deliveries: readonly { id: string }[] }>("listDeliveries");
    id = deliveries[0]?.id ?? "";
    url = await handler.listen();
  });

  after(async () => {
    await receiving.close();
    await handler.close();
    rmSync(workspacePath(".vscode"), { recursive: true, force: true });
  });

  it("as it was has the bytes, the headers and the signature of the first time", async () => {
    const answer = await call<Answered>("replayDelivery", { id, url });
    assert.deepEqual(Object.keys(answer).sort(), ["durationMs", "responseBody", "status"]);
    assert.equal(answer.status, 200);
    const [first, again] = [receiving.received.at(-1), handler.received.at(-1)];
    assert.deepEqual(again?.body, first?.body);
    for (const name of [
      "content-type",
      "x-webhook-event",
      "x-event-id",
      "x-pacspace-timestamp",
      "x-pacspace-signature",
    ])
      assert.equal(again?.headers[name], first?.headers[name], name);
    assert.equal(again?.headers.host, new URL(url).host);
  });

  it("signed anew verifies with its webhook's secret, and is the same event", async () => {
    await call("storeSecret", { id: webhookId, secret });
    await call("replayDelivery", { id, url, resign: true });
    const again = handler.received.at(-1);
    assert.ok(again);
    assert.equal(verdictOf(again, secret), "valid");
    assert.deepEqual(again.body, receiving.received.at(-1)?.body);
    assert.equal(again.headers["x-event-id"], id);
  });

  it("says what is wrong, and sends nothing", async () => {
    const before = handler.received.length;
    assert.match(await failure("replayDelivery", { url }), /id is missing/);
    assert.match(await failure("replayDelivery", { id }), /url is missing/);
    assert.match(await failure("replayDelivery", { id, url, resign: "yes" }), /resign must be true or false/);
    assert.match(await failure("replayDelivery", { id: "evt_none", url }), /no delivery evt_none/);
    assert.match(await failure("replayDelivery", { id: "cap_none", url }), /There is no capture cap_none/);
    assert.match(await failure("replayDelivery", { id, url: "https://example.com/" }), /pass confirmed: true/);
    assert.match(await failure("replayDelivery", { id, url: "http://127.0.0.1:1/" }), /Nothing listens at/);
    await call("forgetSecret", { id: webhookId });
    assert.match(await failure("replayDelivery", { id, url, resign: true }), /No secret is stored here/);
    await call("storeSecret", { id: webhookId, secret });
    assert.equal(handler.received.length, before);
  });
});
