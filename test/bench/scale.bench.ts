import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { startLocalPacSpace } from "../../src/local/server";
import type { Account } from "../../src/state/account";
import { exportDeliveries } from "../../src/state/actions/exportDeliveries";
import { cookieAccount, signedInAccount } from "../scale/account";
import { startCsvServer } from "../scale/csvServer";
import { idOf, writeLargeAccount } from "../scale/largeAccount";
import { child } from "./child";
import { median, report, timed } from "./measure";

const few = { webhooks: 100, deliveries: 100 };
const many = { webhooks: 10_000, deliveries: 1_000_000 };
const rounds = 100;
const exported = 2 * 1024 ** 3;
const mebibyte = 1024 ** 2;

interface Served {
  readonly baseUrl: string;
  readonly startMs: number;
  readonly heapMib: number;
  readonly fileMib: number;
}

function say(line: string): void {
  process.stdout.write(`  ${line}\n`);
}

/** Local PacSpace, in a process of its own as always. */
async function serve(webhooks: number, deliveries: number, directory: string): Promise<void> {
  writeLargeAccount(directory, { webhooks, deliveries });
  const begun = performance.now();
  const local = await startLocalPacSpace({ dataDir: directory });
  const startMs = performance.now() - begun;
  globalThis.gc?.();
  const heapMib = process.memoryUsage().heapUsed / mebibyte;
  const fileMib = statSync(path.join(directory, "state.jsonl")).size / mebibyte;
  process.send?.({ baseUrl: local.baseUrl, startMs, heapMib, fileMib } satisfies Served);
  process.on("disconnect", () => void local.close().then(() => process.exit(0)));
}

/** Adds a delivery, which fails at once: it is for another machine. What was found before is out of date then. */
async function addDelivery(account: Account): Promise<void> {
  await account.call((api) => api.webhooks.test(idOf("webhook", 1)));
}

interface Side {
  readonly account: Account;
  readonly first: number[];
  readonly failed: number[];
  readonly day: number[];
  readonly sorted: number[];
  readonly webhooks: number[];
  readonly append: number[];
}

const none = (): Omit<Side, "account"> => ({ first: [], failed: [], day: [], sorted: [], webhooks: [], append: [] });

async function measureRound({ account, first, failed, day, sorted, webhooks, append }: Side): Promise<void> {
  append.push(await timed(() => addDelivery(account)));
  first.push(await timed(() => account.deliveries.load()));
  account.deliveries.setFilter({ status: "failed" });
  failed.push(await timed(() => account.deliveries.load()));
  account.deliveries.setFilter({ startDate: "2026-04-10", endDate: "2026-04-10" });
  day.push(await timed(() => account.deliveries.load()));
  account.deliveries.setFilter({ sortBy: "attempts", sortOrder: "desc" });
  sorted.push(await timed(() => account.deliveries.load()));
  account.deliveries.setFilter({});
  webhooks.push(await timed(() => account.webhooks.load()));
}

async function compareSizes(folder: string): Promise<string> {
  const servers = [few, many].map(({ webhooks, deliveries }) =>
    child<Served>("serve", String(webhooks), String(deliveries), path.join(folder, String(deliveries))),
  );
  const [small, large] = await Promise.all(servers.map(({ message }) => message));
  if (small === undefined || large === undefined) throw new Error("A server is missing");
  say(
    `Local PacSpace with 10,000 webhooks and 1,000,000 deliveries (${large.fileMib.toFixed(0)} MiB): starts in ${(large.startMs / 1_000).toFixed(1)} s, heap ${large.heapMib.toFixed(0)} MiB`,
  );
  const sides: Side[] = [];
  for (const { baseUrl } of [small, large]) {
    const account = await signedInAccount(baseUrl, 50);
    sides.push({ account, ...none() });
  }
  for (let round = 0; round < rounds + 10; round++) {
    // The first rounds warm up what all later ones share.
    if (round === 10) for (const side of sides) for (const name of series) side[name].length = 0;
    for (const side of round % 2 === 0 ? sides : [...sides].reverse()) await measureRound(side);
  }
  const [ofFew, ofMany] = sides;
  if (ofFew === undefined || ofMany === undefined) throw new Error("A side is missing");
  const rival = "among 100";
  report("first rows among 1,000,000", median(ofMany.first), rival, median(ofFew.first), 1.3);
  report("first failed rows", median(ofMany.failed), rival, median(ofFew.failed), 1.3);
  report("first rows of a day", median(ofMany.day), rival, median(ofFew.day), 1.3);
  report("first webhooks among 10,000", median(ofMany.webhooks), rival, median(ofFew.webhooks), 1.3);
  say(`first rows sorted by attempts after a change: ${median(ofMany.sorted).toFixed(0)} ms among 1,000,000`);
  report("one more delivery", median(ofMany.append), rival, median(ofFew.append), 1.3);
  await Promise.all(sides.map(({ account }) => account.close()));
  servers[0]?.stop();
  return large.baseUrl;
}

const series = ["first", "failed", "day", "sorted", "webhooks", "append"] as const;

async function page(baseUrl: string): Promise<void> {
  const account = await signedInAccount(baseUrl, 100);
  await account.call(() => account.deliveries.load());
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const times: number[] = [];
  while (account.deliveries.snapshot.rows.length < 50_000) {
    times.push(await timed(() => account.deliveries.loadMore()));
  }
  globalThis.gc?.();
  const kept = (process.memoryUsage().heapUsed - before) / mebibyte;
  const sent = account.deliveries.snapshot.rows.reduce((sum, { raw }) => sum + raw.length, 0) / mebibyte;
  const changes: number[] = [];
  for (const row of account.deliveries.snapshot.rows.filter((_, index) => index % 500 === 0)) {
    changes.push(await timed(() => account.deliveries.put({ ...row, status: "pending" })));
  }
  process.send?.({
    kept,
    sent,
    change: median(changes),
    first: median(times.slice(0, 50)),
    last: median(times.slice(-50)),
  } satisfies Paged);
  await account.close();
  process.disconnect();
}

interface Paged {
  readonly kept: number;
  readonly sent: number;
  readonly change: number;
  readonly first: number;
  readonly last: number;
}

async function serveCsv(): Promise<void> {
  process.send?.((await startCsvServer(exported)).baseUrl);
  process.on("disconnect", () => process.exit(0));
}

/** Exports twice: once to the end, once cancelled half-way. */
async function takeExport(baseUrl: string, folder: string): Promise<void> {
  const account = await cookieAccount(baseUrl, 50);
  const file = path.join(folder, "export.csv");
  const before = process.memoryUsage.rss();
  const bytes = await exportDeliveries(account, {}, file);
  const peakMib = process.resourceUsage().maxRSS / 1024;
  rmSync(file);
  const cancel = new AbortController();
  const failed = await exportDeliveries(account, {}, file, {
    signal: cancel.signal,
    onBytes: (count) => {
      if (count > exported / 2) cancel.abort();
    },
  }).then(
    () => "not cancelled",
    (error: unknown) => (error as { readonly kind?: string }).kind ?? String(error),
  );
  const left = readdirSync(folder);
  process.send?.({ bytes, aboveMib: peakMib - before / mebibyte, failed, left } satisfies Exported);
  await account.close();
  process.disconnect();
}

interface Exported {
  readonly bytes: number;
  readonly aboveMib: number;
  readonly failed: string;
  readonly left: readonly string[];
}

async function main(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "pacspace-scale-"));
  try {
    const baseUrl = await compareSizes(folder);
    const paged = await child<Paged>("page", baseUrl).message;
    report("memory for 50,000 rows loaded", paged.kept, "their JSON texts", paged.sent, 2, "MiB");
    report("the last 50 of 500 pages, each", paged.last, "the first 50", paged.first, 10);
    say(`a change of one of 50,000 rows in the view's store: ${paged.change.toFixed(2)} ms`);
    const csv = child<string>("csv");
    const files = mkdtempSync(path.join(folder, "export-"));
    const { bytes, aboveMib, failed, left } = await child<Exported>("export", await csv.message, files).message;
    say(`export of ${bytes} bytes: peak resident memory ${aboveMib.toFixed(0)} MiB above that before it (goal 96)`);
    say(`an export cancelled half-way ends as "${failed}" and leaves ${left.length} files`);
    csv.stop();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  process.exit(0);
}

const [role, first = "", second = "", third = ""] = process.argv.slice(2);
if (role === undefined) void main();
else if (role === "serve") void serve(Number(first), Number(second), third);
else if (role === "page") void page(first);
else if (role === "csv") void serveCsv();
else void takeExport(first, second);
