import { fork } from "node:child_process";
import { createHmac, createSecretKey, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { signatureOf } from "../../src/core/signature/sign";
import { ReceiverProcess } from "../../src/host/receiver/receiverProcess";
import { median, report } from "./measure";

// Each server is a process of its own, so is who sends; only one server is called at a time.

const secret = "whsec_bench_only";
const connections = 50;
const rounds = 7;
const perRound = 20_000;
const deliveries = 100_000;
const singles = 200;
const limits = { captures: 500, bytes: 50 * 1024 * 1024 };
/** KiB */
const mostMemory = (150 * 1000 * 1000) / 1024;
const body = Buffer.alloc(2_048, '{"event":"delta.verified","data":{"delta":-42.5}} ');

/** What a server process can be asked for. */
interface Counts {
  /** Requests whose signature was right, of those that are kept. */
  readonly verified: number;
  /** Requests that came, by their different event ids where the server looks at them. */
  readonly taken: number;
  /** Peak of the resident memory, KiB. */
  readonly peak: number;
  /** From the sender's write to the news of it, milliseconds. */
  readonly delays: readonly number[];
}

interface Task {
  readonly port: number;
  readonly count: number;
  readonly connections: number;
  /** Between two requests of a connection. */
  readonly pauseMs?: number;
}

function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

function requestOf(number: number): Buffer {
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const head = [
    "POST /webhooks/pacspace HTTP/1.1",
    "Host: 127.0.0.1",
    "Content-Type: application/json",
    "User-Agent: PacSpace-Webhooks/1.0",
    `X-PacSpace-Signature: ${signature(timestamp)}`,
    `X-PacSpace-Timestamp: ${timestamp}`,
    "X-Webhook-Event: delta.verified",
    `X-Event-ID: evt_${number}`,
    `X-Sent: ${now()}`,
    `Content-Length: ${body.length}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), body]);
}

const signatures = new Map<string, string>();

function signature(timestamp: string): string {
  const known = signatures.get(timestamp) ?? signatureOf(secret, timestamp, body);
  signatures.set(timestamp, known);
  return known;
}

/** Sends requests, the next one when the last is answered, as cheaply as can be. Answers have no body. */
async function send(task: Task): Promise<number> {
  let begun = 0;
  const first = sent;
  const began = now();
  const work = async (): Promise<void> => {
    const socket: Socket = connect(task.port, "127.0.0.1").setNoDelay(true);
    await once(socket, "connect");
    while (begun < task.count) {
      begun++;
      socket.write(requestOf(first + begun));
      let head = "";
      while (!head.endsWith("\r\n\r\n")) head += String(((await once(socket, "data")) as [Buffer])[0]);
      if (!head.startsWith("HTTP/1.1 200 ")) throw new Error(`answered ${head.slice(0, 30)}`);
      if (task.pauseMs !== undefined) await new Promise((resolve) => setTimeout(resolve, task.pauseMs));
    }
    socket.destroy();
  };
  await Promise.all(Array.from({ length: task.connections }, work));
  sent += task.count;
  return now() - began;
}

let sent = 0;

function sender(): void {
  process.on("message", (task: Task) => void send(task).then((ms) => process.send?.(ms)));
}

type Counted = Omit<Counts, "peak">;

/** KiB; NaN where the system does not tell it of other processes. */
function peakOf(pid: number): number {
  if (!existsSync(`/proc/${pid}/status`)) return NaN;
  return Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}

/** The process that the receiver is, where this one started it; else this one. */
function serverProcess(): number {
  const children = `/proc/self/task/${process.pid}/children`;
  return (existsSync(children) && Number.parseInt(readFileSync(children, "utf8"), 10)) || process.pid;
}

/** Tells its port, and its counts whenever it is asked. */
function serve(port: number, counts: () => Counted | Promise<Counted>, onMessage?: (message: unknown) => void): void {
  process.send?.(port);
  process.on("message", (message) => {
    if (message !== "counts") onMessage?.(message);
    else
      void Promise.resolve(counts()).then((told) =>
        process.send?.({ ...told, peak: peakOf(serverProcess()) } satisfies Counts),
      );
  });
}

/** As it runs in a window: in its process, while this one is told of changes. */
async function receiver(directory: string): Promise<void> {
  let last: string | undefined;
  const delays: number[] = [];
  const thread = await ReceiverProcess.open({
    script: path.join(__dirname, "receiverMain.cjs"),
    directory,
    settings: () => ({ allowedHosts: [], toleranceSeconds: 300, forwardTimeoutMs: 30_000, limits }),
    keys: () => Promise.resolve([{ id: "webhook_bench", secret }]),
    log: (level, line) => {
      if (level === "warn") process.stderr.write(`${line}\n`);
    },
    brokeDown: (error) => {
      throw error;
    },
  });
  const receiver = await thread.listen(0, undefined);
  const store = thread.captures;
  store.onDidChange(() => {
    if (last === undefined) return;
    const before = store.captures.findIndex(({ id }) => id === last);
    for (const { headers } of store.captures.slice(0, before)) {
      delays.push(now() - Number(headers.find(([name]) => name === "X-Sent")?.[1]));
    }
    last = delays.length < singles ? store.captures[0]?.id : undefined;
  });
  const counts = async (): Promise<Counted> => {
    await thread.settle();
    const verified = store.captures.filter(({ check }) => check.state === "verified").length;
    return { verified, taken: store.count + store.dropped, delays };
  };
  serve(receiver.port, counts, (message) => {
    if (message === "delays") last = store.captures[0]?.id;
    else void receiver.setForwardTo(String(message)).then(() => process.send?.("forwards"));
  });
}

function bare(): void {
  const key = createSecretKey(secret, "utf8");
  let verified = 0;
  let taken = 0;
  const delays: number[] = [];
  let noting = false;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      taken++;
      if (noting) delays.push(now() - Number(request.headers["x-sent"]));
      const { "x-pacspace-signature": value, "x-pacspace-timestamp": timestamp } = request.headers;
      const hmac = createHmac("sha256", key)
        .update(`${String(timestamp)}.`)
        .update(Buffer.concat(chunks));
      const right = timingSafeEqual(Buffer.from(`v1=${hmac.digest("hex")}`), Buffer.from(String(value)));
      if (right) verified++;
      response.writeHead(right ? 200 : 401, { "Content-Length": 0 }).end();
    });
  });
  server.listen(0, "127.0.0.1", () => {
    serve(
      (server.address() as AddressInfo).port,
      () => ({ verified, taken, delays }),
      () => (noting = true),
    );
  });
}

/** The far end: counts different event ids. */
function handler(): void {
  const ids = new Set<string>();
  const server = createServer((request, response) => {
    ids.add(String(request.headers["x-event-id"]));
    request.resume().on("end", () => response.writeHead(200, { "Content-Length": 0 }).end());
  });
  server.listen(0, "127.0.0.1", () => {
    serve((server.address() as AddressInfo).port, () => ({ verified: 0, taken: ids.size, delays: [] }));
  });
}

interface Child {
  ask<T>(message: unknown): Promise<T>;
  tell(message: unknown): void;
  next<T>(): Promise<T>;
  stop(): void;
}

function child(...parameters: string[]): Child {
  const process_ = fork(__filename, parameters);
  process_.once("exit", (code) => {
    if (code !== 0) throw new Error(`${parameters.join(" ")} ended with ${code}`);
  });
  const next = async <T>(): Promise<T> => ((await once(process_, "message")) as [T])[0];
  return {
    ask: (message) => {
      process_.send(message as object);
      return next();
    },
    tell: (message) => void process_.send(message as object),
    next,
    stop: () => process_.disconnect(),
  };
}

function lost(what: string, count: number): void {
  const verdict = count === deliveries ? "met" : "MISSED";
  process.stdout.write(`  ${what}: ${count} of ${deliveries} (${verdict})\n`);
}

async function main(): Promise<void> {
  process.stdout.write(`  Node ${process.versions.node}\n`);
  const directory = mkdtempSync(path.join(tmpdir(), "pacspace-bench-"));
  const [ours, rival, far, load] = [child("receiver", directory), child("bare"), child("handler"), child("sender")];
  const [port, rivalPort, farPort] = await Promise.all([ours.next<number>(), rival.next<number>(), far.next<number>()]);
  const round = (port: number, count = perRound): Promise<number> => load.ask({ port, count, connections });

  await round(port);
  await round(rivalPort);
  const times: [number[], number[]] = [[], []];
  for (let at = 0; at < rounds; at++) {
    times[0].push(await round(port));
    times[1].push(await round(rivalPort));
  }
  const perSecond = (ms: readonly number[]): number => perRound / (median(ms) / 1_000);
  report(
    "captured",
    perSecond(times[0]),
    "bare node:http with the same HMAC",
    perSecond(times[1]),
    0.8,
    "requests/s",
    "more",
  );
  for (const [name, each] of [
    ["receiver", ours],
    ["bare", rival],
  ] as const) {
    const { verified, taken } = await each.ask<Counts>("counts");
    const kept = name === "receiver" ? ` of the newest ${limits.captures}` : "";
    process.stdout.write(
      `  ${name}: ${taken} requests of ${(rounds + 1) * perRound}, ${verified} signatures right${kept}\n`,
    );
  }

  for (const [each, to] of [
    [ours, port],
    [rival, rivalPort],
  ] as const) {
    each.tell("delays");
    await load.ask({ port: to, count: singles, connections: 1, pauseMs: 100 });
  }
  const [delays, bareDelays] = [(await ours.ask<Counts>("counts")).delays, (await rival.ask<Counts>("counts")).delays];
  if (delays.length !== singles) throw new Error(`${delays.length} of ${singles} changes were told one by one`);
  const worst = (all: readonly number[]): number =>
    all.toSorted((left, right) => left - right)[Math.floor(all.length * 0.99)] ?? NaN;
  for (const [what, times] of [
    ["ten a second, from the last byte to the change in the window", delays],
    ["bare, to its own listener", bareDelays],
  ] as const) {
    const [usual, slow] = [median(times).toFixed(1), worst(times).toFixed(1)];
    process.stdout.write(`  ${what}: ${usual} ms, 99 of 100 within ${slow} ms\n`);
  }

  const before = (await ours.ask<Counts>("counts")).taken;
  await round(port, deliveries);
  lost("deliveries captured", (await ours.ask<Counts>("counts")).taken - before);
  await ours.ask(`http://127.0.0.1:${farPort}`);
  const forwarded = await round(port, deliveries);
  lost("deliveries handed on, counted at the handler", (await far.ask<Counts>("counts")).taken);
  process.stdout.write(`  handed on: ${(deliveries / (forwarded / 1_000)).toFixed(0)} requests/s\n`);
  const [{ peak }, { peak: barePeak }] = [await ours.ask<Counts>("counts"), await rival.ask<Counts>("counts")];
  const megabytes = (kib: number): string => (kib * 1.024e-3).toFixed(0);
  process.stdout.write(
    `  peak resident memory after all: ${megabytes(peak)} MB, bare: ${megabytes(barePeak)} MB (goal 150: ${peak < mostMemory ? "met" : "MISSED"})\n`,
  );
  for (const each of [ours, rival, far, load]) each.stop();
  rmSync(directory, { recursive: true });
}

const roles: Readonly<Record<string, (directory: string) => unknown>> = { receiver, bare, handler, sender };
const [role = "", directory = ""] = process.argv.slice(2);
if (role === "") void main();
else {
  process.on("disconnect", () => process.exit(0));
  void roles[role]?.(directory);
}
