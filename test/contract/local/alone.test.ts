import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { signIn, startReceiver, temporaryDirectory } from "./support";

/** Local PacSpace by itself, as its program runs in a terminal. */

const run = promisify(execFile);
let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let program: string;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  directory = await temporaryDirectory();
  program = path.join(directory.path, "local.cjs");
  await build({ entryPoints: ["src/local/main.ts"], outfile: program, bundle: true, platform: "node" });
});

afterEach(async () => {
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }
  children.clear();
});

afterAll(() => directory.remove());

interface Started {
  readonly child: ChildProcess;
  readonly printed: () => string;
  readonly baseUrl: string;
}

function start(...args: string[]): Promise<Started> {
  return startAs([process.execPath, program], ...args);
}

async function startAs([command = "", ...before]: readonly string[], ...args: string[]): Promise<Started> {
  const child = spawn(command, [...before, "--port", "0", ...args], { cwd: directory.path });
  children.add(child);
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (text += chunk.toString()));
  await expect.poll(() => text, { timeout: 30_000 }).toContain("curl -b");
  return { child, printed: () => text, baseUrl: /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0] ?? "" };
}

test("prints where it runs and a login to paste, which works; keeps its state in a directory of its own", async () => {
  const first = await start();
  const command = /^ {2}curl -c [^]+?\n {2}curl -b .+$/m.exec(first.printed())?.[0] ?? "";
  const { stdout } = await run("sh", ["-c", command], {
    cwd: directory.path,
    env: { ...process.env, NO_PROXY: "*", CURL_HOME: directory.path },
  });
  expect(stdout).toContain('"authenticated":true');
  expect(stdout).toContain('"totalPages":1');
  await expect.poll(() => first.printed(), { timeout: 20_000 }).toMatch(/^GET \/dashboard\/webhooks 200 \d+ ms$/m);
  const ended = once(first.child, "exit");
  first.child.kill("SIGINT");
  expect(await ended).toEqual([0, null]);
  const again = await run("ls", ["-a", path.join(directory.path, ".local-pacspace")]);
  expect(again.stdout.split("\n")).toEqual([".", "..", "state.jsonl", ""]);
});

test("takes directory, seed and several mappings; SIGTERM ends it", async () => {
  const receiver = await startReceiver();
  const { child, baseUrl } = await start(
    ...["--data", "other", "--seed", "empty"],
    ...["--map", `https://your-app.com=${receiver.url}`, "--map", `https://example.com=${receiver.url}`],
  );
  const client = await signIn(baseUrl);
  for (const host of ["your-app.com", "example.com"]) {
    const { id } = (await client.call("POST", "", { body: { url: `https://${host}/in` } })).json.data;
    expect((await client.call("POST", `/${id}/test`)).json.data).toMatchObject({ success: true });
  }
  expect(receiver.received.map(({ headers }) => headers.host)).toEqual(["your-app.com", "example.com"]);
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  expect(await ended).toEqual([0, null]);
  await receiver.close();
});

test("help tells the arguments", async () => {
  const { stdout } = await run(process.execPath, [program, "--help"]);
  for (const name of ["--port", "--data", "--seed", "--map"]) expect(stdout).toContain(name);
});

test.each([
  [["--port", "x"], "--port takes a number from 0 to 65535."],
  [["--port", "65536"], "--port takes a number from 0 to 65535."],
  [["--seed", "all"], "--seed takes demo or empty."],
  [["--map", "https://a.example"], "--map takes two origins"],
  [["--map", "https://a.example=https://hooks.example.com"], "delivers to this machine only"],
  [["--wrong"], "--wrong"],
])("%j is refused in words", async (args, words) => {
  const failed = (await run(process.execPath, [program, ...args]).catch((error: unknown) => error)) as {
    code: number;
    stderr: string;
  };
  expect(failed.code).toBe(1);
  expect(failed.stderr).toContain(words);
  expect(failed.stderr).not.toContain("    at ");
});

test("an attempt that the disk has no room for ends nothing, and is made again when there is room", async () => {
  const receiver = await startReceiver();
  // What the shell allows, its programs can't exceed: no file may grow beyond this many blocks of 512 or 1,024 bytes.
  const limited = ["-c", 'ulimit -f 48 && exec "$@"', "sh", process.execPath, program];
  const { child, printed, baseUrl } = await startAs(["sh", ...limited], "--data", "full", "--seed", "empty");
  const client = await signIn(baseUrl);
  const { id } = (await client.call("POST", "", { body: { url: receiver.url } })).json.data;
  const first = async () => (await client.call("GET", "/deliveries")).json.data.deliveries[0];
  receiver.handle = (_request, response) => void response.writeHead(500).end();
  await client.call("POST", `/${id}/test`);
  receiver.handle = (_request, response) => void response.writeHead(500).end("x".repeat(60_000));
  await client.call("POST", `/deliveries/${(await first()).id}/retry`);
  await expect.poll(printed, { timeout: 20_000 }).toMatch(/^An attempt of evt_\w+ could not be kept: .*EFBIG/m);
  expect(child.exitCode).toBeNull();
  expect(await first()).toMatchObject({ status: "pending", attempts: 1 });

  receiver.handle = (_request, response) => void response.end("OK");
  for (const _ of ["disabled", "enabled"]) await client.call("POST", `/${id}/toggle`);
  await expect.poll(async () => (await first()).status, { timeout: 20_000 }).toBe("delivered");
  await receiver.close();
});
