import { appendFile, readdir, readFile, stat, truncate, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startLocalPacSpace, type LocalOptions, type LocalPacSpace } from "../../../src/local/server";
import {
  send,
  signIn,
  startReceiver,
  temporaryDirectory,
  type Client,
  type Receiver,
  type WebhookRow,
} from "./support";

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let receiver: Receiver;
const running: LocalPacSpace[] = [];

beforeEach(async () => {
  directory = await temporaryDirectory();
  receiver = await startReceiver();
});

afterEach(async () => {
  for (const local of running.splice(0)) await local.close();
  await receiver.close();
  await directory.remove();
});

async function start(options: LocalOptions = {}): Promise<LocalPacSpace> {
  const local = await startLocalPacSpace({ dataDir: directory.path, ...options });
  running.push(local);
  return local;
}

async function stop(local: LocalPacSpace): Promise<void> {
  running.splice(running.indexOf(local), 1);
  await local.close();
}

const file = () => path.join(directory.path, "state.jsonl");
const create = async (client: Client, url: string) =>
  (await client.call("POST", "", { body: { url } })).json.data as { id: string; secret: string };

/** Everything that the API tells. */
async function snapshot(client: Client): Promise<unknown> {
  const webhooks = (await client.call("GET", "?limit=100")).json;
  const pages = [];
  for (let offset = 0; offset < 600; offset += 100) {
    pages.push((await client.call("GET", `/deliveries?limit=100&offset=${offset}`)).json);
  }
  return { webhooks, pages, csv: (await client.call("GET", "/deliveries/export")).text };
}

test("everything is there again after a restart: webhooks, deliveries, sessions; secrets still sign", async () => {
  const first = await start({ seed: "demo" });
  expect(first.seededSecrets).toHaveLength(7);
  const client = await signIn(first.baseUrl);
  const { id } = await create(client, receiver.url);
  await client.call("POST", `/${id}/test`);
  const removed = first.seededSecrets[0]?.id ?? "";
  await client.call("DELETE", `/${removed}`);
  const toggled = first.seededSecrets[1]?.id ?? "";
  await client.call("POST", `/${toggled}/toggle`);
  const before = await snapshot(client);
  await stop(first);

  const second = await start({ seed: "demo", port: first.port });
  expect(second.seededSecrets).toEqual([]);
  expect(await snapshot(client)).toEqual(before);
  expect((await client.call("GET", `/${removed}`)).status).toBe(404);
  await client.call("POST", `/${id}/test`);
  expect(receiver.received).toHaveLength(2);
  const [one, two] = receiver.received;
  expect(one?.headers["x-pacspace-signature"]).not.toBe(two?.headers["x-pacspace-signature"]);
});

test("an account that began empty stays empty; without a directory nothing is kept", async () => {
  await stop(await start({ seed: "empty" }));
  const again = await start({ seed: "demo" });
  expect(again.seededSecrets).toEqual([]);
  expect((await (await signIn(again.baseUrl)).call("GET", "")).json.data.pagination.total).toBe(0);
  const forgetful = await startLocalPacSpace({ seed: "demo" });
  await forgetful.close();
  expect(await readdir(directory.path)).toEqual(expect.arrayContaining(["state.jsonl"]));
});

test("what was pending is delivered after a restart", async () => {
  const first = await start({ retryDelaysMs: [60_000] });
  const client = await signIn(first.baseUrl);
  const { id } = await create(client, receiver.url);
  receiver.handle = (_request, response) => void response.writeHead(500).end();
  await client.call("POST", `/${id}/test`);
  const [failed] = (await client.call("GET", "/deliveries")).json.data.deliveries;
  await client.call("POST", `/deliveries/${failed.id}/retry`);
  await stop(first);
  receiver.handle = (_request, response) => void response.end();
  await start({ port: first.port, retryDelaysMs: [0] });
  const state = async () => (await client.call("GET", "/deliveries")).json.data.deliveries[0];
  await expect.poll(async () => (await state()).status, { timeout: 20_000 }).toBe("delivered");
  expect(await state()).toMatchObject({ id: failed.id, attempts: 2 });
});

test("a test that was under way when the server ended is kept as pending, and sent by the next one", async () => {
  const first = await start();
  const client = await signIn(first.baseUrl);
  const { id } = await create(client, receiver.url);
  receiver.handle = () => undefined;
  const cut = client.call("POST", `/${id}/test`).catch((error: unknown) => error);
  await expect.poll(() => receiver.received.length, { timeout: 20_000 }).toBe(1);
  await stop(first);
  expect(await cut).toBeInstanceOf(Error);
  receiver.handle = (_request, response) => void response.end();
  await start({ port: first.port });
  await expect.poll(() => receiver.received.length, { timeout: 20_000 }).toBe(2);
  expect(receiver.received[1]?.headers["x-event-id"]).toBe(receiver.received[0]?.headers["x-event-id"]);
});

test("a torn last line is cut off; what came before it is there, and what comes after it is kept", async () => {
  const first = await start();
  const client = await signIn(first.baseUrl);
  await create(client, "https://example.com/1");
  await create(client, "https://example.com/2");
  await stop(first);
  const { size } = await stat(file());
  const whole = await readFile(file());
  for (const cut of [1, 10, whole.length - whole.lastIndexOf("\n", -2) - 2]) {
    await writeFile(file(), whole);
    await truncate(file(), size - cut);
    const local = await start({ port: first.port });
    const urls = async () => (await client.call("GET", "")).json.data.webhooks.map(({ url }: WebhookRow) => url);
    expect(await urls()).toEqual(["https://example.com/1"]);
    await create(client, "https://example.com/3");
    await stop(local);
    const again = await start({ port: first.port });
    expect(await urls()).toEqual(["https://example.com/3", "https://example.com/1"]);
    await stop(again);
  }
  await writeFile(file(), whole);
  await appendFile(file(), Buffer.alloc(4096));
  const local = await start({ port: first.port });
  expect((await client.call("GET", "")).json.data.pagination.total).toBe(2);
  await stop(local);
});

test("damage in the middle, and a file of something else, are told and left as they are", async () => {
  const first = await start({ seed: "demo" });
  await stop(first);
  const lines = (await readFile(file(), "utf8")).split("\n");
  lines[3] = lines[3]?.slice(5) ?? "";
  const damaged = lines.join("\n");
  await writeFile(file(), damaged);
  await expect(start()).rejects.toThrow(/is damaged at line 4\. Move the file away/);
  expect(await readFile(file(), "utf8")).toBe(damaged);
  const foreign = '{"something":"else"}\n{"more":1}\n';
  await writeFile(file(), foreign);
  await expect(start()).rejects.toThrow(/was not written by this version of Local PacSpace/);
  expect(await readFile(file(), "utf8")).toBe(foreign);
  expect(await readdir(directory.path)).toEqual(["state.jsonl"]);
});

test("a file that holds mostly what counts no more is compacted at the start, with nothing lost", async () => {
  const first = await start({ seed: "demo" });
  const client = await signIn(first.baseUrl);
  const { id } = await create(client, `${receiver.url}/${"long".repeat(500)}`);
  receiver.handle = (_request, response) => void response.end("x".repeat(60_000));
  for (let count = 0; count < 3; count++) await client.call("POST", `/${id}/test`);
  for (let flips = 0; flips < 900; flips += 20) {
    await Promise.all(Array.from({ length: 20 }, () => client.call("POST", `/${id}/toggle`)));
  }
  const before = await snapshot(client);
  await stop(first);
  const large = (await stat(file())).size;
  const second = await start({ port: first.port });
  expect((await stat(file())).size).toBeLessThan(large * 0.6);
  expect(await snapshot(client)).toEqual(before);
  await create(client, "https://example.com/after");
  const after = await snapshot(client);
  await stop(second);
  await start({ port: first.port });
  expect(await snapshot(client)).toEqual(after);
});

test("a state that can't be read answers 500 without telling why; the log tells", async () => {
  const log: string[] = [];
  const local = await start({ seed: "demo", log: (line) => log.push(line) });
  const client = await signIn(local.baseUrl);
  await truncate(file(), 1_000);
  const answer = await client.call("GET", "/deliveries");
  expect(answer.status).toBe(500);
  expect(answer.json).toEqual({ statusCode: 500, error: "Internal Server Error", message: "Internal server error" });
  expect(log.join("\n")).toMatch(/^GET \/dashboard\/webhooks\/deliveries failed: .*became shorter/m);
  expect((await client.call("GET", "")).status).toBe(200);
});

test("a directory that one server has open is refused to a second, and free again when it ends", async () => {
  const first = await start();
  await expect(start()).rejects.toMatchObject({
    code: "ELOCKED",
    message: expect.stringContaining(path.join(directory.path, "lock")),
  });
  expect((await send(first.baseUrl, "GET", "/")).status).toBe(404);
  await stop(first);
  await start();
});

test("a lock that a dead process left behind does not keep anybody out", async () => {
  await writeFile(path.join(directory.path, "lock"), "999999999");
  await stop(await start());
  await writeFile(path.join(directory.path, "lock"), String(process.pid));
  await stop(await start());
  await writeFile(path.join(directory.path, "lock"), "");
  await stop(await start());
  expect(await readdir(directory.path)).toEqual(["state.jsonl"]);
});

test("a start that finds its port taken leaves the directory as it was, its secrets ungiven", async () => {
  await expect(start({ port: Number(new URL(receiver.url).port), seed: "demo" })).rejects.toMatchObject({
    code: "EADDRINUSE",
  });
  expect(await readdir(directory.path)).toEqual([]);
  expect((await start({ seed: "demo" })).seededSecrets).toHaveLength(7);
});

test("neither secrets nor sessions can be read by others of this machine, nor a session taken from the file", async () => {
  const local = await start({ seed: "demo" });
  const { cookie } = await signIn(local.baseUrl);
  expect((await stat(file())).mode & 0o077).toBe(0);
  expect(await readFile(file(), "utf8")).not.toContain(cookie.split("=")[1] ?? cookie);
});
