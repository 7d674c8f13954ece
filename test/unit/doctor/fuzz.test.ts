import { createHmac } from "node:crypto";
import { cpuUsage, memoryUsage } from "node:process";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { diagnose } from "../../../src/core/doctor/diagnose";
import { isErrorOfKind } from "../../../src/core/errors";
import type { HeaderList } from "../../../src/core/model/headers";
import { readHeaders } from "../../../src/core/request/headers";
import { readRequest } from "../../../src/core/request/readRequest";
import type { ReadRequest } from "../../../src/core/request/readRequestTypes";
import { mutated } from "../../fuzz/mutated";
import { Random } from "../../fuzz/random";

const runs = Number(process.env.DOCTOR_FUZZ_RUNS ?? 100_000);
const seed = 20_260_410;
const megabyte = 1_024 * 1_024;
/** A hex dump writes an asterisk for lines that are all the same; they may be so many bytes. */
const mostLeftOut = megabyte;

const now = 1_775_826_942;
const hex = "9a770844311dd78adcdc6ec514246728c0cd8ceca8e58e22a3712cbf3b5cb61c";

const bodySeeds = [
  '{"event":"delta.verified","timestamp":"2026-04-10T13:15:02.000Z","data":{"delta":1.0,"big":12345678901234567890,"a":"b/c <é> \\u00e9"}}',
  '{"event":"test","timestamp":"2026-04-10T13:15:02.000Z","data":{}}',
  '"{\\"a\\":1}"',
  "payload=%7B%22a%22%3A1%7D&x=+y",
  "eyJhIjoxfQ==",
  "[[[[{}]]]]",
  "",
  gzipSync('{"a":1}').toString("latin1"),
  '\u00ef\u00bb\u00bf{"a":1}\r\n',
] as const;

const signatureSeeds = [
  `v1=${hex}`,
  `v1=${hex},v1=${hex.toUpperCase()}`,
  `"sha256=${hex}"`,
  "v1=mncIRDEd14rc3G7FFCRnKMDNjOyo5Y4io3Esvztcthw=",
  `v1=${hex.slice(0, 20)}`,
  "",
] as const;
const timestampSeeds = [
  "1775826927",
  "1775826927000",
  "2026-04-10T13:15:27.000Z",
  '"1775826927.5"',
  "soon",
  "",
] as const;
const keySeeds = [
  "whsec_a71d8c13e270aa1c25ab9713c78543f0",
  " whsec_x\n",
  '"whsec_%3D&#61;\\u003D"',
  "pk_live_1",
  "YWJjZGVmZ2g=",
] as const;
const nameSeeds = [
  "X-PacSpace-Signature",
  "X-PacSpace-Timestamp",
  "X_PacSpace_Signature",
  "x-timestamp",
  "Content-Length",
  "Content-Encoding",
  "x",
] as const;
const requestSeeds = [
  `POST /hook HTTP/1.1\r\nHost: x\r\nX-PacSpace-Signature: v1=${hex}\r\nContent-Length: 7\r\n\r\n{"a":1}\n`,
  'POST / HTTP/1.1\nTransfer-Encoding: chunked\n\n4\r\n{"a"\r\n3\r\n:1}\r\n0\r\n\r\n',
  `curl -X POST 'http://x' -H 'X-PacSpace-Signature: v1=${hex}' --data-raw $'{"a":\\u0031}' \\\n -d "b"`,
  'curl ^"http://x^" ^\r\n -H ^"a: b^" --data-raw ^"^{^\\^"a^\\^":1^}^"',
  '{"log":{"entries":[{"request":{"headers":[{"name":"host","value":"x"}],"postData":{"text":"{}"}}}]}}',
  '{"headers":{"host":"x","X-PacSpace-Signature":"v1=a"},"body":"eyJhIjoxfQ==","isBase64Encoded":true}',
  "EnvironHeaders([('Host', 'x'), ('X-PacSpace-Signature', 'v1=a')])",
  "{ host: 'x', 'x-pacspace-signature': 'v1=a', y: [Function: z], w: <Buffer 7b> }",
  "Host: x\nX-PacSpace-Signature: v1=a\n folded\n\n{}",
  "7b22 6122 3a31 7d0a 7b22 6122",
  '00000000  7b 22 61 22 3a 20 20 20  20 20 20 20 20 20 20 20  |{"a":          |\n*\n00000030  31 7d  |1}|\n00000032',
  "map[Content-Type:[application/json] X-Pacspace-Signature:[v1=a]]",
  "{host=[x], x-pacspace-signature=[v1=a]}",
  '> POST / HTTP/1.1\n> X-PacSpace-Signature: v1=a\n>\n{"a":1}',
  'fetch("http://x", {"headers": {"host": "x", "x-pacspace-signature": "v1=a"}, "body": "{}"});',
  "<Buffer 7b 22 61 22 3a 31 7d 0a>",
] as const;

function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, text.charCodeAt(0) < 0x80 ? "utf8" : "latin1");
}

function headersFor(random: Random): HeaderList {
  const headers: [string, string][] = [
    ["X-PacSpace-Signature", mutated(random, random.pick(signatureSeeds))],
    ["X-PacSpace-Timestamp", mutated(random, random.pick(timestampSeeds))],
    [random.pick(nameSeeds), random.pick([mutated(random, random.pick(signatureSeeds)), "42", "gzip"])],
  ];
  return headers.slice(random.below(2), 1 + random.below(3));
}

const plainHeaders: HeaderList = [
  ["X-PacSpace-Signature", `v1=${hex}`],
  ["X-PacSpace-Timestamp", "1775826927"],
];

/** A full search now and then, a short one more often, one change at a time else: milliseconds for either question. */
function budgetOf(round: number): number {
  if (round % 10_000 < 4) return 100;
  return round % 80 < 2 ? 4 : 0;
}

/** Sometimes a text comes many times over: an answer must not grow with it. */
function perhapsLong(random: Random, text: string): string {
  return random.below(1_000) === 0 ? text.repeat(300) : text;
}

/** The most of anything in all rounds. `overMs`: processor time beyond the budgets of both questions. */
const most = { triedWithoutBudget: 0, answerLength: 0, readPerCharacter: 0, overMs: 0, heldBytes: 0 };

/** One hostile request for the doctor. Whatever it answers, an HMAC of ours must not be in it. */
async function examineOne(random: Random, round: number, hostile: "headers" | "body"): Promise<void> {
  const body = bytesOf(hostile === "body" ? perhapsLong(random, mutated(random, random.pick(bodySeeds))) : "{}");
  const secret = perhapsLong(random, mutated(random, random.pick(keySeeds)) || "x");
  const headers = hostile === "headers" ? headersFor(random) : plainHeaders;
  const computed =
    random.below(4) === 0 ? perhapsLong(random, mutated(random, random.pick(signatureSeeds))) : undefined;
  const budgetMs = budgetOf(round);
  const diagnosis = await diagnose({
    headers,
    body,
    keys: [{ id: "webhook_a", secret }],
    addressed: random.pick(["first", "any"]),
    now,
    toleranceSeconds: 300,
    computed,
    ...(random.below(8) === 0 && { storedBody: bytesOf(mutated(random, random.pick(bodySeeds))) }),
    budgetMs,
  });
  const [timestamp = ""] = headers.flatMap(([name, value]) => (name === "X-PacSpace-Timestamp" ? [value] : []));
  const expected = createHmac("sha256", secret).update(`${timestamp}.`).update(body).digest("hex");
  const answer = JSON.stringify(diagnosis);
  if (diagnosis.verdict === "valid" || answer.includes(expected)) {
    throw new Error(`round ${round}: no signature was made with this secret, yet the answer has one`);
  }
  if (diagnosis.matchedWebhookId !== undefined) throw new Error(`round ${round}: matched without a signature`);
  most.answerLength = Math.max(most.answerLength, answer.length);
  if (budgetMs === 0) most.triedWithoutBudget = Math.max(most.triedWithoutBudget, diagnosis.tried);
}

function sizeOf(read: ReadRequest | HeaderList): number {
  if (!("kind" in read)) return JSON.stringify(read).length;
  return (read.body?.length ?? 0) + JSON.stringify([read.headers, read.notes]).length;
}

/** One hostile text for the readers: read, or refused as invalid. */
function readOne(random: Random, round: number): void {
  const text = perhapsLong(random, mutated(random, random.pick(requestSeeds)));
  for (const read of [
    () => readRequest(text),
    () => readRequest(Buffer.from(text, "latin1")),
    () => readHeaders(text),
  ]) {
    try {
      const size = sizeOf(read()) - (/^\s*\*\s*$/m.test(text) ? mostLeftOut : 0);
      most.readPerCharacter = Math.max(most.readPerCharacter, size / (text.length + 1_000));
    } catch (error) {
      if (!isErrorOfKind(error, "invalid"))
        throw new Error(`round ${round}: ${JSON.stringify(text)}`, { cause: error });
    }
  }
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Bytes that this process holds; typed arrays lie outside of the heap. */
function heldBytes(): number {
  const { heapUsed, external } = memoryUsage();
  return heapUsed + external;
}

/** Milliseconds of processor time: what else the machine does at the time makes no difference. */
function processorMs(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1_000;
}

test(
  `${runs} hostile inputs: nothing thrown, slow or unbounded`,
  async () => {
    const random = new Random(seed);
    let slowest = 0;
    let before = 0;
    for (let round = 0; round < runs; round++) {
      // By then everything has been compiled and loaded.
      if (round === Math.floor(runs / 10)) {
        collectGarbage();
        before = heldBytes();
      }
      const started = performance.now();
      const startedMs = processorMs();
      if (round % 2 === 1) readOne(random, round);
      else await examineOne(random, round, round % 4 === 0 ? "headers" : "body");
      slowest = Math.max(slowest, performance.now() - started);
      most.overMs = Math.max(most.overMs, processorMs() - startedMs - 2 * budgetOf(round));
      if (round % 64 === 0) most.heldBytes = Math.max(most.heldBytes, heldBytes());
    }
    // The longest round is a full search of 100 ms, with whatever else the machine does at the time.
    expect(slowest).toBeLessThan(5_000);
    expect(most.overMs).toBeLessThan(300);
    expect(most.triedWithoutBudget).toBeLessThan(50_000);
    expect(most.answerLength).toBeLessThan(65_536);
    expect(most.readPerCharacter).toBeLessThan(10);
    expect(most.heldBytes).toBeLessThan(512 * megabyte);
    collectGarbage();
    expect(heldBytes() - before).toBeLessThan(16 * megabyte);
  },
  Math.max(60_000, runs * 6),
);
