import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { transformSync } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allCauses } from "../../../src/core/doctor/causes";
import { frameworkNames, type Framework } from "../../../src/core/model/diagnosis";

let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pacspace-mending-"));
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Every piece of code for a framework, once. */
function pieces(framework: Framework): readonly string[] {
  return [...new Set(allCauses.map(({ mending }) => mending[framework]))];
}

function written(name: string, content: string): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

/** The lines stand in somebody's handler; a module's own exports do not. */
function inHandler(code: string): string {
  return /^export /m.test(code) ? code : `async function handler() {\n${code}\n}\n`;
}

/** What a program says of a file; empty when it has nothing to say against it. */
function complaints(program: string, ...args: readonly string[]): string {
  try {
    execFileSync(program, args, { stdio: "pipe" });
    return "";
  } catch (error) {
    const { code, stderr } = error as { readonly code?: string; readonly stderr?: Buffer };
    if (code === "ENOENT") return `${program} is missing: install it (Debian has it in the package ${program}).`;
    return String(stderr);
  }
}

describe("the code that mends a fault is well-formed", () => {
  test.each(["express", "fastify", "nextjs", "hono"] as const)("for Node: %s", (framework) => {
    const codes = pieces(framework);
    expect(codes.length).toBeGreaterThan(3);
    for (const [index, code] of codes.entries()) {
      // Next.js and Hono are written in TypeScript: without its types it is what Node can check.
      const { code: plain } = transformSync(inHandler(code), { loader: "ts", target: "es2022" });
      expect(complaints(process.execPath, "--check", written(`${framework}-${index}.mjs`, plain)), code).toBe("");
      if (framework === "express" || framework === "fastify") {
        expect(complaints(process.execPath, "--check", written(`${framework}-${index}.mjs`, inHandler(code)))).toBe("");
      }
    }
  });

  test.each(["flask", "fastapi", "django"] as const)("for Python: %s", (framework) => {
    const files = pieces(framework).map((code, index) => {
      const lines = code.split("\n").map((line) => `    ${line}`);
      return written(`${framework}_${index}.py`, `async def handler():\n${lines.join("\n")}\n`);
    });
    expect(files.length).toBeGreaterThan(3);
    expect(complaints("python3", "-m", "py_compile", ...files)).toBe("");
  });

  test("a fault would be told", () => {
    expect(complaints(process.execPath, "--check", written("wrong.mjs", "const = 1"))).toContain("SyntaxError");
    expect(complaints("python3", "-m", "py_compile", written("wrong.py", "def f(:\n"))).toContain("SyntaxError");
    expect(complaints("pacspace-no-such-program")).toContain("is missing");
  });

  test("every framework has code for every cause, and none of it holds a secret", () => {
    for (const { id, mending } of allCauses) {
      for (const framework of Object.keys(frameworkNames) as readonly Framework[]) {
        expect(mending[framework].trim(), `${id}, ${framework}`).not.toBe("");
        expect(mending[framework]).not.toMatch(/whsec_[0-9A-Za-z]/);
      }
    }
  });
});
