import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureHandlerPrograms } from "../../scripts/handlers.mjs";
import { handlerTemplates } from "../../src/core/handlers";
import { startProgram, type Program } from "./program";
import { idsOf, prove, secret } from "./prove";
import { serve } from "./server";
import { media, TemplateStarts, type HandlerPrograms } from "./templateStarts";

let found: HandlerPrograms;
let starts: TemplateStarts;

beforeAll(async () => {
  found = await ensureHandlerPrograms();
  starts = await TemplateStarts.make(found);
});

afterAll(async () => {
  await starts.remove();
});

/** Answers how many events a handler says that it has handled. */
function countOf(program: Program) {
  return serve((_request, response) => response.end(String(program.printed().split("handling ").length)));
}

describe("the handler for", () => {
  test.each(handlerTemplates)("$label, really started, passes the proof", async (template) => {
    const handler = await startProgram(await starts.of(template), secret);
    const count = await countOf(handler);
    try {
      const results = await prove(handler.url, { checkUrl: count.url });
      const wrong = results.filter(({ outcome }) => outcome === "failed" || outcome === "notRun");
      expect(wrong, handler.printed()).toEqual([]);
      expect(idsOf(results, "told")).toEqual([
        "large-body",
        "millisecond-timestamp",
        "same-event-twice",
        "upper-case-hex",
      ]);
      const did = (id: string) => results.find((result) => result.id === id)?.did;
      expect(did("same-event-twice")).toContain("It looks idempotent");
      expect(did("large-body")).toContain("answered 200");
      expect(did("millisecond-timestamp")).toContain("answered 200");
      expect(did("get-refused")).toContain("answered 405");
      expect(did("not-json")?.match(/answered 400/g)).toHaveLength(3);
      expect(handler.printed()).not.toContain(secret);
    } finally {
      await count.close();
      await handler.stop();
    }
  });
});

test("every file of media/handlers is offered, under a name of its own", async () => {
  expect(handlerTemplates.map(({ file }) => file).sort()).toEqual((await readdir(media)).sort());
  expect(new Set(handlerTemplates.map(({ id }) => id)).size).toBe(handlerTemplates.length);
});

test("a handler without a secret does not start, or answers nothing but 500", async () => {
  for (const template of handlerTemplates) {
    const started = await startProgram(await starts.of(template), "").catch((error: unknown) => error as Error);
    if (started instanceof Error) {
      expect(started.message, template.id).toMatch(/PACSPACE_WEBHOOK_SECRET/);
      continue;
    }
    try {
      expect(["next", "php"]).toContain(template.id);
      const [first] = await prove(started.url);
      expect(first?.did).toContain("answered 500");
      expect(started.printed()).toContain("Set PACSPACE_WEBHOOK_SECRET");
    } finally {
      await started.stop();
    }
  }
});

test("the handler in Go is formatted as gofmt does it", async () => {
  const gofmt = path.join(path.dirname(found.go), "gofmt");
  const { stdout } = await promisify(execFile)(gofmt, ["-l", media]);
  expect(stdout).toBe("");
});
