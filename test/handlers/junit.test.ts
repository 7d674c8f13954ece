import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { ensureHandlerPrograms } from "../../scripts/handlers.mjs";
import { junitReport } from "../../src/conformance/report/files";
import { prove } from "./prove";
import { serve } from "./server";

const count = "import sys, xml.etree.ElementTree as x; print(len(x.parse(sys.argv[1]).findall('.//failure')))";

test("a parser of others reads the report on a hostile handler", async () => {
  const { python } = await ensureHandlerPrograms();
  const everything = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  const body = Buffer.concat([Buffer.from(`]]><x>&y;\ufffe\u202e`), everything]);
  const handler = await serve((_request, response) => response.writeHead(500).end(body));
  const directory = await mkdtemp(path.join(tmpdir(), "pacspace-junit-"));
  try {
    const results = await prove(handler.url);
    const failed = results.filter(({ outcome }) => outcome === "failed").length;
    expect(failed).toBeGreaterThan(15);
    const file = path.join(directory, "proof.xml");
    await writeFile(file, junitReport(results, { url: handler.url, startedAt: new Date() }));
    const { stdout } = await promisify(execFile)(python, ["-c", count, file]);
    expect(stdout.trim()).toBe(String(failed));
  } finally {
    await handler.close();
    await rm(directory, { recursive: true, force: true });
  }
});
