import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { ensureHandlerPrograms } from "../../scripts/handlers.mjs";

const folder = fileURLToPath(new URL("../unit/doctor/printers", import.meta.url));

test("what the doctor's tests take for the output of real printers is theirs", async () => {
  const { python, php, go } = await ensureHandlerPrograms();
  const commands = [
    [python, "print.py"],
    [php, "print.php"],
    [go, "run", "print.go"],
    [process.execPath, "print.mjs"],
  ] as const;
  let printed = "";
  for (const [program, ...args] of commands) {
    const { stdout } = await promisify(execFile)(program, [...args, "originals.json"], { cwd: folder });
    printed += stdout;
  }
  expect(printed).toBe(await readFile(`${folder}/printed.tsv`, "utf8"));
});
