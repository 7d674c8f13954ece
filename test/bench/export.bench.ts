import { execFile } from "node:child_process";
import { createWriteStream, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { stream } from "undici";
import { exportDeliveries } from "../../src/state/actions/exportDeliveries";
import { cookieAccount } from "../scale/account";
import { startCsvServer } from "../scale/csvServer";
import { child } from "./child";
import { median, report } from "./measure";

const size = 1024 ** 3;
const rounds = 3;
interface Outcome {
  readonly ms: number;
  /** Kibibytes. */
  readonly peak: number;
}

/** A process of its own, so that its work is nobody's. */
async function serve(): Promise<void> {
  const { baseUrl } = await startCsvServer(size);
  process.send?.(baseUrl);
  process.on("disconnect", () => process.exit(0));
}

async function takeOurs(baseUrl: string, file: string): Promise<void> {
  const account = await cookieAccount(baseUrl, 50);
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

async function main(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "pacspace-bench-"));
  const file = path.join(folder, "export.csv");
  const server = child<string>("serve");
  const baseUrl = await server.message;
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
if (role === "serve") void serve();
else if (role === undefined) void main();
else void contestant(role, baseUrl, file);
