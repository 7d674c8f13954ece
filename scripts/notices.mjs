// Writes THIRD_PARTY_NOTICES: the licence of every package that a bundle holds, as the last build saw them.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./root.mjs";

/** Packages that ship as files and not in a bundle. */
const copied = ["@vscode/codicons"];

function packageOf(input) {
  return /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
}

function licenceText(folder) {
  const name = readdirSync(folder).find((file) => /^(licen[cs]e|copying)(\.|$)/i.test(file));
  return name === undefined ? undefined : readFileSync(join(folder, name), "utf8").replace(/\r\n/g, "\n").trim();
}

/**
 * Describes what ships of others.
 * @returns {{ name: string, version: string, licence: string, text: string | undefined }[]}
 */
export function shippedPackages() {
  const inputs = JSON.parse(readFileSync(join(root, "dist/inputs.json"), "utf8"));
  const names = [...new Set([...inputs.map(packageOf).filter((name) => name !== undefined), ...copied])].sort();
  return names.map((name) => {
    const folder = join(root, "node_modules", name);
    const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return { name, version, licence: license, text: licenceText(folder) };
  });
}

/** The notices as text. */
export function notices() {
  const head = "Webhooks for PacSpace contains the following packages under their own licences.\n";
  const parts = shippedPackages().map(
    ({ name, version, licence, text }) =>
      `${"-".repeat(72)}\n${name} ${version} (${licence})\n\n${text ?? "The package holds no licence text."}\n`,
  );
  return [head, ...parts].join("\n");
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const file = join(root, "THIRD_PARTY_NOTICES");
  if (!existsSync(join(root, "dist/inputs.json"))) throw new Error("Build first: node esbuild.js --production");
  writeFileSync(file, notices());
}
