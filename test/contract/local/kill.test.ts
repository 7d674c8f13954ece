import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { demoAccount } from "../../../src/local/demoAccount";
import { send, signIn, startReceiver, temporaryDirectory, type Client, type WebhookRow } from "./support";

type Directory = Awaited<ReturnType<typeof temporaryDirectory>>;

interface Started {
  readonly type: string;
  readonly baseUrl: string;
  readonly port: number;
  readonly seededSecrets: readonly { readonly id: string; readonly secret: string }[];
  readonly message?: string;
  readonly code?: string;
}

let bundle: Directory;
let data: Directory;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  bundle = await temporaryDirectory();
  const entryPoints = ["src/local/main.ts"];
  await build({ entryPoints, outfile: path.join(bundle.path, "local.cjs"), bundle: true, platform: "node" });
});

afterAll(() => bundle.remove());

beforeEach(async () => {
  data = await temporaryDirectory();
});

afterEach(async () => {
  for (const child of children) await kill(child, "SIGKILL");
  await data.remove();
});

function spawn(options: object): ChildProcess {
  const child = fork(path.join(bundle.path, "local.cjs"), [], {
    execArgv: [],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  children.add(child);
  child.once("exit", () => children.delete(child));
  child.send({ type: "start", options });
  return child;
}

async function started(child: ChildProcess): Promise<Started> {
  const [message] = (await once(child, "message")) as [Started];
  return message;
}

async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill(signal);
  await gone;
}

async function allRows(client: Client, route: string, key: "webhooks" | "deliveries"): Promise<WebhookRow[]> {
  const rows: WebhookRow[] = [];
  for (let page = 1; ; page++) {
    const window = key === "webhooks" ? `page=${page}` : `offset=${rows.length}`;
    const answer = await client.call("GET", `${route}?limit=100&${window}`);
    const found = answer.json.data[key];
    rows.push(...found);
    if (found.length < 100) return rows;
  }
}

test("as a child it answers one message, and ends with the channel", async () => {
  const child = spawn({ port: 0, seed: "demo", dataDir: data.path });
  const message = await started(child);
  expect(message).toEqual({
    type: "started",
    baseUrl: `http://127.0.0.1:${message.port}`,
    port: expect.any(Number),
    seededSecrets: expect.any(Array),
  });
  expect(message.seededSecrets).toHaveLength(7);
  expect((await send(message.baseUrl, "POST", "/dashboard/auth/login", { body: demoAccount })).status).toBe(200);
  const second = spawn({ port: message.port, seed: "empty" });
  expect(await started(second)).toEqual({
    type: "failed",
    message: `Port ${message.port} is taken by another program. Stop it, or choose another port.`,
    code: "EADDRINUSE",
  });
  if (second.exitCode === null) await once(second, "exit");
  const third = spawn({ port: 0, dataDir: data.path });
  expect(await started(third)).toMatchObject({ type: "failed", code: "ELOCKED" });
  const gone = once(child, "exit");
  child.disconnect();
  expect(await gone).toEqual([0, null]);
});

test("a kill at any time loses nothing that was answered, ten times in a row", async () => {
  const receiver = await startReceiver();
  /** What the answers said: URL by id, whether it is enabled, tests sent; undefined where no answer came. */
  const known = new Map<string, { url: string; enabled: boolean | undefined; gone: boolean | undefined }>();
  const tested = new Set<string>();
  receiver.handle = (request, response) => {
    tested.add(String(request.headers["x-event-id"]));
    response.end("OK");
  };
  const deliveries = new Set<string>();
  try {
    for (let round = 0; round < 10; round++) {
      const child = spawn({ port: 0, seed: "empty", dataDir: data.path });
      const { baseUrl, type, message } = await started(child);
      expect(type, message).toBe("started");
      const client = await signIn(baseUrl);

      const webhooks = new Map((await allRows(client, "", "webhooks")).map((row) => [row.id, row]));
      for (const [id, { url, enabled, gone }] of known) {
        const row = webhooks.get(id);
        if (gone === true) expect(row, `${id} was deleted`).toBeUndefined();
        if (gone === false) expect(row, `${id} was created`).toMatchObject({ url });
        if (row !== undefined && enabled !== undefined) expect(row.enabled, `${id} toggled`).toBe(enabled);
        if (row === undefined) known.delete(id);
        else known.set(id, { url, enabled: row.enabled, gone: false });
      }
      const kept = new Set((await allRows(client, "/deliveries", "deliveries")).map(({ id }) => id));
      for (const id of deliveries) expect(kept.has(id), `${id} was answered for`).toBe(true);

      let killed = false;
      const worker = async (seed: number): Promise<void> => {
        for (let step = 0; !killed; step++) {
          const url = `${receiver.url}/${round}/${seed}/${step}`;
          const { id } = (await client.call("POST", "", { body: { url } })).json.data;
          const state: { url: string; enabled: boolean | undefined; gone: boolean | undefined } = {
            url,
            enabled: true,
            gone: false,
          };
          known.set(id, state);
          state.enabled = undefined;
          state.enabled = (await client.call("POST", `/${id}/toggle`)).json.data.enabled;
          await client.call("POST", `/${id}/test`);
          const { deliveries: rows } = (await client.call("GET", "/deliveries?limit=5")).json.data;
          for (const row of rows) deliveries.add(row.id);
          if (step % 3 === 0) {
            state.gone = undefined;
            await client.call("DELETE", `/${id}`);
            state.gone = true;
          }
        }
      };
      const work = Array.from({ length: 4 }, (_, seed) => worker(seed).catch((error: unknown) => error));
      await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 400));
      killed = true;
      await kill(child, "SIGKILL");
      await Promise.all(work);
    }
    expect(known.size).toBeGreaterThan(10);
    expect(deliveries.size).toBeGreaterThan(10);
  } finally {
    await receiver.close();
  }
});

test("a kill while it seeds leaves nothing, or all of it", async () => {
  for (let round = 0; round < 8; round++) {
    const child = spawn({ port: 0, seed: "demo", dataDir: data.path });
    await new Promise((resolve) => setTimeout(resolve, 30 + Math.random() * 250));
    await kill(child, "SIGKILL");
    const next = spawn({ port: 0, seed: "demo", dataDir: data.path });
    const { baseUrl, type, message } = await started(next);
    expect(type, message).toBe("started");
    const { pagination } = (await (await signIn(baseUrl)).call("GET", "/deliveries?limit=1")).json.data;
    expect(pagination.total).toBe(500);
    await kill(next, "SIGKILL");
    await data.remove();
  }
});
