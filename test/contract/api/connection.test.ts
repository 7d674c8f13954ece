import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { createClient } from "../../../src/api/client";
import type { ConnectionSettings, PacSpaceApi } from "../../../src/api/pacspaceApi";
import { ConnectProxy } from "../../misbehave/connectProxy";
import { selfSigned } from "./certificate";

const cleanups: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Listens on a free port of this machine until the test has ended. */
async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

function client(baseUrl: string, connection: ConnectionSettings = {}, log: string[] = []): PacSpaceApi {
  const api = createClient({ baseUrl, connection, timeoutMs: 20_000, log: (line) => log.push(line) });
  api.auth.importCookieHeader("session=very-secret-value");
  cleanups.push(() => api.close());
  return api;
}

const answer = JSON.stringify({ success: true, data: { id: "webhook_1", url: "https://example.com", enabled: true } });

/** An HTTPS PacSpace with a certificate of its own. */
async function secureServer(certificate = selfSigned()) {
  const cookies: (string | undefined)[] = [];
  const server = createHttpsServer(certificate, (request, response) => {
    cookies.push(request.headers.cookie);
    response.setHeader("content-type", "application/json");
    response.end(answer);
  });
  return { url: `https://127.0.0.1:${await listen(server)}`, cookies, ...certificate };
}

describe("certificates", () => {
  test("one that isn't trusted fails at once, and the words tell what to set", async () => {
    const { url, cookies } = await secureServer();
    const log: string[] = [];
    const api = client(url, {}, log);
    for (const call of [() => api.webhooks.get("webhook_1"), () => api.webhooks.delete("webhook_1")]) {
      const error = await call().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ kind: "network", code: "DEPTH_ZERO_SELF_SIGNED_CERT", uncertain: false });
      expect(String(error)).toMatch(/http\.systemCertificates.*NODE_EXTRA_CA_CERTS.*http\.proxyStrictSSL/);
    }
    expect(log).toHaveLength(2);
    expect(cookies).toEqual([]);
  });

  test("one that was made known is trusted", async () => {
    const { url, cert, cookies } = await secureServer();
    const api = client(url, { certificates: [cert] });
    expect((await api.webhooks.get("webhook_1")).id).toBe("webhook_1");
    await api.webhooks.toggle("webhook_1");
    expect(cookies).toEqual(["session=very-secret-value", "session=very-secret-value"]);
  });

  test("one for another address isn't, nor one that has expired", async () => {
    const elsewhere = await secureServer(selfSigned({ ip: "127.0.0.2" }));
    await expect(client(elsewhere.url, { certificates: [elsewhere.cert] }).webhooks.get("x")).rejects.toMatchObject({
      kind: "network",
      code: "ERR_TLS_CERT_ALTNAME_INVALID",
    });
    const expired = await secureServer(selfSigned({ notAfter: new Date(Date.now() - 60_000) }));
    await expect(client(expired.url, { certificates: [expired.cert] }).webhooks.get("x")).rejects.toMatchObject({
      kind: "network",
      code: "CERT_HAS_EXPIRED",
    });
  });

  test("any is taken when the check is turned off", async () => {
    const { url } = await secureServer();
    expect((await client(url, { strictTls: false }).webhooks.get("webhook_1")).id).toBe("webhook_1");
  });

  test("a server without TLS is named as such", async () => {
    const plain = await listen(createHttpServer((_request, response) => response.end()));
    const error = await client(`https://127.0.0.1:${plain}`)
      .webhooks.get("x")
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: "network" });
    expect(String(error)).toContain("secure connection");
  });
});

test("a name that doesn't exist is named, and tried again while reading only", async () => {
  const log: string[] = [];
  const api = client("https://pacspace.invalid", {}, log);
  const error = await api.webhooks.get("x").catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ kind: "network", uncertain: false });
  expect(String(error)).toMatch(/pacspace\.invalid can't be looked up \(E/);
  expect(log.filter((line) => line.startsWith("GET"))).toHaveLength(3);
  log.length = 0;
  await expect(api.webhooks.delete("x")).rejects.toMatchObject({ kind: "network", uncertain: false });
  expect(log).toHaveLength(1);
});

test("a handshake that never ends is a timeout of connecting, and nothing is in doubt", async () => {
  const port = await listen(createServer());
  const api = createClient({ baseUrl: `https://127.0.0.1:${port}`, timeoutMs: 400 });
  cleanups.push(() => api.close());
  const error = await api.webhooks.delete("x").catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ kind: "timeout", uncertain: false });
  expect(String(error)).toMatch(/No connection to 127\.0\.0\.1:\d+ within 0\.4 s/);
});

describe("a proxy", () => {
  async function started(password?: string): Promise<ConnectProxy> {
    const proxy = await ConnectProxy.start(password === undefined ? {} : { password });
    cleanups.push(() => proxy.close());
    return proxy;
  }

  test("is used for the URLs that it is for, and never sees a cookie", async () => {
    const { url, cert, cookies } = await secureServer();
    const { asked, url: proxyUrl } = await started();
    const api = client(url, { certificates: [cert], proxyFor: () => ({ url: proxyUrl }) });
    await api.webhooks.get("webhook_1");
    await api.webhooks.toggle("webhook_1");
    const { host } = new URL(url);
    expect(asked.map(({ target }) => target)).toEqual([host, host]);
    expect(JSON.stringify(asked)).not.toContain("very-secret-value");
    expect(cookies).toHaveLength(2);
    const direct = client(url, { certificates: [cert], proxyFor: () => undefined });
    await direct.webhooks.get("webhook_1");
    expect(asked).toHaveLength(2);
  });

  test("gets its password, and without it the words tell what to set", async () => {
    const { url, cert } = await secureServer();
    const { asked, url: proxyUrl } = await started("Basic dTpw");
    const known = client(url, {
      certificates: [cert],
      proxyFor: () => ({ url: proxyUrl, authorization: "Basic dTpw" }),
    });
    expect((await known.webhooks.get("webhook_1")).id).toBe("webhook_1");
    asked.length = 0;
    const unknown = client(url, { certificates: [cert], proxyFor: () => ({ url: proxyUrl }) });
    const error = await unknown.webhooks.get("webhook_1").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: "network", uncertain: false });
    expect(String(error)).toMatch(/407.*http\.proxyAuthorization/);
    expect(asked).toHaveLength(1);
  });

  test("that hangs up, or isn't there, is named; an unsafe request was not sent then", async () => {
    let connections = 0;
    const rude = createServer((socket) => {
      connections++;
      socket.on("data", () => socket.destroy());
    });
    const proxyUrl = `http://127.0.0.1:${await listen(rude)}`;
    const { url } = await secureServer();
    const api = client(url, { proxyFor: () => ({ url: proxyUrl }) });
    const error = await api.webhooks.delete("x").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: "network", uncertain: false });
    expect(String(error)).toContain(new URL(proxyUrl).host);
    expect(connections).toBe(1);
    const nobody = client(url, { proxyFor: () => ({ url: "http://127.0.0.1:9" }) });
    await expect(nobody.webhooks.delete("x")).rejects.toMatchObject({ kind: "network", code: "ECONNREFUSED" });
  });

  test("with an address that is none is an error in words, without the password in it", async () => {
    const { url } = await secureServer();
    for (const proxyUrl of ["not a url", "pac+http://u:hidden-password@127.0.0.1:1"]) {
      const error = await client(url, { proxyFor: () => ({ url: proxyUrl }) })
        .webhooks.delete("x")
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ kind: "network", uncertain: false });
      expect(String(error)).not.toContain("hidden-password");
    }
  });
});

test("unsafe requests have connections of their own; reading keeps some", async () => {
  const ports: (number | undefined)[] = [];
  const server = createHttpServer((request, response) => {
    ports.push(request.socket.remotePort);
    response.setHeader("content-type", "application/json");
    response.end(answer);
  });
  const api = client(`http://127.0.0.1:${await listen(server)}`);
  for (let round = 0; round < 10; round++) await api.webhooks.get("webhook_1");
  const reading = new Set(ports.splice(0));
  expect(reading.size).toBeLessThan(5);
  for (let round = 0; round < 3; round++) await api.webhooks.toggle("webhook_1");
  expect(new Set([...reading, ...ports]).size).toBe(reading.size + 3);
});
