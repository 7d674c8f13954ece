import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import * as vscode from "vscode";
import { authority, issuedBy, type Authority } from "../contract/api/certificate";
import { ConnectProxy } from "../misbehave/connectProxy";
import { activated, call, failure, until } from "./support";

const name = "pacspace.test";
const password = "Basic dTpw";
const list = {
  success: true,
  data: { webhooks: [], deliveries: [], pagination: { page: 1, limit: 100, total: 0, totalPages: 0 } },
};

/** Those that this VS Code was started with: one is in the system's store, the other in NODE_EXTRA_CA_CERTS. */
const known = JSON.parse(readFileSync(process.env.PACSPACE_AUTHORITIES ?? "", "utf8")) as Record<
  "system" | "extra",
  Authority
>;

async function startPacSpace(issuer: Authority): Promise<{ server: Server; port: number }> {
  const server = createServer(issuedBy(issuer, name), (_request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(list));
  });
  server.on("connection", (socket) => socket.on("error", () => undefined));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, port: (server.address() as AddressInfo).port };
}

describe("VS Code's own proxy and certificate settings", () => {
  const http = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration("http");
  const changed = new Set<string>();
  let proxy: ConnectProxy;
  const servers: Server[] = [];
  let baseUrl = "";

  /** Sets one of VS Code's `http` settings until the test has ended. */
  async function set(setting: string, value: unknown): Promise<void> {
    changed.add(setting);
    await http().update(setting, value, vscode.ConfigurationTarget.Global);
    await until(`http.${setting} is set`, () => JSON.stringify(http().get(setting)) === JSON.stringify(value));
  }

  /** Leaves the environment and comes back, so that its client is made anew. */
  async function reconnect(): Promise<void> {
    await call("switchEnvironment", { name: "Production" });
    await call("switchEnvironment", { baseUrl });
  }

  const signIn = { method: "cookie", cookie: "session=very-secret-value" };

  before(async () => {
    await activated();
    proxy = await ConnectProxy.start({ names: [name], password });
    const started = await startPacSpace(authority());
    servers.push(started.server);
    baseUrl = `https://${name}:${started.port}`;
  });

  after(async () => {
    for (const setting of changed) await http().update(setting, undefined, vscode.ConfigurationTarget.Global);
    await call("switchEnvironment", { name: "Production" });
    proxy.close();
    for (const server of servers) {
      server.close();
      server.closeAllConnections();
    }
  });

  it("say by which proxy, with which password, and for which hosts", async () => {
    await call("switchEnvironment", { baseUrl });
    assert.match(await failure("signIn", signIn), /can't be looked up|can't be reached/);
    await set("proxy", proxy.url);
    assert.match(await failure("signIn", signIn), /407.*http\.proxyAuthorization/);
    await set("proxyAuthorization", password);
    assert.match(await failure("signIn", signIn), /isn't trusted.*http\.systemCertificates.*NODE_EXTRA_CA_CERTS/);
    const { length } = proxy.asked;
    assert.equal(length, 2);
    await set("noProxy", [name]);
    assert.match(await failure("signIn", signIn), /can't be looked up|can't be reached/);
    await set("noProxy", []);
    await set("proxySupport", "off");
    assert.match(await failure("signIn", signIn), /can't be looked up|can't be reached/);
    await set("proxySupport", "override");
    assert.equal(proxy.asked.length, length);
  });

  it("say whether an unknown certificate is taken", async () => {
    await set("proxyStrictSSL", false);
    await reconnect();
    assert.equal((await call<{ signedIn: boolean }>("signIn", signIn)).signedIn, true);
    await set("proxyStrictSSL", true);
    await reconnect();
    assert.match(await failure("refresh"), /isn't trusted/);
    assert.doesNotMatch(JSON.stringify(proxy.asked), /very-secret-value/);
  });

  /** Works in a PacSpace on this machine, which no proxy is asked for, with a certificate by one of the authorities. */
  async function signedInAt(issuer: Authority): Promise<boolean> {
    const { server, port } = await startPacSpace(issuer);
    servers.push(server);
    await call("switchEnvironment", { baseUrl: `https://127.0.0.1:${port}` });
    return (await call<{ signedIn: boolean }>("signIn", signIn)).signedIn;
  }

  /** A change of the setting has the client made anew, a little later. */
  async function refreshed(as: RegExp): Promise<void> {
    let words = "";
    await until(`a refresh ends as ${as.source}`, async () => {
      const outcome = await call("refresh").catch((error: unknown) => error);
      words = outcome instanceof Error ? outcome.message : "refreshed";
      return as.test(words);
    }).catch((error: unknown) => assert.fail(`${String(error)}: ${words}`));
  }

  it("say whether the certificates of the system's store are taken", async () => {
    await set("systemCertificates", true);
    assert.equal(await signedInAt(known.system), true);
    await set("systemCertificates", false);
    await refreshed(/isn't trusted/);
    await set("systemCertificates", true);
    await refreshed(/^refreshed$/);
  });

  it("leave those of NODE_EXTRA_CA_CERTS alone", async () => {
    for (const system of [true, false]) {
      await set("systemCertificates", system);
      assert.equal(await signedInAt(known.extra), true);
    }
    await set("systemCertificates", true);
  });
});
