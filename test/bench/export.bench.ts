import { execFile, fork } from "node:child_process";
import { createWriteStream, mkdtempSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { stream } from "undici";
import { createClient } from "../../src/api/client";
import { environmentOf } from "../../src/core/model/environment";
import { Account } from "../../src/state/account";
import { exportDeliveries } from "../../src/state/actions/exportDeliveries";
import { median, report } from "./measure";

const size = 1024 ** 3;
const rounds = 3;
const chunk = Buffer.alloc(
  64 * 1024,
  "evt_0123456789,delta.verified,webhook_abc,delivered,2026-04-10T12:00:00.000Z\r\n",
);

interface Outcome {
  readonly ms: number;
  /** Kibibytes. */
  readonly peak: number;
}

/** Serves 1 GiB as fast as it is taken. A process of its own, so that its work is nobody's. */
function serve(): void {
  const server = createServer((request, response) => {
    if (!(request.url ?? "").includes("export")) {
      response.setHeader("content-type", "application/json").end('{"success":true,"data":{"webhooks":[]}}');
      return;
    }
    response.writeHead(200, { "content-type": "text/csv", "content-length": size });
    let left = size;
    const more = (): void => {
      while (left > 0) {
        left -= chunk.length;
        if (!response.write(chunk)) {
          response.once("drain", more);
          return;
        }
      }
      response.end();
    };
    more();
  });
  server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
  process.on("disconnect", () => process.exit(0));
}

async function takeOurs(baseUrl: string, file: string): Promise<void> {
  const entries = new Map<string, string>();
  const account = new Account({
    environment: environmentOf("custom", "bench", baseUrl),
    secrets: {
      get: (key) => Promise.resolve(entries.get(key)),
      store: (key, value) => Promise.resolve(void entries.set(key, value)),
      delete: (key) => Promise.resolve(void entries.delete(key)),
      keys: () => Promise.resolve([...entries.keys()]),
    },
    connect: (options) => Promise.resolve(createClient(options)),
    pageSize: () => 50,
    notesFolder: tmpdir(),
  });
  await account.signIn((api) => {
    api.auth.importCookieHeader("pacspace_session=bench");
    return Promise.resolve();
  });
  await exportDeliveries(account, {}, file, { overwrite: true });
  await account.close();
}

async function takeBare(baseUrl: string, file: string): Promise<void> {
  await stream(`${baseUrl}/dashboard/webhooks/deliveries/export`, { method: "GET" }, () => createWriteStream(file));
}

async function contestant(role: string, baseUrl: string, file: string): Promise<void> {
  const begun = performance.now();
  await (role === "ours" ? takeOurs : takeBare)(baseUrl, file);
  const ms = performance.now() - begun;
  if (statSync(file).size !== size) throw new Error(`${role} wrote ${statSync(file).size} bytes`);
  process.send?.({ ms, peak: process.resourceUsage().maxRSS } satisfies Outcome);
  process.disconnect();
}

function child<T>(...parameters: string[]): { readonly message: Promise<T>; stop(): void } {
  const process_ = fork(__filename, parameters);
  const message = new Promise<T>((resolve, reject) => {
    process_.once("message", (value) => resolve(value as T));
    process_.once("exit", (code) => reject(new Error(`ended with ${code}`)));
  });
  return { message, stop: () => process_.disconnect() };
}

async function main(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "pacspace-bench-"));
  const file = path.join(folder, "export.csv");
  const server = child<number>("serve");
  const baseUrl = `http://127.0.0.1:${await server.message}`;
  const outcomes = { ours: [] as Outcome[], bare: [] as Outcome[] };
  const curl: number[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const role of ["ours", "bare"] as const) {
      outcomes[role].push(await child<Outcome>(role, baseUrl, file).message);
      rmSync(file);
    }
    const begun = performance.now();
    await promisify(execFile)("curl", ["-s", "-o", file, `${baseUrl}/dashboard/webhooks/deliveries/export`]);
    curl.push(performance.now() - begun);
    rmSync(file);
  }
  const time = (role: "ours" | "bare"): number => median(outcomes[role].map(({ ms }) => ms));
  const peak = (role: "ours" | "bare"): number => median(outcomes[role].map(({ peak }) => peak)) / 1024;
  report("exporting 1 GiB", time("ours"), "bare undici.stream to a file", time("bare"), 1.1);
  const above = peak("ours") - peak("bare");
  process.stdout.write(
    `  peak resident memory: ${peak("ours").toFixed(0)} MiB, bare: ${peak("bare").toFixed(0)} MiB, ${above.toFixed(1)} MiB above (goal 16: ${above <= 16 ? "met" : "MISSED"})\n` +
      `  for comparison, curl -o: ${median(curl).toFixed(1)} ms\n`,
  );
  server.stop();
  rmSync(folder, { recursive: true });
}

const [role, baseUrl = "", file = ""] = process.argv.slice(2);
if (role === "serve") serve();
else if (role === undefined) void main();
else void contestant(role, baseUrl, file);
