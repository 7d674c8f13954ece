import assert from "node:assert/strict";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import * as vscode from "vscode";
import { demoAccount } from "../../src/local/demoAccount";
import { startLocalPacSpace, type LocalPacSpace } from "../../src/local/server";
import { activated, call, Endpoint, failure, until } from "./support";

async function set(name: string, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration("pacspace").update(name, value, vscode.ConfigurationTarget.Global);
}

describe("the settings", () => {
  before(() => activated());

  after(async () => {
    await call("switchEnvironment", { name: "Production" });
    for (const name of ["environments", "deliveries.refreshSeconds"]) await set(name, undefined);
  });

  it("say where an environment is, and the active one follows when that changes", async () => {
    const [before, now] = [new Endpoint(), new Endpoint()];
    const origins = [await before.listen(), await now.listen()].map((url) => new URL(url).origin);
    await set("environments", { Staging: origins[0] });
    await call("switchEnvironment", { name: "Staging" });
    assert.notEqual(await failure("signIn", { method: "cookie", cookie: "a=b" }), "");
    assert.equal(before.received.length, 1);
    await set("environments", { Staging: origins[1] });
    // The window learns of the change a moment later.
    await until("a request at the new address", async () => {
      assert.notEqual(await failure("signIn", { method: "cookie", cookie: "a=b" }), "");
      return now.received.length > 0;
    });
    await before.close();
    await now.close();
  });

  it("make an environment refuse whose address can't be used, and no other one takes its place", async () => {
    await call("switchEnvironment", { name: "Production" });
    try {
      await set("baseUrl", "http://sandbox.pacspace.invalid");
      const words =
        /The address of Production, “http:\/\/sandbox\.pacspace\.invalid”, can't be used\..*pacspace\.baseUrl/;
      await until("Production refuses", async () =>
        words.test(await failure("signIn", { method: "cookie", cookie: "a=b" })),
      );
      assert.match(await failure("listWebhooks"), words);
      await set("baseUrl", "https://somebody:canary-password@pacspace.invalid");
      await until("the new address is refused", async () => (await failure("listWebhooks")).includes("“https://…@"));
      assert.doesNotMatch(await failure("listWebhooks"), /somebody|canary/);
    } finally {
      await set("baseUrl", undefined);
    }
    await until("Production is itself again", async () =>
      (await failure("listWebhooks")).includes("not signed in to Production"),
    );
  });

  it("of VS Code's proxy hold from the next request on", async () => {
    const asked: (string | undefined)[] = [];
    const proxy = createServer();
    proxy.on("connect", (request: IncomingMessage, socket: Duplex) => {
      asked.push(request.url);
      socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    const http = vscode.workspace.getConfiguration("http");
    await call("switchEnvironment", { baseUrl: "https://pacspace.invalid" });
    try {
      assert.notEqual(await failure("signIn", { method: "cookie", cookie: "a=b" }), "");
      const { port } = proxy.address() as AddressInfo;
      await http.update("proxy", `http://127.0.0.1:${port}`, vscode.ConfigurationTarget.Global);
      await until("a request by the proxy", async () => {
        assert.notEqual(await failure("signIn", { method: "cookie", cookie: "a=b" }), "");
        return asked.includes("pacspace.invalid:443");
      });
    } finally {
      await http.update("proxy", undefined, vscode.ConfigurationTarget.Global);
      proxy.close();
    }
  });

  describe("of the refresh", () => {
    let local: LocalPacSpace;
    let lists = 0;

    before(async () => {
      const log = (line: string): void => {
        if (line.startsWith("GET /dashboard/webhooks?page=1")) lists++;
      };
      local = await startLocalPacSpace({ seed: "demo", log });
      await call("switchEnvironment", { baseUrl: local.baseUrl });
      await call("signIn", { method: "password", ...demoAccount });
    });

    after(async () => {
      await vscode.commands.executeCommand("workbench.action.closeSidebar");
      await local.close();
    });

    it("read anew while a view is visible, and nothing while none is", async () => {
      await vscode.commands.executeCommand("pacspace.webhooks.focus");
      await set("deliveries.refreshSeconds", 5);
      await until("the first list", () => lists > 0);
      const shown = lists;
      await until("two more lists", () => lists >= shown + 2);
      await vscode.commands.executeCommand("workbench.action.closeSidebar");
      // What is under way when the view goes is let come.
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      const hidden = lists;
      await new Promise((resolve) => setTimeout(resolve, 6_500));
      assert.equal(lists, hidden);
    }).timeout(60_000);
  });
});
