import { fileURLToPath } from "node:url";
import { ESLint } from "eslint";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** What the project's own rules say of a file with this text, as if it stood at this path. */
async function complaints(path: string, text: string): Promise<readonly string[]> {
  const eslint = new ESLint({
    cwd: root,
    // Text that is in no file has no types to check by: the layers need none.
    overrideConfig: [
      { files: ["**/*.ts"], languageOptions: { parserOptions: { project: null, projectService: false } } },
    ],
    ruleFilter: ({ ruleId }) => ruleId === "pacspace/layers",
  });
  const [result] = await eslint.lintText(text, { filePath: `${root}/${path}` });
  return result?.messages.map(({ ruleId, message }) => ruleId ?? message) ?? [];
}

describe("the layers", () => {
  test.each([
    ["src/core/model/x.ts", 'import { readFile } from "node:fs/promises";'],
    ["src/core/model/x.ts", 'import { hmacHex } from "../signature/sign";'],
    ["src/core/signature/x.ts", 'import * as vscode from "vscode";'],
    ["src/api/x.ts", 'import { Account } from "../state/account";'],
    ["src/state/x.ts", 'import { createClient } from "../api/client";'],
    ["src/state/x.ts", 'import { Agent } from "undici";'],
    ["src/local/x.ts", 'import { signatureOf } from "../core/signature/sign";'],
    ["src/local/x.ts", 'import type { Webhook } from "../core/model/webhook";'],
    ["src/protocol/x.ts", 'import * as vscode from "vscode";'],
    ["src/host/x.ts", 'import { Agent } from "undici";'],
    ["src/host/x.ts", 'import { element } from "../webview/inspector";'],
    ["src/webview/x.ts", 'import { verifySignature } from "../core/signature/verify";'],
    ["src/webview/x.ts", 'import { createHash } from "node:crypto";'],
    ["src/webview/x.ts", 'const part = import("../host/status");'],
    ["src/webview/x.ts", 'export { thing } from "../host/status";'],
    ["src/core/model/x.ts", 'export type View = import("vscode").TreeView<string>;'],
  ])("%s may not: %s", async (path, text) => {
    expect(await complaints(path, `${text}\n`)).toEqual(["pacspace/layers"]);
  });

  test.each([
    ["src/state/x.ts", 'import type { PacSpaceApi } from "../api/pacspaceApi";'],
    ["src/core/signature/x.ts", 'import { createHmac } from "node:crypto";'],
    ["src/webview/x.ts", 'import { readDelivery } from "../core/model/delivery";'],
    ["src/host/x.ts", 'import { Account } from "../state/account";'],
  ])("%s may: %s", async (path, text) => {
    expect(await complaints(path, `${text}\n`)).toEqual([]);
  });
});
