import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import * as vscode from "vscode";
import { authority, issuedBy } from "../contract/api/certificate";
import { ConnectProxy } from "../misbehave/connectProxy";
import { activated, call, failure, until } from "./support";

const name = "pacspace.test";
const password = "Basic dTpw";
const list = { success: true, data: { webhooks: [], pagination: { page: 1, limit: 100, total: 0, totalPages: 0 } } };

describe("VS Code's own proxy and certificate settings", () => {
  const http = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration("http");
  const changed = new Set<string>();
  let proxy: ConnectProxy;
  let server: Server;
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
    server = createServer(issuedBy(authority(), name), (_request, response) => {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(list));
    });
    server.on("connection", (socket) => socket.on("error", () => undefined));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    baseUrl = `https://${name}:${(server.address() as AddressInfo).port}`;
  });

  after(async () => {
    for (const setting of changed) await http().update(setting, undefined, vscode.ConfigurationTarget.Global);
    await call("switchEnvironment", { name: "Production" });
    proxy.close();
    server.close();
    server.closeAllConnections();
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
});
