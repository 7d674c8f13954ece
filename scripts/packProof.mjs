// npm run proof:pack: makes dist/pacspace-webhook-proof-<version>.tgz, which puts the proof of a handler into anyone's CI.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./root.mjs";
import { explain, run, runNpm, say } from "./run.mjs";
import { ensureDependencies } from "./setup.mjs";

const NAME = "pacspace-webhook-proof";

/** The documentation's chapter on the command line stands alone, so it is the package's README as well. */
const README = "docs/handler-proof.md";

/** Builds and packs. @returns {Promise<string>} the tarball's path */
export async function packProof() {
  await ensureDependencies();
  await run(process.execPath, ["esbuild.js", "--production"], { cwd: root });
  const { version, license } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const folder = join(root, "dist/proof/package");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const manifest = {
    name: NAME,
    version,
    description: "Proves that a running PacSpace webhook handler is right.",
    license,
    engines: { node: ">=20.3" },
    bin: { [NAME]: "proof.js" },
    files: ["proof.js"],
  };
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
  copyFileSync(join(root, "dist/proof/proof.js"), join(folder, "proof.js"));
  copyFileSync(join(root, "LICENSE"), join(folder, "LICENSE"));
  copyFileSync(join(root, README), join(folder, "README.md"));
  await runNpm(["pack", "--pack-destination", join(root, "dist"), "--loglevel=error"], { cwd: folder });
  const file = join(root, "dist", `${NAME}-${version}.tgz`);
  say(`packed ${file}`);
  return file;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  packProof().catch((error) => {
    console.error(explain(error));
    process.exitCode = 1;
  });
}
