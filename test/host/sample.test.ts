import assert from "node:assert/strict";
import { describe, it } from "mocha";
import * as vscode from "vscode";

describe("the extension host", () => {
  it("is a VS Code new enough for what it is asked to run", () => {
    const [major = 0, minor = 0] = vscode.version.split(".").map(Number);
    assert.ok(major > 1 || (major === 1 && minor >= 101), `VS Code ${vscode.version}`);
  });
});
