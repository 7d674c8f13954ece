import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { buffer, text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "../../scripts/root.mjs";
import { runNpm } from "../../scripts/run.mjs";

const secret = "whsec_9d4e7788a15b1f0f6a2c";
const { version } = JSON.parse(await readFile(path.join(root, "package.json"), "utf8")) as { version: string };
const tarball = path.join(root, "dist", `pacspace-webhook-proof-${version}.tgz`);

let directory: string;
let handler: http.Server;
let url: string;
/** Whether the handler refuses what it should. */
let careful = true;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "pacspace-proof-"));
  await writeFile(path.join(directory, "package.json"), '{"private":true}');
  await runNpm(["install", "--offline", "--no-audit", "--no-fund", "--loglevel=error", tarball], { cwd: directory });
  handler = http.createServer((request, response) => {
    void buffer(request).then((body) => response.writeHead(statusOf(request, body)).end());
  });
  await new Promise<void>((resolve) => handler.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(handler.address() as AddressInfo).port}/hook`;
});

afterAll(async () => {
  handler.closeAllConnections();
  handler.close();
  await rm(directory, { recursive: true, force: true });
});

function statusOf({ method, headers }: http.IncomingMessage, body: Buffer): number {
  if (method !== "POST") return 405;
  const timestamp = String(headers["x-pacspace-timestamp"]);
  const right = `v1=${createHmac("sha256", secret).update(`${timestamp}.`).update(body).digest("hex")}`;
  const values = String(headers["x-pacspace-signature"]).split(",");
  const late = !/^\d+$/.test(timestamp) || Math.abs(Number(timestamp) - Date.now() / 1000) > 300;
  if (careful && (late || !values.some((value) => value.trim() === right))) return 401;
  try {
    JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
    return 200;
  } catch {
    return 400;
  }
}

interface Ran {
  readonly status: number;
  readonly out: string;
  readonly error: string;
}

async function proof(args: readonly string[], more: { env?: NodeJS.ProcessEnv; input?: string } = {}): Promise<Ran> {
  const bin = path.join(directory, "node_modules/.bin/pacspace-webhook-proof");
  const env = { PATH: process.env.PATH, PACSPACE_WEBHOOK_SECRET: secret, ...more.env };
  const child = spawn(bin, args, { cwd: directory, env, shell: process.platform === "win32" });
  child.stdin.end(more.input ?? "");
  const [out, error, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  for (const printed of [out, error]) expect(printed).not.toContain(secret);
  return { status: status as number, out, error };
}

/** A report tells what a handler did with each request, and holds no secret. */
async function expectNoSecret(...reports: readonly string[]): Promise<void> {
  for (const report of reports) {
    const written = await readFile(path.join(directory, report), "utf8");
    expect(written.length).toBeGreaterThan(1_000);
    expect(written).not.toContain(secret);
  }
}

describe("the proof's package", () => {
  test("holds one program, and needs nothing else", async () => {
    const folder = path.join(directory, "node_modules/pacspace-webhook-proof");
    expect((await readdir(folder)).sort()).toEqual(["LICENSE", "README.md", "package.json", "proof.js"]);
    expect((await readdir(path.dirname(folder))).filter((name) => !name.startsWith("."))).toHaveLength(1);
    const manifest = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8")) as Record<string, unknown>;
    expect(manifest).toMatchObject({ version, license: "MIT", bin: { "pacspace-webhook-proof": "proof.js" } });
    expect(Object.keys(manifest).filter((key) => /dependencies|scripts/i.test(key))).toEqual([]);
    expect(await readFile(path.join(folder, "proof.js"), "utf8")).not.toContain(root);
  });

  test("ends with 0 when all passed, and writes both reports", async () => {
    careful = true;
    const { status, out, error } = await proof(["--url", url, "--junit", "proof.xml", "--json", "proof.json"]);
    expect([status, error]).toEqual([0, ""]);
    expect(out).toContain("21 passed, 0 failed, 3 told");
    expect(await readFile(path.join(directory, "proof.xml"), "utf8")).toContain('tests="24" failures="0"');
    expect(JSON.parse(await readFile(path.join(directory, "proof.json"), "utf8"))).toMatchObject({ passed: 21, url });
    await expectNoSecret("proof.xml", "proof.json");
  });

  test("ends with 1 when a case failed", async () => {
    careful = false;
    const { status, out } = await proof(["--url", url, "--junit", "proof.xml", "--json", "proof.json"]);
    expect(status).toBe(1);
    await expectNoSecret("proof.xml", "proof.json");
    expect(out).toMatch(
      /^FAILED {2}A signature with one bit changed is refused .+\n.+ answered 200 .+\n.+4xx.+\n +Fix: /m,
    );
    expect(await readFile(path.join(directory, "proof.xml"), "utf8")).toContain(
      '<failure message="The handler answered 200',
    );
  });

  test("goes on when nobody reads on: it writes its report, and ends as the cases do", async () => {
    const bin = path.join(directory, "node_modules/pacspace-webhook-proof/proof.js");
    for (const [isCareful, expected] of [
      [true, 0],
      [false, 1],
    ] as const) {
      careful = isCareful;
      const child = spawn(process.execPath, [bin, "--url", url, "--json", "unread.json"], {
        cwd: directory,
        env: { PATH: process.env.PATH, PACSPACE_WEBHOOK_SECRET: secret },
      });
      child.stdout.once("data", () => child.stdout.destroy());
      const [error, [status]] = await Promise.all([text(child.stderr), once(child, "close")]);
      expect([status, error]).toEqual([expected, ""]);
      await expectNoSecret("unread.json");
      await rm(path.join(directory, "unread.json"));
    }
  });

  test("takes the secret from another variable, or from standard input", async () => {
    careful = true;
    const env = { PACSPACE_WEBHOOK_SECRET: "", OTHER: secret };
    expect((await proof(["--url", url, "--secret-env", "OTHER"], { env })).status).toBe(0);
    const input = `${secret}\n`;
    expect((await proof(["--url", url, "--secret-stdin"], { env, input })).status).toBe(0);
  });

  test("ends with 2 when nothing was proven", async () => {
    careful = true;
    const none = { PACSPACE_WEBHOOK_SECRET: "" };
    const cases: [readonly string[], { env?: NodeJS.ProcessEnv }, string][] = [
      [[], {}, "--url is missing"],
      [["--url", url, "--secret", secret], {}, "A secret is never an argument"],
      [["--url", url], { env: none }, "set PACSPACE_WEBHOOK_SECRET"],
      [["--url", url, "--secret-stdin"], { env: none }, "no secret on standard input"],
      [["--url", "localhost:3000"], {}, "no full URL"],
      [["--url", "http://127.0.0.1:1/"], {}, "Start the handler first"],
      [["--url", url, "--junit", path.join(directory, "absent", "proof.xml")], {}, "The report could not be written"],
    ];
    for (const [args, more, words] of cases) {
      const { status, error } = await proof(args, more);
      expect([status, error.split("\n")[0]]).toEqual([2, expect.stringContaining(words)]);
    }
  });

  test("explains itself", async () => {
    expect(await proof(["--help"])).toMatchObject({
      status: 0,
      out: expect.stringContaining("--check-url"),
      error: "",
    });
    expect(await proof(["--version"])).toEqual({ status: 0, out: `${version}\n`, error: "" });
  });
});
