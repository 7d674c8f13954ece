import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { Delivery } from "../../src/core/model/delivery";
import { readDeliveryDetail } from "../../src/core/model/deliveryDetail";
import { readRequest } from "../../src/core/request/readRequest";
import { deliveryNode } from "../../src/host/tree/nodes";
import { activated, call, Endpoint, failure, startLocal, until } from "./support";

interface Page {
  readonly deliveries: readonly Delivery[];
}
interface Opened {
  readonly opened: boolean;
  readonly uri: string;
}
interface Compared {
  readonly opened: boolean;
  readonly title: string;
  readonly left: string;
  readonly right: string;
}
interface Copied {
  readonly copied: boolean;
  readonly signed: boolean;
  readonly notes: readonly string[];
}

const scheme = "pacspace";

function ref({ id, webhookId, createdAt }: Delivery): object {
  return { id, webhookId, createdAt };
}

async function page(filter: object): Promise<readonly Delivery[]> {
  return (await call<Page>("listDeliveries", filter)).deliveries;
}

function documentOf(uri: string): vscode.TextDocument {
  const found = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri);
  return found ?? assert.fail(`${uri} is not open`);
}

function diffTab(title: string): vscode.TabInputTextDiff | undefined {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  const input = tabs.find(({ label }) => label === title)?.input;
  return input instanceof vscode.TabInputTextDiff ? input : undefined;
}

async function compared(command: string, argument: object): Promise<Compared & { readonly texts: [string, string] }> {
  const result = await call<Compared>(command, argument);
  await until(`the comparison ${result.title}`, () => diffTab(result.title) !== undefined);
  const input = diffTab(result.title);
  assert.equal(input?.original.toString(), result.left);
  assert.equal(input.modified.toString(), result.right);
  await until("both sides", () =>
    [result.left, result.right].every((uri) =>
      vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri),
    ),
  );
  return { ...result, texts: [documentOf(result.left).getText(), documentOf(result.right).getText()] };
}

describe("a delivery's documents", () => {
  before(async () => {
    await activated();
    await startLocal("demo");
  });

  afterEach(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));

  after(() => call("stopLocal"));

  it("hold the exact text, in the right language, at an address that can be read", async () => {
    // Not every endpoint answers in JSON.
    const delivery = (await page({ status: "delivered", limit: 50 })).find((row) =>
      readDeliveryDetail(row).response?.text.startsWith("{"),
    );
    assert.ok(delivery);
    const detail = readDeliveryDetail(delivery);
    for (const [part, language, text] of [
      ["payload", "json", detail.payload?.text],
      ["raw", "json", delivery.raw],
      ["response", "json", detail.response?.text],
    ] as const) {
      const result: Opened = await call("openDeliveryDocument", { ...ref(delivery), part });
      assert.equal(result.opened, true);
      const { uri } = result;
      const document = documentOf(uri);
      assert.equal(document.getText(), text);
      assert.equal(document.languageId, language);
      assert.equal(document.uri.scheme, scheme);
      assert.ok(document.uri.path.endsWith(`/${delivery.id}.${part}.json`), document.uri.path);
      assert.equal(vscode.window.activeTextEditor?.document, document);
      assert.equal(vscode.workspace.fs.isWritableFileSystem(scheme), undefined, "nobody can write to it");
    }
    const again = await call<Opened>("openDeliveryDocument", { ...ref(delivery) });
    assert.ok(again.uri.includes("payload"), "the payload by default, at the same address each time");
    assert.equal((await call<Opened>("openDeliveryDocument", { ...ref(delivery) })).uri, again.uri);
  });

  it("tell a request and an answer whole", async () => {
    const [delivery] = await page({ status: "delivered", limit: 1 });
    assert.ok(delivery);
    const detail = readDeliveryDetail(delivery);
    const request = documentOf((await call<Opened>("openDeliveryDocument", { ...ref(delivery), part: "request" })).uri);
    assert.ok(request.uri.path.endsWith(".http"));
    const read = readRequest(request.getText());
    assert.deepEqual(read.headers, detail.requestHeaders);
    assert.equal(Buffer.from(read.body ?? []).toString(), detail.payload?.text);
    const answer = documentOf((await call<Opened>("openDeliveryDocument", { ...ref(delivery), part: "answer" })).uri);
    assert.match(answer.getText(), /^(?:# .*\n)*HTTP 2\d\d\n/);
    assert.ok(answer.getText().endsWith(detail.response?.text ?? "?"));
  });

  it("are found again by their address alone", async () => {
    const [delivery] = await page({ status: "failed", limit: 1, offset: 60 });
    assert.ok(delivery);
    const { uri } = await call<Opened>("openDeliveryDocument", { ...ref(delivery) });
    // Another address of the same delivery, of which nothing is kept: as a window finds it after a reload.
    const fields = { ...(JSON.parse(vscode.Uri.parse(uri).query) as object), form: "laidOut" };
    const other = vscode.Uri.parse(uri).with({ query: JSON.stringify(fields) });
    const text = (await vscode.workspace.openTextDocument(other)).getText();
    const payload = readDeliveryDetail(delivery).payload?.text ?? "";
    assert.deepEqual(JSON.parse(text), JSON.parse(payload));
    assert.match(text, /^\{\n {2}"/);
    for (const query of ["", "[]", JSON.stringify({ ...fields, environment: "https://elsewhere.example" })]) {
      await assert.rejects(async () => vscode.workspace.openTextDocument(other.with({ query })));
    }
  });

  it("say what is wrong", async () => {
    const [delivery] = await page({ status: "delivered", limit: 1 });
    assert.ok(delivery);
    assert.match(await failure("openDeliveryDocument", {}), /id is missing/);
    assert.match(await failure("openDeliveryDocument", { id: "evt_nowhere" }), /no delivery evt_nowhere/);
    assert.match(
      await failure("openDeliveryDocument", { ...ref(delivery), part: "body" }),
      /part must be one of payload/,
    );
    assert.match(
      await failure("openDeliveryDocument", { ...ref(delivery), part: "answer", attempt: 99 }),
      /There is no attempt 99/,
    );
  });
});

describe("comparisons", () => {
  before(async () => {
    await activated();
    await startLocal("demo");
  });

  afterEach(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));

  after(() => call("stopLocal"));

  /** Two deliveries of one event. */
  async function pair(): Promise<readonly [Delivery, Delivery]> {
    const rows = await page({ limit: 100 });
    const first = rows.find(({ event }) => event === "delta.verified");
    const second = rows.find(({ event, id }) => event === "delta.verified" && id !== first?.id);
    assert.ok(first && second);
    return [first, second];
  }

  it("of two deliveries name both, and show their tokens as they are", async () => {
    const [left, right] = await pair();
    const { title, texts } = await compared("compareDeliveries", { left: ref(left), right: ref(right) });
    assert.ok(title.includes(left.id) && title.includes(right.id), title);
    for (const [index, delivery] of [left, right].entries()) {
      const payload = readDeliveryDetail(delivery).payload?.text ?? "";
      assert.equal(texts[index]?.replaceAll(/\s/g, ""), payload.replaceAll(/\s/g, ""));
    }
    assert.notEqual(texts[0], texts[1]);
  });

  it("of two selected rows have the older one left, and ask what to compare", async () => {
    const [newer, older] = await pair();
    const rows = [newer, older].map((delivery) => deliveryNode(delivery, undefined, "deliveries"));
    const title = `${older.id} ↔ ${newer.id} (payload, ids and times as placeholders)`;
    const running = vscode.commands.executeCommand("pacspace.compareDeliveries", rows[0], rows);
    await until("the comparison", async () => {
      // What stands first is the payload, without ids and times.
      await vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
      return diffTab(title) !== undefined;
    });
    assert.equal(await running, undefined);
  });

  it("hide ids and times on both sides when asked to", async () => {
    const [left, right] = await pair();
    const { title, texts } = await compared("compareDeliveries", {
      left: left.id,
      right: right.id,
      placeholders: true,
    });
    assert.match(title, /placeholders/);
    for (const text of texts) {
      assert.match(text, /<rec id>/);
      assert.match(text, /<time>/);
      assert.doesNotMatch(text, /\d{4}-\d\d-\d\dT|rec_[0-9a-f]/);
    }
    const volatile = (text: string): readonly string[] => text.match(/<[a-z ]+>/g) ?? [];
    assert.deepEqual(volatile(texts[0]), volatile(texts[1]));
  });

  it("of a delivery with the last successful one of its event", async () => {
    const [failed] = await page({ status: "failed", limit: 1 });
    assert.ok(failed);
    const { left, right, title } = await compared("compareWithLastSuccessful", { ...ref(failed), placeholders: true });
    assert.ok(title.endsWith(`${failed.id} (payload, ids and times as placeholders)`), title);
    const successful = JSON.parse(vscode.Uri.parse(left).query) as { id: string; webhookId: string };
    const delivered = await page({ status: "delivered", limit: 100 });
    const wanted = delivered.filter(({ event, id }) => event === failed.event && id !== failed.id);
    const expected = wanted.find(({ webhookId }) => webhookId === failed.webhookId) ?? wanted[0];
    assert.equal(successful.id, expected?.id);
    assert.notEqual(left, right);
  });

  it("of the answers to two attempts", async () => {
    const rows = await page({ status: "failed", limit: 100 });
    const delivery = rows.find((row) => readDeliveryDetail(row).attempts.length > 1);
    assert.ok(delivery);
    const { title, texts } = await compared("compareAttempts", { ...ref(delivery), left: 1, right: 2 });
    assert.ok(title.includes("attempt 1") && title.includes("attempt 2"), title);
    for (const text of texts) assert.match(text, /^# began \d{4}-/);
    const single = rows.find((row) => readDeliveryDetail(row).attempts.length === 1);
    const [delivered] = await page({ status: "delivered", limit: 1 });
    const alone = single ?? delivered;
    assert.ok(alone);
    assert.match(
      await failure("compareAttempts", { ...ref(alone), left: 1, right: 2 }),
      /no two to compare|no attempt 2/,
    );
    assert.match(await failure("compareAttempts", { ...ref(delivery), left: 0, right: 2 }), /left must be the number/);
  });

  it("say what is wrong", async () => {
    const [left] = await pair();
    assert.match(await failure("compareDeliveries", { left: left.id }), /right is missing/);
    assert.match(await failure("compareDeliveries", { left: ref(left), right: ref(left) }), /on both sides/);
    assert.match(
      await failure("compareDeliveries", { left: left.id, right: "evt_nowhere" }),
      /no delivery evt_nowhere/,
    );
    assert.match(
      await failure("compareWithLastSuccessful", { ...ref(left), placeholders: "yes" }),
      /placeholders must be true or false/,
    );
  });
});

describe("copies of a delivery", () => {
  const endpoint = new Endpoint();
  let delivery: Delivery;
  let secret = "";

  before(async () => {
    await activated();
    await startLocal("empty");
    const { id } = await call<{ id: string }>("createWebhook", { url: await endpoint.listen() });
    await call("testWebhook", { id });
    [delivery] = (await page({ limit: 1 })) as [Delivery];
    await call("copySecret", { id });
    secret = await vscode.env.clipboard.readText();
    assert.match(secret, /^whsec_/);
  });

  after(async () => {
    await endpoint.close();
    await call("stopLocal");
  });

  it("as curl: signed now, valid, and without the secret", async () => {
    const result = await call<Copied>("copyAsCurl", { ...ref(delivery) });
    assert.deepEqual([result.copied, result.signed], [true, true]);
    const text = await vscode.env.clipboard.readText();
    assert.ok(!text.includes(secret) && !JSON.stringify(result).includes(secret));
    const read = readRequest(text);
    assert.equal(read.kind, "curl");
    assert.equal(Buffer.from(read.body ?? []).toString(), endpoint.received[0]?.body.toString());
    const verdict = await call<{ verdict: string }>("verifySignature", {
      request: text,
      webhookId: delivery.webhookId,
    });
    assert.equal(verdict.verdict, "valid");
  });

  it("as an HTTP file: the same", async () => {
    const { signed } = await call<Copied>("copyAsHttp", { ...ref(delivery) });
    assert.equal(signed, true);
    const text = await vscode.env.clipboard.readText();
    assert.match(text, /^# test evt_/);
    assert.ok(!text.includes(secret));
    const request = text.replaceAll(/^#.*\n/gm, "");
    const verdict = await call<{ verdict: string }>("verifySignature", { request, webhookId: delivery.webhookId });
    assert.equal(verdict.verdict, "valid");
  });

  it("with a placeholder, when asked for or when no secret is stored, and say so", async () => {
    const asked = await call<Copied>("copyAsCurl", { ...ref(delivery), signed: false });
    assert.equal(asked.signed, false);
    assert.match(await vscode.env.clipboard.readText(), /X-PacSpace-Signature: v1=<signature>/i);
    await call("forgetSecret", { id: delivery.webhookId });
    const without = await call<Copied>("copyAsHttp", { ...ref(delivery), signed: true });
    assert.equal(without.signed, false);
    assert.match(without.notes.join(" "), /No secret is stored here/);
    assert.match(await vscode.env.clipboard.readText(), /^# No secret is stored here/m);
    assert.match(await failure("copyAsCurl", { ...ref(delivery), signed: 1 }), /signed must be true or false/);
    assert.match(await failure("copyAsCurl", {}), /id is missing/);
  });

  it("follow the delivery: an open document changes with it", async () => {
    endpoint.status = 500;
    const webhookId = delivery.webhookId ?? "";
    await call("testWebhook", { id: webhookId });
    await call("refresh");
    const [failed] = await page({ status: "failed", limit: 1 });
    assert.ok(failed);
    const { uri } = await call<Opened>("openDeliveryDocument", { ...ref(failed), part: "raw" });
    const before = documentOf(uri).getText();
    endpoint.status = 200;
    await call("retryDelivery", { ...ref(failed) });
    await until("the new row", async () => {
      await call("refresh");
      return documentOf(uri).getText() !== before;
    });
    assert.match(documentOf(uri).getText(), /"status":"(?:pending|delivered)"/);
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });
});
