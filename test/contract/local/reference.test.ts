import { execFile } from "node:child_process";
import { createHmac, timingSafeEqual } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { demoAccount } from "../../../src/local/demoAccount";
import { startLocalPacSpace, type LocalPacSpace } from "../../../src/local/server";
import reference from "../../fixtures/reference.json";
import { startReceiver, temporaryDirectory, type DeliveryRow, type Receiver, type WebhookRow } from "./support";

const execute = promisify(execFile);

/** Runs a program in the test's directory; neither a proxy nor settings of this machine's user take part. */
function run(program: string, args: readonly string[]): Promise<{ readonly stdout: string }> {
  return execute(program, args, {
    cwd: directory.path,
    env: { ...process.env, NO_PROXY: "*", CURL_HOME: directory.path },
  });
}
const now = new Date("2026-04-10T12:00:00.000Z");

let local: LocalPacSpace;
let receiver: Receiver;
let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
/** What stands for the ids of the page's commands. */
const ids = { webhook: "", delivery: "" };
let secret = "";
/** What the endpoint makes of a signature, by the page's own recipe. */
const verified: boolean[] = [];
let endpointStatus = 200;

beforeAll(async () => {
  receiver = await startReceiver();
  receiver.handle = ({ headers, body }, response) => {
    const timestamp = String(headers["x-pacspace-timestamp"]);
    const given = Buffer.from(String(headers["x-pacspace-signature"]));
    const mac = createHmac("sha256", secret)
      .update(`${timestamp}.${body.toString("utf8")}`)
      .digest("hex");
    const wanted = Buffer.from(`v1=${mac}`);
    verified.push(given.length === wanted.length && timingSafeEqual(given, wanted));
    response.writeHead(endpointStatus).end("OK");
  };
  directory = await temporaryDirectory();
  local = await startLocalPacSpace({
    now: () => now,
    endpoints: { [reference.endpoint]: receiver.url },
    retryDelaysMs: [0, 20],
  });
  await run("curl", [
    ...["-sS", "--fail", "-c", path.join(directory.path, reference.cookieFile)],
    ...["-H", "Content-Type: application/json", "-d", JSON.stringify(demoAccount)],
    `${local.baseUrl}/dashboard/auth/login`,
  ]);
});

afterAll(async () => {
  await local.close();
  await receiver.close();
  await directory.remove();
});

interface Outcome {
  readonly status: number;
  readonly body: string;
}

/**
 * Runs a command of the page in a shell, as a reader would: its base URL and ids replaced, and the CSRF header added
 * that the page leaves out and the authentication page demands.
 */
async function curl(name: string): Promise<Outcome> {
  const example = exampleOf(name);
  const command = example.command
    .replaceAll(reference.baseUrl, local.baseUrl)
    .replaceAll(reference.ids.webhook, ids.webhook)
    .replaceAll(reference.ids.delivery, ids.delivery);
  const { stdout } = await run("sh", ["-c", `${command} -sS -H 'X-Pacspace-CSRF: 1' -w '\\n%{http_code}'`]);
  const end = stdout.lastIndexOf("\n");
  return { status: Number(stdout.slice(end + 1)), body: stdout.slice(0, end) };
}

function exampleOf(name: string): (typeof reference.examples)[number] {
  const example = reference.examples.find((candidate) => candidate.name === name);
  if (example === undefined) throw new Error(`The reference has no example "${name}".`);
  return example;
}

/** What a value looks like, for those that differ from one run to the next. */
function shapeOf(value: string): string {
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value)) return "a time";
  const prefix = /^(webhook|whsec|evt)_[0-9a-z]+$/.exec(value);
  return prefix === null ? value : `${prefix[1] ?? ""}_…`;
}

/** Every leaf of a JSON value, by its path. */
function leaves(value: unknown, at = ""): Map<string, unknown> {
  if (typeof value !== "object" || value === null) return new Map([[at, value]]);
  return new Map(Object.entries(value).flatMap(([key, inner]) => [...leaves(inner, `${at}.${key}`)]));
}

/**
 * Compares an answer with the documented one, field by field: same fields, same types, same values but for ids, secrets
 * and times (same form) and counts.
 * @param more fields that the page says may be there, though its example has none
 */
function expectDocumented(body: string, documented: unknown, more: readonly string[] = []): void {
  const got = leaves(JSON.parse(body));
  const wanted = leaves(documented);
  expect([...got.keys()].filter((field) => !more.includes(field)).sort()).toEqual([...wanted.keys()].sort());
  for (const [field, value] of wanted) {
    const found = got.get(field);
    expect(typeof found, field).toBe(typeof value);
    if (typeof value === "string" && typeof found === "string") expect(shapeOf(found), field).toBe(shapeOf(value));
    else if (!field.endsWith("Count")) expect(found, field).toBe(value);
  }
}

async function expectExample(name: string, more?: readonly string[]): Promise<string> {
  const example = exampleOf(name);
  const { status, body } = await curl(name);
  expect(status).toBe(example.status);
  expectDocumented(body, example.answer, more);
  return body;
}

test("the cookie file that curl writes marks the session as httpOnly", async () => {
  const jar = await readFile(path.join(directory.path, reference.cookieFile), "utf8");
  expect(jar).toMatch(/^#HttpOnly_127\.0\.0\.1\tFALSE\t\/\tFALSE\t[1-9]\d{9,}\tpacspace_session\t\S+$/m);
});

// In the page's order, each on what those before it have made.
test("create", async () => {
  const body = await expectExample("create", [".data.description"]);
  ({ id: ids.webhook, secret } = (JSON.parse(body) as { data: { id: string; secret: string } }).data);
});

test("test: the endpoint gets the documented event, with a signature that the page's code accepts", async () => {
  await expectExample("test");
  const [request] = receiver.received;
  expectDocumented(request?.body.toString() ?? "", exampleOf("test").delivered);
  expect(request?.path).toBe("/webhooks/pacspace");
  expect(verified).toEqual([true]);
  for (const name of reference.signatureHeaders) expect(request?.headers[name.toLowerCase()]).toBeTypeOf("string");
});

test("list", async () => {
  const body = await expectExample("list", [".data.webhooks.0.description"]);
  const [row] = (JSON.parse(body) as { data: { webhooks: WebhookRow[] } }).data.webhooks;
  expect(row).toMatchObject({ id: ids.webhook, successCount: 1, failureCount: 0 });
});

test("get", async () => {
  await expectExample("get", [".data.description"]);
});

test("toggle", async () => {
  await expectExample("toggle");
  const back = await curl("toggle");
  expect(JSON.parse(back.body)).toMatchObject({ data: { enabled: true } });
});

test("deliveries: the filters of the command hold", async () => {
  endpointStatus = 500;
  await curl("test");
  const { status, body } = await curl("deliveries");
  expect(status).toBe(200);
  const { data } = JSON.parse(body) as { data: { deliveries: DeliveryRow[]; pagination: object } };
  expect(data.deliveries).toHaveLength(1);
  expect(data.deliveries[0]).toMatchObject({ status: "failed", webhookId: ids.webhook, httpStatus: 500 });
  expect(data.pagination).toEqual({ total: 1, limit: 20, offset: 0 });
  ids.delivery = data.deliveries[0]?.id ?? "";
});

test("export: curl saves the failed deliveries of those days as CSV", async () => {
  const { status, body } = await curl("export");
  expect(status).toBe(200);
  expect(body).toBe("");
  const file = path.join(directory.path, "webhook-deliveries.csv");
  const lines = (await readFile(file, "utf8")).split("\r\n");
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(/^id,event,webhookId,/);
  expect(lines[1]).toMatch(new RegExp(`^${ids.delivery},test,${ids.webhook},`));
  expect(lines[2]).toBe("");
  await rm(file);
});

test("retry: a failed delivery is sent again; only failed ones can be", async () => {
  endpointStatus = 200;
  const { status } = await curl("retry");
  expect(status).toBe(200);
  const failed = async () => (JSON.parse((await curl("deliveries")).body) as { data: { deliveries: unknown[] } }).data;
  await expect.poll(async () => (await curl("retry")).status, { timeout: 20_000 }).toBe(409);
  await expect.poll(() => receiver.received.length, { timeout: 20_000 }).toBe(3);
  expect((await failed()).deliveries).toEqual([]);
  expect(verified).toEqual([true, true, true]);
});

test("delete", async () => {
  await expectExample("delete");
  expect((await curl("get")).status).toBe(404);
});

test("without the CSRF header the page's own commands answer 403, and without the cookie file 401", async () => {
  const create = exampleOf("create").command.replaceAll(reference.baseUrl, local.baseUrl);
  const status = async (command: string) =>
    (await run("sh", ["-c", `${command} -sS -o answer.json -w '%{http_code}'`])).stdout;
  expect(await status(create)).toBe("403");
  const list = exampleOf("list").command.replaceAll(reference.baseUrl, local.baseUrl);
  expect(await status(list.replace(/-b \S+/, ""))).toBe("401");
});
