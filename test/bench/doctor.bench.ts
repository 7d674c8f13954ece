import { createHmac, createSecretKey } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { diagnose, type DoctorRequest } from "../../src/core/doctor/diagnose";
import { median, report, timed } from "./measure";

const timestamp = "1775826922";
const rounds = 8;
/** Milliseconds of one round. */
const roundMs = 1_000;

/** Milliseconds of processor time that this thread took, on an older Node the process: others' work doesn't count. */
function processorMs(): number {
  const { user, system } = "threadCpuUsage" in process ? threadUsage() : process.cpuUsage();
  return (user + system) / 1_000;
}

/** Node 23.9 and newer; the types are older. */
function threadUsage(): NodeJS.CpuUsage {
  return (process as unknown as { threadCpuUsage(): NodeJS.CpuUsage }).threadCpuUsage();
}

/** An envelope of about so many bytes, with something for every cause to work on. */
function envelope(bytes: number): Buffer {
  const record = (n: number): string => `{"recordId":"rec_${n}","delta":-${n}.50,"note":"a/b <é> \\u00e9"}`;
  const records: string[] = [];
  for (let length = 100; length < bytes; length += (records.at(-1)?.length ?? 0) + 1)
    records.push(record(records.length));
  return Buffer.from(`{"event":"delta.verified","timestamp":"2026-04-10T13:15:02.000Z","data":[${records.join(",")}]}`);
}

/** A request whose secret is not among the keys: everything is tried in vain. */
function unsolvable(body: Buffer, keys: number, options: Partial<DoctorRequest>): DoctorRequest {
  return {
    headers: [
      ["X-PacSpace-Signature", `v1=${"ab".repeat(32)}`],
      ["X-PacSpace-Timestamp", timestamp],
    ],
    body,
    keys: Array.from({ length: keys }, (_, n) => ({ id: `webhook_${n}`, secret: `whsec_bench_only_${n}` })),
    addressed: "first",
    now: Number(timestamp),
    toleranceSeconds: 300,
    ...options,
  };
}

/** HMACs per second of a bare loop over one body and the seconds of a day. */
function bareRate(body: Buffer): number {
  const key = createSecretKey("whsec_bench_only", "utf8");
  const first = Number(timestamp);
  const wanted = "ab".repeat(32);
  const begun = performance.now();
  const atFirst = processorMs();
  let count = 0;
  let found = 0;
  while (performance.now() - begun < roundMs) {
    // A look at the clock now and then: it costs as much as hashing some hundred bytes.
    for (let at = 0; at < 16; at++) {
      if (
        createHmac("sha256", key)
          .update(`${first + (count % 86_400)}.`)
          .update(body)
          .digest("hex") === wanted
      )
        found++;
      count++;
    }
  }
  if (found > 0) throw new Error("the bench's own signature must not match");
  return (count / (processorMs() - atFirst)) * 1_000;
}

/** The search for a lost timestamp: as many HMACs as seconds, over a body that stays as it is. */
function lostTimestamp(body: Buffer): DoctorRequest {
  const request = unsolvable(body, 1, { budgetMs: roundMs });
  return { ...request, headers: request.headers.slice(0, 1) };
}

/** HMACs per second of the doctor, by its own count. */
async function doctorRate(request: DoctorRequest): Promise<number> {
  const atFirst = processorMs();
  const { tried } = await diagnose(request);
  return (tried / (processorMs() - atFirst)) * 1_000;
}

/** By turns, the best round of each: other work on the machine can only slow one down. */
async function compared(name: string, body: Buffer): Promise<void> {
  let [rival, ours] = [0, 0];
  for (let round = 0; round < rounds; round++) {
    rival = Math.max(rival, bareRate(body));
    ours = Math.max(ours, await doctorRate(lostTimestamp(body)));
  }
  const ratio = ours / rival;
  process.stdout.write(
    `  lost timestamp at ${name}: ${Math.round(ours)} HMACs a second, a bare createHmac loop: ${Math.round(rival)}, ratio ${ratio.toFixed(2)} (goal 0.9: ${ratio >= 0.9 ? "met" : "MISSED"})\n`,
  );
}

/** Most of this search's time goes into making the bodies to try. */
async function withBodies(name: string, body: Buffer): Promise<void> {
  const rate = await doctorRate(unsolvable(body, 3, { budgetMs: 3 * roundMs }));
  process.stdout.write(
    `  every change at ${name}: ${Math.round(rate)} HMACs a second, the making of each body included\n`,
  );
}

/** The most work between two turns of the event loop, in milliseconds of processor time. */
async function longestSlice(work: Promise<unknown>): Promise<number> {
  const state = { isRunning: true };
  const ended = work.finally(() => (state.isRunning = false));
  let longest = 0;
  let last = processorMs();
  while (state.isRunning) {
    await nextTurn();
    longest = Math.max(longest, processorMs() - last);
    last = processorMs();
  }
  await ended;
  return longest;
}

/** A rule that says "never" is kept by the worst round; the best one shows what other work on the machine adds. */
function reportRounds(name: string, rounds: readonly number[], rule: number): void {
  report(`${name}, median of ${rounds.length}`, median(rounds), "the rule", rule, 1);
  report(`${name}, worst`, Math.max(...rounds), "the rule", rule, 1);
  report(`${name}, best`, Math.min(...rounds), "the rule", rule, 1);
}

async function main(): Promise<void> {
  process.stdout.write(`  Node ${process.versions.node}\n`);
  // First: a deep search has a thread of its own, which has compiled nothing for another search yet.
  await compared("2 KB", envelope(2_000));
  await compared("100 KB", envelope(100_000));
  await withBodies("2 KB", envelope(2_000));
  await withBodies("100 KB", envelope(100_000));

  const large = envelope(100_000);
  const singles = (): Promise<unknown> => diagnose(unsolvable(large, 10, { budgetMs: 0 }));
  const times: number[] = [];
  for (let round = 0; round < 9; round++) times.push(await timed(singles));
  reportRounds("single changes, 10 keys, 100 KB", times, 100);

  for (const [name, body, budgetMs] of [
    ["single changes at 100 KB", large, 0],
    ["the whole search at 100 KB", large, 3_000],
    ["single changes at 4 MB", envelope(4_000_000), 0],
  ] as const) {
    const slices: number[] = [];
    for (let round = 0; round < 3; round++) {
      slices.push(await longestSlice(diagnose(unsolvable(body, 10, { budgetMs }))));
    }
    reportRounds(`longest slice, ${name}`, slices, 50);
  }
}

void main();
