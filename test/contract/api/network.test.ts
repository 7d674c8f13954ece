import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer as createHttpsServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ensureCodeServer } from "../../../scripts/setup.mjs";
import { createClient } from "../../../src/api/client";
import type { ConnectionSettings, PacSpaceApi } from "../../../src/api/pacspaceApi";
import { proxyRules, type ProxySettings } from "../../../src/host/platform/proxyRules";
import { ConnectProxy } from "../../misbehave/connectProxy";
import { temporaryDirectory } from "../local/support";
import { bundled, nextMessage, started } from "../program";
import { failure } from "./bench";
import { authority, issuedBy } from "./certificate";
import type { Orders, Report } from "./clientProgram";
import { json, startServer } from "./server";

const name = "pacspace.test";
const organisation = authority();
const answer = {
  success: true,
  data: { id: "webhook_1", url: "https://example.com", enabled: true, secret: "whsec_1" },
};
/** For what ends by its limit alone, in milliseconds. */
const shortLimitMs = 1_500;

/** Called when the HTTPS server has a request, before it answers. */
let requested: () => void = () => undefined;
let server: Server;
let port: number;
let folder: Awaited<ReturnType<typeof temporaryDirectory>>;
let program: string;
let apis: PacSpaceApi[];

beforeAll(async () => {
  folder = await temporaryDirectory();
  program = await bundled(path.join(import.meta.dirname, "clientProgram.ts"), folder.path);
  await writeFile(path.join(folder.path, "authority.pem"), organisation.cert);
  server = createHttpsServer(issuedBy(organisation, name), (_request, response) => {
    requested();
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(answer));
  });
  server.on("connection", (socket) => socket.on("error", () => undefined));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  ({ port } = server.address() as AddressInfo);
});

afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await folder.remove();
});

beforeEach(() => {
  apis = [];
  requested = () => undefined;
});
afterEach(async () => {
  for (const api of apis) await api.close();
});

function client(baseUrl: string, connection: ConnectionSettings = {}, timeoutMs = 20_000): PacSpaceApi {
  const api = createClient({ baseUrl, connection, timeoutMs });
  api.auth.importCookieHeader("session=very-secret-value");
  apis.push(api);
  return api;
}

const unset: ProxySettings = { proxy: "", proxySupport: "override", proxyAuthorization: undefined, noProxy: [] };

describe("a proxy, by VS Code's settings and the usual variables", () => {
  let proxy: ConnectProxy;
  const password = `Basic ${Buffer.from("user:open sesame").toString("base64")}`;

  beforeEach(async () => {
    proxy = await ConnectProxy.start({ names: [name] });
  });
  afterEach(() => proxy.close());

  function through(settings: Partial<ProxySettings>, variables: Record<string, string> = {}, timeoutMs?: number) {
    const rules = proxyRules(() => ({ ...unset, ...settings }), variables);
    return client(`https://${name}:${port}`, { certificates: [organisation.cert], proxyFor: rules }, timeoutMs);
  }

  test.each<[string, (url: string) => [Partial<ProxySettings>, Record<string, string>]]>([
    ["http.proxy", (url) => [{ proxy: url }, {}]],
    ["http.proxy without a scheme", (url) => [{ proxy: url.replace("http://", "") }, {}]],
    ["http.proxySupport on", (url) => [{ proxy: url, proxySupport: "on" }, {}]],
    ["http.proxySupport fallback", (url) => [{ proxy: url, proxySupport: "fallback" }, {}]],
    ["HTTPS_PROXY", (url) => [{}, { HTTPS_PROXY: url }]],
    ["https_proxy", (url) => [{}, { https_proxy: url }]],
    ["ALL_PROXY", (url) => [{}, { ALL_PROXY: url }]],
    ["http.proxy before HTTPS_PROXY", (url) => [{ proxy: url }, { HTTPS_PROXY: "http://127.0.0.1:9" }]],
    ["http.noProxy for others", (url) => [{ proxy: url, noProxy: ["example.com", "test.pacspace"] }, {}]],
    ["http.noProxy for another port", (url) => [{ proxy: url, noProxy: [`${name}:1`] }, {}]],
  ])("%s is used, and never sees a cookie", async (_, how) => {
    const api = through(...how(proxy.url));
    expect((await api.webhooks.get("webhook_1")).id).toBe("webhook_1");
    await api.webhooks.toggle("webhook_1");
    expect(proxy.asked.map(({ target }) => target)).toEqual([`${name}:${port}`, `${name}:${port}`]);
    expect(JSON.stringify(proxy.asked)).not.toContain("very-secret-value");
  });

  test.each<[string, (url: string) => [Partial<ProxySettings>, Record<string, string>]]>([
    ["http.proxySupport off", (url) => [{ proxy: url, proxySupport: "off" }, { HTTPS_PROXY: url }]],
    ["http.noProxy with the name", (url) => [{ proxy: url, noProxy: [name] }, {}]],
    ["http.noProxy with the domain", (url) => [{ proxy: url, noProxy: [".test"] }, {}]],
    ["http.noProxy with all", (url) => [{ proxy: url, noProxy: ["*"] }, {}]],
    ["NO_PROXY", (url) => [{ proxy: url }, { NO_PROXY: `example.com, ${name}` }]],
    ["no_proxy with the port", (url) => [{}, { HTTPS_PROXY: url, no_proxy: "pacspace.test:PORT" }]],
  ])("%s keeps the way direct", async (_, how) => {
    const [settings, variables] = how(proxy.url);
    const own = Object.fromEntries(
      Object.entries(variables).map(([key, text]) => [key, text.replace("PORT", `${port}`)]),
    );
    // Nobody but the proxy knows the name.
    expect(await failure(through(settings, own).webhooks.delete("x"))).toMatchObject({
      kind: "network",
      uncertain: false,
    });
    expect(proxy.asked).toEqual([]);
  });

  test("this machine is never asked for by a proxy", async () => {
    const plain = await startServer((_request, response) => json(response, answer));
    const rules = proxyRules(() => ({ ...unset, proxy: proxy.url }), {});
    await client(plain.url, { proxyFor: rules }).webhooks.get("webhook_1");
    expect(proxy.asked).toEqual([]);
    await plain.close();
  });

  test("a change of the settings counts for the next request", async () => {
    let settings = { ...unset, proxy: proxy.url };
    const api = client(`https://${name}:${port}`, {
      certificates: [organisation.cert],
      proxyFor: proxyRules(() => settings, {}),
    });
    await api.webhooks.get("webhook_1");
    settings = { ...settings, proxySupport: "off" };
    expect(await failure(api.webhooks.delete("x"))).toMatchObject({ kind: "network" });
    expect(proxy.asked).toHaveLength(1);
  });

  test("a password by http.proxyAuthorization or in the address; without it the words tell what to set", async () => {
    const guarded = await ConnectProxy.start({ names: [name], password });
    const { host } = new URL(guarded.url);
    await through({ proxy: guarded.url, proxyAuthorization: password }).webhooks.get("webhook_1");
    await through({}, { HTTPS_PROXY: `http://user:open%20sesame@${host}` }).webhooks.get("webhook_1");
    const refused = await failure(through({ proxy: guarded.url }).webhooks.delete("webhook_1"));
    expect(refused).toMatchObject({ kind: "network", uncertain: false });
    expect(refused.message).toMatch(/407.*http\.proxyAuthorization/);
    const wrong = await failure(through({ proxy: `http://user:wrong-one@${host}` }).webhooks.delete("webhook_1"));
    expect(wrong.message).toContain(host);
    expect(wrong.message).not.toContain("wrong-one");
    guarded.close();
  });

  test.each([
    ["refuse", "network", /refused the way to .* \(502\)/],
    ["silent", "timeout", /No connection to .* by the proxy .* within 1\.5 s/],
    ["hangUp", "network", /by the proxy/],
  ] as const)(
    "one that does not make the tunnel (%s) is named, and nothing is in doubt",
    async (conduct, kind, words) => {
      proxy.conduct = conduct;
      const error = await failure(through({ proxy: proxy.url }, {}, shortLimitMs).webhooks.delete("webhook_1"));
      expect(error).toMatchObject({ kind, uncertain: false });
      expect(error.message).toMatch(words);
      expect(proxy.asked).toHaveLength(1);
    },
  );

  test("one that drops the tunnel once the request is through leaves its effect open, and that is said", async () => {
    requested = () => proxy.drop();
    const error = await failure(through({ proxy: proxy.url }).webhooks.delete("webhook_1"));
    expect(error).toMatchObject({ kind: "network", uncertain: true });
    expect(error.message).toMatch(/by the proxy .*broke off.*may have taken effect/);
    expect(proxy.asked).toHaveLength(1);
    let drops = 0;
    requested = () => {
      if (drops++ === 0) proxy.drop();
    };
    expect((await through({ proxy: proxy.url }).webhooks.get("webhook_1")).id).toBe("webhook_1");
    expect(proxy.asked).toHaveLength(3);
  });

  test("a proxy whose name can't be looked up is named", async () => {
    const error = await failure(through({ proxy: "http://proxy.invalid:3128" }).webhooks.delete("x"));
    expect(error).toMatchObject({ kind: "network", uncertain: false });
    expect(error.message).toMatch(/proxy\.invalid:3128.*can't be looked up/);
  });
});

async function call(orders: Orders, node: string, env: Record<string, string> = {}): Promise<Report> {
  return nextMessage<Report>(started(program, orders, { execPath: node, env: { ...process.env, ...env } }));
}

describe("a certificate by an organisation's own authority", () => {
  const orders = (): Orders => ({ baseUrl: `https://127.0.0.1:${port}`, timeoutMs: 20_000, call: "get" });
  const pem = (): string => path.join(folder.path, "authority.pem");

  test("is refused, with the words that help", async () => {
    const error = await failure(client(`https://127.0.0.1:${port}`).webhooks.delete("x"));
    expect(error).toMatchObject({ kind: "network", code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE", uncertain: false });
    expect(error.message).toMatch(/http\.systemCertificates.*NODE_EXTRA_CA_CERTS.*http\.proxyStrictSSL/);
  });

  test("is taken when the authority is in NODE_EXTRA_CA_CERTS, by this Node and by VS Code's", async () => {
    const { node } = await ensureCodeServer();
    for (const execPath of [process.execPath, node]) {
      expect(await call(orders(), execPath)).toMatchObject({ ok: false, kind: "network" });
      expect(await call(orders(), execPath, { NODE_EXTRA_CA_CERTS: pem() })).toEqual({ ok: true });
    }
    // The system's certificates must not push out those.
    expect(await call({ ...orders(), system: true }, node, { NODE_EXTRA_CA_CERTS: pem() })).toEqual({ ok: true });
  });

  test("is taken when the authority is in the system's store and http.systemCertificates is on", async () => {
    const { node } = await ensureCodeServer();
    const store = { SSL_CERT_FILE: pem() };
    expect(await call({ ...orders(), system: true }, node, store)).toEqual({ ok: true });
    expect(await call({ ...orders(), system: false }, node, store)).toMatchObject({ ok: false, kind: "network" });
  });

  test("is taken when http.proxyStrictSSL is off", async () => {
    expect((await client(`https://127.0.0.1:${port}`, { strictTls: false }).webhooks.get("webhook_1")).id).toBe(
      "webhook_1",
    );
  });
});

test("loopback by IPv6 is reached, and gets the cookies", async () => {
  const plain = await startServer((_request, response) => json(response, answer), "::1");
  const api = client(plain.url);
  expect(plain.url).toContain("[::1]");
  expect((await api.webhooks.get("webhook_1")).id).toBe("webhook_1");
  await api.webhooks.toggle("webhook_1");
  expect(plain.seen.map(({ headers }) => headers.cookie)).toEqual(Array(2).fill("session=very-secret-value"));
  await plain.close();
});
