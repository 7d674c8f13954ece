import { execFile } from "node:child_process";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";

let folder = "";
let bundle = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pacspace-api-"));
  bundle = join(folder, "client.js");
  await build({
    entryPoints: [resolve("src/api/client.ts")],
    outfile: bundle,
    bundle: true,
    minify: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    mainFields: ["module", "main"],
  });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a script in a process of its own and gives what it prints as JSON. */
async function run(script: string): Promise<unknown> {
  const file = join(folder, "script.js");
  await writeFile(file, script);
  const { stdout } = await promisify(execFile)(process.execPath, [file], { timeout: 30_000 });
  return JSON.parse(stdout);
}

const symbols = `
  const globals = () => [
    globalThis[Symbol.for("undici.globalDispatcher.1")],
    globalThis[Symbol.for("undici.globalDispatcher.2")],
    globalThis.fetch, globalThis.Headers, globalThis.Request, globalThis.Response,
  ];
  const same = (a, b) => a.every((value, index) => value === b[index]);
`;

const server = `
  const server = require("node:http").createServer((request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ success: true, data: { id: "webhook_1", url: "https://example.com", enabled: true } }));
  });
  const listening = new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
`;

test("a request leaves the process's fetch and both of its dispatchers alone", async () => {
  const result = await run(`
    ${symbols} ${server}
    void (async () => {
      await listening;
      void globalThis.Headers; // Node sets its own dispatcher when its fetch is first touched.
      const before = globals();
      const { createClient } = require(${JSON.stringify(bundle)});
      const baseUrl = "http://127.0.0.1:" + server.address().port;
      const afterLoad = globals();
      const api = createClient({ baseUrl });
      const webhook = await api.webhooks.get("webhook_1");
      const afterRequest = globals();
      const fetched = await (await fetch(baseUrl)).json();
      console.log(JSON.stringify({
        afterLoad: same(before, afterLoad), afterRequest: same(before, afterRequest),
        fetched: fetched.success, id: webhook.id,
      }));
      await api.close();
      server.closeAllConnections();
      server.close();
    })();
  `);
  expect(result).toEqual({ afterLoad: true, afterRequest: true, fetched: true, id: "webhook_1" });
});

test("whatever made itself the process's dispatcher before stays it", async () => {
  const result = await run(`
    ${symbols} ${server}
    void (async () => {
      await listening;
      const asked = [];
      const mine = { dispatch(options, handler) { asked.push(options.path); handler.onError(new Error("mine")); return true; } };
      for (const version of [1, 2]) {
        Object.defineProperty(globalThis, Symbol.for("undici.globalDispatcher." + version), {
          value: mine, writable: true, enumerable: false, configurable: true,
        });
      }
      const before = globals();
      const { createClient } = require(${JSON.stringify(bundle)});
      const api = createClient({ baseUrl: "http://127.0.0.1:" + server.address().port });
      const webhook = await api.webhooks.get("webhook_1");
      console.log(JSON.stringify({ same: same(before, globals()), asked, id: webhook.id }));
      await api.close();
      server.closeAllConnections();
      server.close();
    })();
  `);
  expect(result).toEqual({ same: true, asked: [], id: "webhook_1" });
});

test("loading and making a client opens nothing, and the process ends by itself", async () => {
  const result = await run(`
    const before = process.getActiveResourcesInfo();
    const { createClient } = require(${JSON.stringify(bundle)});
    const api = createClient({ baseUrl: "https://app.pacspace.io" });
    api.auth.importCookieHeader("session=1");
    const opened = process.getActiveResourcesInfo().length - before.length;
    console.log(JSON.stringify({ opened }));
  `);
  expect(result).toEqual({ opened: 0 });
});

test("the bundle holds no more of undici than it needs", async () => {
  expect((await stat(bundle)).size).toBeLessThan(560_000);
});
