import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureHandlerPrograms, handlerPackages } from "../../scripts/handlers.mjs";
import { handlerTemplates, type HandlerTemplate } from "../../src/core/handlers";
import { startProgram, type Program, type Start } from "./program";
import { idsOf, prove, secret } from "./prove";
import { serve } from "./server";

const media = fileURLToPath(new URL("../../media/handlers", import.meta.url));
const programs = fileURLToPath(new URL("programs", import.meta.url));

let found: Awaited<ReturnType<typeof ensureHandlerPrograms>>;
let top: string;

beforeAll(async () => {
  found = await ensureHandlerPrograms();
  top = await mkdtemp(path.join(tmpdir(), "pacspace-handlers-"));
});

afterAll(async () => {
  await rm(top, { recursive: true, force: true });
});

/** Runs a compiler or the like to its end. */
async function build(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<void> {
  await promisify(execFile)(command, args, { cwd, env: { ...process.env, ...env } });
}

/** How each is started as its own first lines say, from a folder that holds it under the name to save it as. */
async function makeStart({ id, language, saveAs }: HandlerTemplate, cwd: string): Promise<Start> {
  const python = (...args: readonly string[]) => ({
    command: found.python,
    cwd,
    env: { PYTHONUNBUFFERED: "1", PYTHONDONTWRITEBYTECODE: "1", PYTHONPATH: cwd },
    args: (port: string) => args.map((word) => word.replace("PORT", port)),
  });
  switch (id) {
    case "next": {
      const next = path.join(handlerPackages, "node_modules/next/dist/bin/next");
      const env = { NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" };
      // Not by Turbopack, which follows no link out of the folder.
      await build(process.execPath, [next, "build", "--webpack"], cwd, env);
      return { command: process.execPath, args: (port) => [next, "start", "-p", port, "-H", "127.0.0.1"], cwd, env };
    }
    case "flask":
      return python("-m", "flask", "--app", "pacspace_webhook", "run", "--port", "PORT");
    case "fastapi":
      return python("-m", "uvicorn", "pacspace_webhook:app", "--port", "PORT");
    case "django":
      return python(path.join(programs, "django_project.py"), "PORT");
    case "go": {
      const built = path.join(cwd, "handler");
      await build(found.go, ["build", "-o", built, saveAs], cwd, { CGO_ENABLED: "0" });
      return { command: built, args: () => [], cwd };
    }
    case "php":
      return { command: found.php, args: (port) => ["-S", `127.0.0.1:${port}`, saveAs], cwd, env: { TMPDIR: cwd } };
    default:
      expect(language).toBe("javascript");
      return { command: process.execPath, args: () => [saveAs], cwd };
  }
}

const starts = new Map<string, Promise<Start>>();

/** Puts a handler into a folder of its own and builds what must be built, once. */
function startOf(template: HandlerTemplate): Promise<Start> {
  const prepare = async (): Promise<Start> => {
    const cwd = path.join(top, template.id);
    const file = path.join(cwd, template.saveAs);
    await mkdir(path.dirname(file), { recursive: true });
    await copyFile(path.join(media, template.file), file);
    await symlink(path.join(handlerPackages, "node_modules"), path.join(cwd, "node_modules"), "junction");
    return makeStart(template, cwd);
  };
  const start = starts.get(template.id) ?? prepare();
  starts.set(template.id, start);
  return start;
}

/** Answers how many events a handler says that it has handled. */
function countOf(program: Program) {
  return serve((_request, response) => response.end(String(program.printed().split("handling ").length)));
}

describe("the handler for", () => {
  test.each(handlerTemplates)("$label, really started, passes the proof", async (template) => {
    const handler = await startProgram(await startOf(template), secret);
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
    const started = await startProgram(await startOf(template), "").catch((error: unknown) => error as Error);
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
