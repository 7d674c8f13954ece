import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { expect, test } from "vitest";
import { shippedPackages } from "../../scripts/notices.mjs";
import { packageVsix } from "../../scripts/package.mjs";
import { writeSbom } from "../../scripts/sbom.mjs";
import { vsixFile } from "./vsix";

function digest(file: string | URL): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

test("a second build of the same sources has the same bytes", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "pacspace-vsix-"));
  try {
    const again = await packageVsix(path.join(folder, "again.vsix"));
    expect(digest(again)).toBe(digest(vsixFile));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the bill of materials names everything of others that ships, with version and licence, and no place here", async () => {
  const text = readFileSync(await writeSbom(), "utf8");
  const { components, metadata } = JSON.parse(text) as {
    readonly metadata: { readonly component: { readonly name: string } };
    readonly components: readonly { readonly name: string; readonly version: string; readonly licenses?: unknown[] }[];
  };
  expect(metadata.component.name).toBe("pacspace-webhooks");
  const listed = new Map(components.map((component) => [`${component.name}@${component.version}`, component]));
  const shipped = shippedPackages().map(({ name, version }) => `${name}@${version}`);
  expect(shipped.length).toBeGreaterThan(5);
  expect(shipped.filter((name) => !listed.has(name))).toEqual([]);
  expect(components.filter(({ licenses = [] }) => licenses.length === 0).map(({ name }) => name)).toEqual([]);
  expect(text).not.toContain(process.cwd());
});
