import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { truncate } from "node:fs/promises";
import * as vscode from "vscode";
import { signatureOf } from "../../src/core/signature/sign";
import { deskOf, secret, withFile } from "./desk";

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Bytes that no text keeps: a byte-order mark, CRLF, and one that is no UTF-8. */
const bytes = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('{"a":1}\r\n'), Buffer.from([0xff, 0x00])]);

/** The two headers of a body that was signed now. */
function signed(body: Uint8Array): { readonly signature: string; readonly timestamp: string } {
  const timestamp = String(Math.floor(Date.now() / 1_000));
  return { signature: signatureOf(secret, timestamp, body), timestamp };
}

describe("the Verify tab's body, taken by the host", () => {
  it("comes off the clipboard as UTF-8, with a warning", async () => {
    const { desk } = await deskOf();
    const text = '{"name":"Zoë","price":"3 €"}';
    await vscode.env.clipboard.writeText(text);
    await desk.takeBody("clipboard");
    const { body, problem } = desk.view();
    assert.equal(problem, undefined);
    const { note, ...facts } = body ?? assert.fail("no body was taken");
    assert.deepEqual(facts, { source: "clipboard", bytes: 31, sha256: sha256(Buffer.from(text)) });
    assert.match(note ?? "", /bytes in UTF-8.*Line ends may have changed.*a file or base64 is sure/);
    await desk.check(signed(Buffer.from(text)));
    assert.equal(desk.view().outcome?.verdict, "valid");
    desk.dispose();
  });

  it("is not there when the clipboard is empty, and the one before stays", async () => {
    const { desk } = await deskOf();
    await vscode.env.clipboard.writeText("");
    await desk.takeBody("clipboard");
    assert.equal(desk.view().problem, "The clipboard holds no text. Copy the body first, or take it from a file.");
    assert.equal(desk.view().body, undefined);
    await desk.check(signed(bytes));
    assert.match(desk.view().problem ?? "", /The body is missing/);
    await desk.takeBody("base64", { base64: "e30=" });
    await desk.takeBody("clipboard");
    assert.match(desk.view().problem ?? "", /holds no text/);
    assert.equal(desk.view().body?.sha256, sha256(Buffer.from("{}")));
    desk.dispose();
  });

  it("is a file's, byte for byte, and the file is named", async () => {
    const { desk } = await deskOf();
    await withFile(bytes, (file) => desk.takeBody("file", { file }), "body.bin");
    const { body, problem } = desk.view();
    assert.equal(problem, undefined);
    assert.deepEqual(body, { source: "file", bytes: 14, sha256: sha256(bytes), name: "body.bin" });
    await desk.check(signed(bytes));
    assert.equal(desk.view().outcome?.verdict, "valid");
    desk.dispose();
  });

  it("may be empty, as a file is", async () => {
    const { desk } = await deskOf();
    await withFile(Buffer.alloc(0), (file) => desk.takeBody("file", { file }));
    assert.equal(desk.view().body?.bytes, 0);
    assert.equal(desk.view().body?.sha256, sha256(Buffer.alloc(0)));
    desk.dispose();
  });

  it("is no file that is gone, or far too large", async () => {
    const { desk } = await deskOf();
    const gone = await withFile(bytes, (file) => Promise.resolve(file), "gone.bin");
    await desk.takeBody("file", { file: gone });
    assert.match(desk.view().problem ?? "", /gone\.bin/);
    await withFile(
      bytes,
      async (file) => {
        await truncate(file.fsPath, 64 * 1024 * 1024 + 1);
        await desk.takeBody("file", { file });
      },
      "large.bin",
    );
    assert.match(desk.view().problem ?? "", /larger than 64 MiB/);
    assert.equal(desk.view().body, undefined);
    desk.dispose();
  });

  it("is what base64 says, in either alphabet, with or without padding", async () => {
    const { desk } = await deskOf();
    const plain = bytes.toString("base64");
    assert.match(plain, /=$/);
    const wrapped = `${plain.slice(0, 8)}\r\n  ${plain.slice(8)}\n`;
    for (const base64 of [plain, wrapped, bytes.toString("base64url")]) {
      await desk.takeBody("base64", { base64 });
      assert.equal(desk.view().problem, undefined, base64);
      assert.deepEqual(desk.view().body, { source: "base64", bytes: 14, sha256: sha256(bytes) }, base64);
    }
    await desk.check(signed(bytes));
    assert.equal(desk.view().outcome?.verdict, "valid");
    desk.dispose();
  });

  it("is refused for what is no base64; the body before stays, its verdict doesn't", async () => {
    const { desk } = await deskOf();
    await desk.takeBody("base64", { base64: bytes.toString("base64") });
    for (const base64 of ['{"a":1}', "e", "e30==", "e3!0"]) {
      await desk.check(signed(bytes));
      assert.equal(desk.view().outcome?.verdict, "valid");
      await desk.takeBody("base64", { base64 });
      assert.match(desk.view().problem ?? "", /^The body is no base64: it may hold A–Z/, base64);
      assert.equal(desk.view().outcome, undefined);
      assert.equal(desk.view().body?.sha256, sha256(bytes));
    }
    desk.dispose();
  });
});
