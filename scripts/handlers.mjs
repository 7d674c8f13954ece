// What the ready-made handlers need to be started: npm packages of their own, Python, Go and PHP.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { installDebianPackages } from "./debian.mjs";
import { root } from "./root.mjs";
import { onPath, run } from "./run.mjs";
import { ensureDependencies } from "./setup.mjs";

/** Where their npm packages lie: apart, so that none of them gets into what ships. */
export const handlerPackages = join(root, "test/handlers");

const PYTHON_PACKAGES = ["python3-flask", "python3-fastapi", "uvicorn", "python3-django"];

/** @returns {Promise<string | undefined>} a Python that has all the frameworks; Debian's are known to its own one only */
async function findPython() {
  for (const python of [onPath("python3"), "/usr/bin/python3"]) {
    if (!python || !existsSync(python)) continue;
    try {
      await run(python, ["-c", "import flask, fastapi, uvicorn, django"]);
      return python;
    } catch {
      // Not this one.
    }
  }
  return undefined;
}

/** @returns {Promise<{ python: string | undefined, go: string | undefined, php: string | undefined }>} */
async function find() {
  return { python: await findPython(), go: onPath("go"), php: onPath("php") };
}

/**
 * Brings what the handlers need: npm packages by `npm ci`, programs by apt-get where they are missing.
 * @returns {Promise<{ python: string, go: string, php: string }>} the programs' paths
 * @throws {Error} when something can neither be found nor installed; it says what, and how to get it
 */
export async function ensureHandlerPrograms() {
  await ensureDependencies(handlerPackages);
  let { python, go, php } = await find();
  const packages = [...(python ? [] : PYTHON_PACKAGES), ...(go ? [] : ["golang-go"]), ...(php ? [] : ["php-cli"])];
  const names = [python ? "" : "Python with Flask, FastAPI, uvicorn and Django", go ? "" : "Go", php ? "" : "PHP"];
  if (packages.length > 0) {
    await installDebianPackages(packages, {
      missing: names.filter(Boolean).join(", "),
      purpose: "the ready-made handlers are started and tested",
      byHand: "Install what is missing, so that python3, go and php are on PATH.",
    });
    ({ python, go, php } = await find());
  }
  if (python && go && php) return { python, go, php };
  throw new Error("apt-get has installed Python, Go and PHP, but they can't be found. Put them on PATH.");
}
