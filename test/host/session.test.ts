import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as vscode from "vscode";
import { demoAccount, mfaAccount } from "../../src/local/demoAccount";
import { startLocalPacSpace } from "../../src/local/server";
import { startRecording } from "./recording";
import { activated, call, failure, startLocal } from "./support";

describe("sessions and environments by argument", () => {
  let baseUrl = "";

  before(async () => {
    await activated();
    ({ baseUrl } = await startLocal("demo"));
  });

  after(async () => {
    await call("stopLocal");
  });

  it("does nothing with what was answered for an environment that is no longer the active one", async () => {
    const count = async (): Promise<number> => (await call<{ total: number }>("listWebhooks")).total;
    const before = await count();
    const recording = startRecording();
    try {
      const creating = vscode.commands.executeCommand("pacspace.createWebhook");
      await sleep(500);
      // The same server by another name is another environment.
      await call("switchEnvironment", { baseUrl: baseUrl.replace("127.0.0.1", "localhost") });
      await call("signIn", { method: "password", ...demoAccount });
      const accepting = setInterval(
        () => void vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem"),
        200,
      );
      await creating;
      clearInterval(accepting);
      assert.match(JSON.stringify(recording.said), /the environment changed from Local PacSpace to localhost:/);
      assert.equal(await count(), before);
    } finally {
      recording.stop();
      await call("switchEnvironment", { name: "Local PacSpace" });
    }
  });

  it("says what is wrong when nobody is signed in", async () => {
    assert.deepEqual(await call("signOut"), {});
    assert.match(await failure("listWebhooks"), /not signed in/);
    assert.match(await failure("refresh"), /not signed in/);
  });

  it("signs in by password, and refuses a wrong one", async () => {
    assert.notEqual(await failure("signIn", { method: "password", email: demoAccount.email, password: "wrong" }), "");
    const signedIn = await call("signIn", { method: "password", ...demoAccount });
    assert.deepEqual(signedIn, { signedIn: true, environment: "Local PacSpace" });
    assert.deepEqual(await call("refresh"), {});
  });

  it("completes MFA, and asks for the code where it is missing", async () => {
    await call("signOut");
    const { email, password, code } = mfaAccount;
    assert.match(await failure("signIn", { method: "password", email, password }), /mfaCode/);
    assert.notEqual(await failure("signIn", { method: "password", email, password, mfaCode: "999999" }), "");
    await call("signIn", { method: "password", email, password, mfaCode: code });
    assert.deepEqual(await call("refresh"), {});
  });

  it("signs in by a cookie file and by a pasted cookie", async () => {
    const login = await fetch(`${baseUrl}/dashboard/auth/login`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-pacspace-csrf": "1" },
      body: JSON.stringify(demoAccount),
    });
    const cookie = (login.headers.getSetCookie()[0] ?? "").split(";")[0] ?? "";
    const [name, value] = cookie.split("=");
    const folder = await mkdtemp(path.join(tmpdir(), "pacspace-cookies-"));
    const file = path.join(folder, "cookies.txt");
    await writeFile(
      file,
      `# Netscape HTTP Cookie File\r\n#HttpOnly_127.0.0.1\tFALSE\t/\tFALSE\t0\t${name}\t${value}\r\n`,
    );
    await call("signOut");
    assert.deepEqual(await call("signIn", { method: "cookieFile", path: file }), {
      signedIn: true,
      environment: "Local PacSpace",
    });
    await call("signOut");
    await call("signIn", { method: "cookie", cookie });
    assert.deepEqual(await call("refresh"), {});
    assert.match(await failure("signIn", { method: "cookieFile", path: path.join(folder, "none") }), /no such file/);
    assert.match(await failure("signIn", { method: "smoke" }), /method must be/);
    await rm(folder, { recursive: true });
  });

  it("keeps sessions apart per environment, and writes no setting", async () => {
    const production = await call<{ environment: string; signedIn: boolean }>("switchEnvironment", {
      name: "Production",
    });
    assert.deepEqual(production, { environment: "Production", signedIn: false });
    assert.match(await failure("createWebhook", { url: "http://127.0.0.1:3000/hook" }), /can't reach this machine/);
    const local = await call<{ environment: string; signedIn: boolean }>("switchEnvironment", { baseUrl });
    assert.deepEqual(local, { environment: "Local PacSpace", signedIn: true });
    assert.match(await failure("switchEnvironment", { baseUrl: "http://example.com" }), /https/);
    assert.match(await failure("switchEnvironment", { name: "Nowhere" }), /no environment "Nowhere"/);
  });

  it("attaches to the server that runs, and says when none does", async () => {
    assert.deepEqual(await startLocal("demo"), { baseUrl, environment: "Local PacSpace" });
    await call("stopLocal");
    assert.match(await failure("stopLocal"), /does not run/);
    assert.notEqual(await failure("listWebhooks"), "");
    ({ baseUrl } = await startLocal("demo"));
    assert.deepEqual(await call("refresh"), {});
  });

  it("starts a server of its own when the one it was attached to ended with its window", async () => {
    await call("stopLocal");
    const other = await startLocalPacSpace({ port: 0, seed: "demo" });
    try {
      assert.equal((await call<{ baseUrl: string }>("startLocal", { port: other.port })).baseUrl, other.baseUrl);
      assert.deepEqual(await call("refresh"), {});
    } finally {
      await other.close();
    }
    assert.notEqual(await failure("refresh"), "");
    ({ baseUrl } = await call<{ baseUrl: string }>("startLocal", { port: other.port }));
    assert.equal(baseUrl, other.baseUrl);
    assert.deepEqual(await call("refresh"), {});
  });
});
