import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import * as vscode from "vscode";
import { isErrorOfKind } from "../../src/core/errors";
import { readDelivery, type Delivery } from "../../src/core/model/delivery";
import { readDeliveryDetail } from "../../src/core/model/deliveryDetail";
import { signatureOf } from "../../src/core/signature/sign";
import { copyCode, copyReport, insertCode } from "../../src/host/panel/answerActions";
import { LastEditor } from "../../src/host/panel/lastEditor";
import {
  requestFromClipboard,
  requestFromEditor,
  requestFromFile,
  requestFromText,
} from "../../src/host/panel/requestTaking";
import type { VerifiableDelivery } from "../../src/host/panel/verificationDesk";
import { FrameworkMemory } from "../../src/host/platform/frameworkMemory";
import { deliveryNode } from "../../src/host/tree/nodes";
import { deskOf, search, secret, withFile } from "./desk";
import { activated, call, mementos, startLocal, until } from "./support";

const timestamp = String(Math.floor(Date.now() / 1_000));
const body = '{"event":"test","timestamp":"2026-04-10T13:15:02.000Z","data":{"a":"b/c"}}';
const signature = signatureOf(secret, timestamp, Buffer.from(body));
const pretty = JSON.stringify(JSON.parse(body), undefined, 2);

/** A request as a person has it at hand, its body printed anew by something on the way. */
const raw = [
  "POST /webhooks/pacspace HTTP/1.1",
  "Host: example.com",
  `X-PacSpace-Signature: ${signature}`,
  `X-PacSpace-Timestamp: ${timestamp}`,
  "",
  pretty,
].join("\r\n");

describe("the Verify tab, on the host's side", () => {
  afterEach(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));

  it("reads a whole request off the clipboard, says what it is, and answers at once", async () => {
    const { desk, filled } = await deskOf();
    await vscode.env.clipboard.writeText(raw);
    await desk.takeRequest("clipboard");
    const { request, body: taken, outcome, problem } = desk.view();
    assert.equal(problem, undefined);
    assert.equal(filled(), 1);
    assert.deepEqual(desk.fields, { signature, timestamp });
    assert.equal(request?.readAs, "a raw HTTP request");
    assert.match(request.notes.join(" "), /line ends may have changed/);
    const sent = Buffer.from(pretty);
    assert.equal(taken?.bytes, sent.length);
    assert.equal(taken.sha256, createHash("sha256").update(sent).digest("hex"));
    assert.deepEqual(
      outcome?.findings.map(({ id, certainty }) => [id, certainty]),
      [["body.reserialized", "proven"]],
    );
    assert.match(outcome.findings[0]?.code ?? "", /express\.raw/);
    assert.match(outcome.findings[0]?.before?.text ?? "", /\\n/);
    assert.doesNotMatch(JSON.stringify(desk.view()), /whsec_1f7a/);
    desk.dispose();
  });

  it("names a handler's mistake by the value it computed, and forgets the value with the request", async () => {
    const { desk } = await deskOf();
    await desk.useRequest(() => requestFromText(raw.replace(pretty, body), "a test"));
    assert.equal(desk.view().outcome?.verdict, "valid");
    const computed = createHmac("sha256", secret).update(body).digest("hex");
    await desk.check({ ...desk.fields, computed: ` ${computed} ` });
    const { outcome } = desk.view();
    assert.deepEqual(
      outcome?.findings.map(({ id }) => id),
      ["signingString.bodyOnly"],
    );
    await desk.useRequest(() => requestFromText(raw, "a test"));
    assert.equal(desk.fields.computed, undefined);
    desk.dispose();
  });

  it("compares with the loaded delivery of the event, and names what was changed on the way", async () => {
    const delivery = readDelivery({ id: "evt_1", payload: body }, JSON.stringify({ id: "evt_1", payload: body }));
    const { desk } = await deskOf(secret, delivery);
    const altered = raw.replace("Host: example.com", "X-Event-ID: evt_1").replace(pretty, body.replace("b/c", "B"));
    await desk.useRequest(() => requestFromText(altered, "a test"));
    const [finding] = desk.view().outcome?.findings ?? [];
    assert.equal(finding?.id, "body.altered");
    assert.equal(finding.certainty, "proven");
    assert.match(finding.after?.text ?? "", /b\/c/);
    desk.dispose();
  });

  it("keeps a verdict, and a search, while the delivery changes in what is not checked", async () => {
    const row = {
      id: "evt_1",
      requestHeaders: { "X-PacSpace-Signature": signature, "X-PacSpace-Timestamp": timestamp },
    };
    const shown = (more: object, webhookId?: string): VerifiableDelivery => {
      const raw = JSON.stringify({ ...row, payload: body, ...more });
      return { detail: readDeliveryDetail(readDelivery(JSON.parse(raw), raw)), webhookId };
    };
    const { desk, filled } = await deskOf();
    desk.setDelivery(shown({}));
    const checking = desk.check(desk.fields);
    desk.setDelivery(shown({ status: "pending" }));
    await checking;
    assert.equal(desk.view().outcome?.verdict, "valid");
    desk.setDelivery(shown({ status: "delivered", attempts: [{ httpStatus: 200 }] }, "webhook_1"));
    assert.equal(desk.view().outcome?.verdict, "valid");
    assert.equal(filled(), 1);
    desk.setDelivery(shown({ payload: pretty }));
    assert.equal(desk.view().outcome, undefined, "a verdict on another body is not shown");
    assert.equal(desk.view().body?.bytes, pretty.length);
    desk.dispose();
  });

  it("says in words why a text is no request, and forgets the answer before", async () => {
    const { desk } = await deskOf();
    await desk.useRequest(() => requestFromClipboard());
    await vscode.env.clipboard.writeText("curl https://example.com --data @body.json");
    await desk.takeRequest("clipboard");
    assert.match(desk.view().problem ?? "", /file/i);
    assert.equal(desk.view().outcome, undefined);
    desk.dispose();
  });

  it("copies and inserts the code of the chosen framework, and remembers it", async () => {
    const { desk } = await deskOf();
    await vscode.env.clipboard.writeText(raw);
    await desk.takeRequest("clipboard");
    await desk.chooseFramework("flask");
    await copyCode(desk.answer, "body.reserialized");
    assert.match(await vscode.env.clipboard.readText(), /request\.get_data/);
    await desk.load();
    assert.equal(desk.view().framework, "flask");

    const document = await vscode.workspace.openTextDocument({ content: "def receive():\n    pass\n" });
    const shown = await vscode.window.showTextDocument(document);
    shown.selection = new vscode.Selection(1, 4, 1, 8);
    const editor = new LastEditor();
    await insertCode(desk.answer, "body.reserialized", editor);
    const [, first, second] = document.getText().split("\n");
    assert.match(first ?? "", /^ {4}raw_body = request\.get_data/);
    assert.match(second ?? "", /^ {4}event = json\.loads/, "indented as the line it went into");
    await assert.rejects(insertCode(desk.answer, "body.gzip", editor), /no longer shown/);
    editor.dispose();
    desk.dispose();
  });

  it("inserts into no editor that is closed, and says so", async () => {
    const { desk } = await deskOf();
    await vscode.env.clipboard.writeText(raw);
    await desk.takeRequest("clipboard");
    const editor = new LastEditor();
    await assert.rejects(insertCode(desk.answer, "body.reserialized", editor), /No text editor is open/);
    editor.dispose();
    desk.dispose();
  });

  it("copies a report for a ticket, without secret and signature", async () => {
    const { desk } = await deskOf();
    await vscode.env.clipboard.writeText(raw);
    await desk.takeRequest("clipboard");
    await copyReport(desk.answer);
    const report = await vscode.env.clipboard.readText();
    assert.match(report, /^## PacSpace webhook signature: invalid\n/);
    assert.match(report, /`body\.reserialized`, proven/);
    assert.ok(!report.includes("whsec_1f7a") && !report.includes(signature.slice(3, 30)));
    desk.dispose();
  });

  it("takes a file's bytes as they are: mark, line ends and all", async () => {
    const content = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('{"a":1}\r\n\r\n')]);
    const taken = await withFile(content, (uri) => requestFromFile(uri));
    assert.deepEqual(Buffer.from(taken?.read.body ?? []), content);
    assert.deepEqual(taken?.warnings, []);
    assert.equal(taken.from, "request.txt");
  });

  it("warns where an editor may have changed bytes", async () => {
    await withFile(Buffer.from(`\ufeff${raw}`), async (uri) => {
      const document = await vscode.workspace.openTextDocument(uri);
      const editor = await vscode.window.showTextDocument(document);
      const whole = requestFromEditor(editor);
      assert.equal(whole.read.kind, "http");
      assert.match(
        whole.warnings.join("\n"),
        /every line end as LF[^]*byte-order mark[^]*without a line end[^]*verify the file/,
      );
      editor.selection = new vscode.Selection(0, 0, document.lineCount - 2, 0);
      const part = requestFromEditor(editor);
      assert.equal(part.from, "the selection in request.txt");
      assert.doesNotMatch(part.warnings.join("\n"), /byte-order mark/);
      await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), " "));
      assert.match(requestFromEditor(editor).warnings.join("\n"), /not saved/);
      await vscode.commands.executeCommand("workbench.action.files.revert");
    });
  });

  it("guesses the framework by the workspace's manifests, until one is chosen", async () => {
    const { workspaceState, globalState } = mementos();
    assert.equal(await new FrameworkMemory(workspaceState, globalState).read(), "express");
    const requirements = Buffer.from("requests==2\nFastAPI[standard]>=0.110\n");
    await withFile(
      requirements,
      async () => {
        const memory = new FrameworkMemory(workspaceState, globalState);
        assert.equal(await memory.read(), "fastapi");
        await memory.choose("django");
        assert.equal(await memory.read(), "django");
      },
      "requirements.txt",
    );
    assert.equal(await new FrameworkMemory(workspaceState, globalState).read(), "django");
    assert.equal(await new FrameworkMemory(mementos().workspaceState, globalState).read(), "django");
  });
});

describe("pacspace.verifySignature, for a person", () => {
  it("verifies the delivery of the row it is called on, in its panel", async () => {
    await activated();
    await startLocal("demo");
    const { deliveries } = await call<{ deliveries: readonly Delivery[] }>("listDeliveries", { limit: 1 });
    const [delivery] = deliveries;
    assert.ok(delivery);
    const result = await vscode.commands.executeCommand(
      "pacspace.verifySignature",
      deliveryNode(delivery, undefined, "test"),
    );
    assert.equal(result, undefined);
    const titles = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ label }) => label));
    assert.ok(
      titles.some((title) => title.endsWith(delivery.id.slice(-6))),
      titles.join(", "),
    );
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await call("stopLocal");
  });
});

/**
 * Milliseconds that this thread worked: other work on the machine, the worker's too, doesn't count. An older Node can't
 * tell and gives the time that passed.
 */
function workedMs(): number {
  if (!("threadCpuUsage" in process)) return performance.now();
  const { user, system } = (process as unknown as { threadCpuUsage(): NodeJS.CpuUsage }).threadCpuUsage();
  return (user + system) / 1_000;
}

/** The aim is 50; beyond that, compiling and collecting garbage may come on top, and on an older Node whatever else runs. */
const mostAtOnceMs = "threadCpuUsage" in process ? 150 : 500;

describe("a long search for the cause", () => {
  const unsolvable = {
    headers: [
      ["X-PacSpace-Signature", `v1=${"ab".repeat(32)}`],
      ["X-PacSpace-Timestamp", timestamp],
    ],
    // Long enough that single changes without any turn in between would take far longer than the limit.
    body: Buffer.from(
      `{"event":"test","data":[${Array.from({ length: 10_000 }, (_, n) => `{"id":"rec_${n}","n":${n}.5,"t":"a/b é"}`).join(",")}]}`,
    ),
    keys: Array.from({ length: 10 }, (_, n) => ({ id: `webhook_${n}`, secret: `whsec_unknown_${n}` })),
    addressed: "first",
    now: Number(timestamp),
    toleranceSeconds: 300,
  } as const;

  it("runs beside the extension host, tells how far it is, and stops at once", async () => {
    const doctor = await search();
    const stop = new AbortController();
    const progress: number[] = [];
    let longest = 0;
    let last = workedMs();
    const look = setInterval(() => {
      longest = Math.max(longest, workedMs() - last);
      last = workedMs();
    }, 1);
    const work = doctor.diagnose(unsolvable, { signal: stop.signal, onProgress: (tried) => progress.push(tried) });
    const failed = work.then(
      () => assert.fail("an unknown secret is never found"),
      (error: unknown) => error,
    );
    await until("progress from the worker", () => progress.length >= 5);
    const stopped = performance.now();
    stop.abort();
    const error = await failed;
    clearInterval(look);
    assert.ok(isErrorOfKind(error, "cancelled"));
    assert.ok(performance.now() - stopped < 500, "it stops at once");
    assert.deepEqual(
      progress,
      progress.toSorted((left, right) => left - right),
    );
    assert.ok(longest < mostAtOnceMs, `the extension host was held up for ${longest} ms`);
  }).timeout(120_000);

  it("ends with its budget of time, and its answer holds no secret", async () => {
    const doctor = await search();
    const order = { ...unsolvable, budgetMs: 500 };
    const diagnosis = await doctor.diagnose(order, { signal: new AbortController().signal });
    assert.equal(diagnosis.outOfTime, true);
    assert.ok(diagnosis.nextFact);
    assert.doesNotMatch(JSON.stringify(diagnosis), /whsec_unknown/);
    assert.equal(
      diagnosis.tried,
      diagnosis.attempts.reduce((sum, { count }) => sum + count, 0),
    );
  }).timeout(120_000);

  it("passes on from its worker what is wrong with the request", async () => {
    const doctor = await search();
    const order = { ...unsolvable, body: Buffer.alloc(5 * 1024 * 1024, "a"), keys: [{ id: "webhook_1", secret: "" }] };
    const work = doctor.diagnose(order, { signal: new AbortController().signal });
    await assert.rejects(work, (error) => isErrorOfKind(error, "invalid"));
    await assert.rejects(doctor.diagnose(order, { signal: AbortSignal.abort() }), (error) =>
      isErrorOfKind(error, "cancelled"),
    );
  });
});
