// npm run sbom: writes dist/sbom.cdx.json, the list of what ships of others (CycloneDX), from the lock file.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./root.mjs";
import { explain, runNpm, say } from "./run.mjs";
import { makeTemporary, removeTemporary } from "./temporary.mjs";

/**
 * Writes the package as if it had no development dependencies: `npm sbom --omit=dev` leaves out what a tool needs too,
 * though it ships.
 * @param {string} folder
 * @returns {string} its name
 */
function writeShippedPackage(folder) {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  delete manifest.devDependencies;
  delete lock.packages[""].devDependencies;
  lock.packages = Object.fromEntries(
    Object.entries(lock.packages).filter(([, { dev, devOptional }]) => dev !== true && devOptional !== true),
  );
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify(lock));
  return manifest.name;
}

/** Asks npm and writes what it says. @returns {Promise<string>} the file's path */
export async function writeSbom() {
  const folder = makeTemporary("sbom");
  try {
    const name = writeShippedPackage(folder);
    const options = ["--sbom-format=cyclonedx", "--package-lock-only", "--loglevel=silent"];
    const sbom = JSON.parse(await runNpm(["sbom", ...options], { cwd: folder }));
    // npm takes the folder's name for the package's.
    sbom.metadata.component.name = name;
    const file = join(root, "dist", "sbom.cdx.json");
    mkdirSync(join(root, "dist"), { recursive: true });
    writeFileSync(file, `${JSON.stringify(sbom, undefined, 2)}\n`);
    say(`wrote ${file}`);
    return file;
  } finally {
    removeTemporary(folder);
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeSbom().catch((error) => {
    console.error(explain(error));
    process.exitCode = 1;
  });
}
