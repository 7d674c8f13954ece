import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { handlerPackages, type ensureHandlerPrograms } from "../../scripts/handlers.mjs";
import type { HandlerTemplate } from "../../src/core/handlers";
import type { Start } from "./program";

/** Where the ready-made handlers are. */
export const media = fileURLToPath(new URL("../../media/handlers", import.meta.url));
const programs = fileURLToPath(new URL("programs", import.meta.url));

/** Where Python, Go and PHP are. */
export type HandlerPrograms = Awaited<ReturnType<typeof ensureHandlerPrograms>>;

/** Runs a compiler or the like to its end. */
async function build(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<void> {
  await promisify(execFile)(command, args, { cwd, env: { ...process.env, ...env } });
}

/** Puts ready-made handlers into folders of their own, and says how each is started. */
export class TemplateStarts {
  readonly #starts = new Map<string, Promise<Start>>();

  private constructor(
    private readonly found: HandlerPrograms,
    private readonly top: string,
  ) {}

  static async make(found: HandlerPrograms): Promise<TemplateStarts> {
    return new TemplateStarts(found, await mkdtemp(path.join(tmpdir(), "pacspace-handlers-")));
  }

  async remove(): Promise<void> {
    await rm(this.top, { recursive: true, force: true });
  }

  /** Puts a handler into a folder of its own and builds what must be built, once. */
  of(template: HandlerTemplate): Promise<Start> {
    const start = this.#starts.get(template.id) ?? this.changed(template, template.id, (content) => content);
    this.#starts.set(template.id, start);
    return start;
  }

  /** Does the same with a handler that a person has gone on writing, in a folder of that name. */
  async changed(template: HandlerTemplate, folder: string, change: (content: string) => string): Promise<Start> {
    const cwd = path.join(this.top, folder);
    const file = path.join(cwd, template.saveAs);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, change(await readFile(path.join(media, template.file), "utf8")));
    await symlink(path.join(handlerPackages, "node_modules"), path.join(cwd, "node_modules"), "junction");
    return this.#start(template, cwd);
  }

  /** How each is started as its own first lines say, from a folder that holds it under the name to save it as. */
  async #start({ id, saveAs }: HandlerTemplate, cwd: string): Promise<Start> {
    const { found } = this;
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
      case "php": {
        // Errors are shown where no php.ini says otherwise; several workers take requests at the same time.
        const env = { TMPDIR: cwd, PHP_CLI_SERVER_WORKERS: "4" };
        return { command: found.php, args: (port) => ["-n", "-S", `127.0.0.1:${port}`, saveAs], cwd, env };
      }
      default:
        return { command: process.execPath, args: () => [saveAs], cwd };
    }
  }
}
