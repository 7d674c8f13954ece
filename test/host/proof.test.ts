import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import type { CaseResult } from "../../src/conformance/prove";
import type { Counts } from "../../src/conformance/report/words";
import { handlerTemplates } from "../../src/core/handlers";
import { startProgram } from "../handlers/program";
import { activated, call, Endpoint, failure } from "./support";

type Proof = Counts & { readonly results: readonly CaseResult[] };

const secret = `whsec_${"0123456789abcdef".repeat(4)}`;

describe("a handler", () => {
  const endpoint = new Endpoint();
  let directory = "";

  before(async () => {
    await activated();
    directory = mkdtempSync(join(tmpdir(), "pacspace-handler-"));
  });

  after(async () => {
    await endpoint.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it("is generated, runs as it is, and is proven right", async () => {
    const file = join(directory, "handler.mjs");
    const uri = vscode.Uri.file(file).toString();
    assert.deepEqual(await call("generateHandler", { framework: "node", uri }), { uri });
    const start = { command: process.execPath, args: () => [file], cwd: directory, env: { ELECTRON_RUN_AS_NODE: "1" } };
    const program = await startProgram(start, secret);
    try {
      const { failed, notRun, passed, results } = await call<Proof>("proveHandler", { url: program.url, secret });
      assert.deepEqual(
        results.filter(({ outcome }) => outcome === "failed"),
        [],
      );
      assert.deepEqual([failed, notRun], [0, 0]);
      assert.ok(passed >= 20, `${passed} passed`);
    } finally {
      await program.stop();
    }
  });

  it("that is there already is not replaced unless told", async () => {
    const file = join(directory, "once.py");
    const uri = vscode.Uri.file(file).toString();
    await call("generateHandler", { framework: "flask", uri });
    assert.match(await failure("generateHandler", { framework: "django", uri }), /once\.py is there already/);
    assert.match(readFileSync(file, "utf8"), /[Ff]lask/);
    await call("generateHandler", { framework: "django", uri, overwrite: true });
    assert.match(readFileSync(file, "utf8"), /[Dd]jango/);
  });

  it("opens unsaved, with its language", async () => {
    for (const { id, language } of handlerTemplates.filter((template) =>
      ["next", "django", "go"].includes(template.id),
    )) {
      const { uri } = await call<{ uri: string }>("generateHandler", { framework: id });
      const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
      assert.match(document.getText(), /PACSPACE_WEBHOOK_SECRET/);
      assert.ok(document.isUntitled);
      // Its language is known where its extension is, which the host of the tests may not have.
      assert.ok([language, "plaintext"].includes(document.languageId), `${id}: ${document.languageId}`);
      await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    }
    assert.match(await failure("generateHandler", { framework: "cobol" }), /must be one of express, /);
  });

  it("that takes everything fails, and is told what it did, what it should do, and the fix", async () => {
    const { failed, results } = await call<Proof>("proveHandler", { url: await endpoint.listen(), secret });
    assert.ok(failed >= 10, `${failed} failed`);
    for (const result of results.filter(({ outcome }) => outcome === "failed")) {
      assert.match(result.did, /^The handler answered 200/);
      assert.ok(result.should && result.fix, result.id);
    }
    assert.doesNotMatch(JSON.stringify(results), new RegExp(secret));
  });

  it("is looked at for what it handled by the setting's URL, unless another is named", async () => {
    const [handler, counter] = [new Endpoint(), new Endpoint()];
    const section = vscode.workspace.getConfiguration("pacspace");
    const set = (value: string | undefined): Thenable<void> =>
      section.update("handler.checkUrl", value, vscode.ConfigurationTarget.Global);
    try {
      await set(await counter.listen());
      const url = await handler.listen();
      await call<Proof>("proveHandler", { url, secret });
      assert.ok(counter.received.length >= 3, `${counter.received.length} look-ups`);
      const before = counter.received.length;
      await call<Proof>("proveHandler", { url, secret, checkUrl: url });
      assert.equal(counter.received.length, before);
      await set("https://check.example.com/");
      assert.match(await failure("proveHandler", { url, secret }), /check\.example\.com is not this machine/);
    } finally {
      await set(undefined);
      await counter.close();
      await handler.close();
    }
  });

  it("is asked for in words where its argument is wrong, and nothing is sent", async () => {
    const before = endpoint.received.length;
    assert.match(await failure("proveHandler", { secret }), /url is missing/);
    assert.match(await failure("proveHandler", { url: "http://127.0.0.1:1/" }), /Pass the handler's secret/);
    assert.match(await failure("proveHandler", { url: "https://example.com/", secret }), /confirmed: true/);
    const checkUrl = "https://check.example.com/";
    assert.match(
      await failure("proveHandler", { url: "http://127.0.0.1:1/", secret, checkUrl }),
      /check\.example\.com is not this machine: pass confirmed: true/,
    );
    assert.match(await failure("proveHandler", { url: "http://127.0.0.1:1/", secret }), /Start the handler first/);
    assert.equal(endpoint.received.length, before);
  });
});
