import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { demoAccount } from "../../../src/local/demoAccount";
import { createWebhook } from "../../../src/state/actions/createWebhook";
import { exportDeliveries } from "../../../src/state/actions/exportDeliveries";
import { to } from "../../misbehave/proxy";
import { openLab, type Lab } from "./lab";

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab.close());
beforeEach(() => lab.proxy.reset());

describe("the session", () => {
  test("is stored when signing in settles, and another window finds it", async () => {
    const other = lab.window();
    await other.call(() => other.webhooks.load());
    expect(other.webhooks.snapshot.loaded).toBe(true);
    expect(other.session.kind).toBe("signedIn");
  });

  test("that another window renewed is taken up after a 401, once", async () => {
    const stale = lab.window();
    await stale.call(() => stale.webhooks.load());
    const other = lab.window();
    lab.proxy.reset();
    let renewed = false;
    await stale.call(async (api) => {
      if (!renewed) {
        await other.signOut();
        await other.signIn(async (otherApi) => {
          await otherApi.auth.login(demoAccount.email, demoAccount.password);
        });
        renewed = true;
        lab.proxy.reset();
        lab.proxy.next(to("GET", "/dashboard/webhooks"), {
          kind: "answer",
          status: 401,
          body: '{"statusCode":401,"message":"Unauthorized"}',
        });
      }
      await api.webhooks.list().next();
    });
    expect(stale.session.kind).toBe("signedIn");
    expect(lab.proxy.count(to("GET", "/dashboard/webhooks"))).toBe(2);
  });

  test("that PacSpace no longer takes is said to have expired, and the rows stay", async () => {
    const account = lab.window();
    await account.call(() => account.webhooks.load());
    lab.proxy.always(() => true, { kind: "answer", status: 401, body: '{"statusCode":401,"message":"Unauthorized"}' });
    await expect(account.call(() => account.webhooks.load())).rejects.toMatchObject({ kind: "auth" });
    expect(account.session).toEqual({ kind: "signedOut", expired: true });
    expect(account.webhooks.snapshot.webhooks.length).toBeGreaterThan(0);
  });

  test("is not lost by a failed attempt to sign in anew", async () => {
    const account = lab.window();
    await expect(
      account.signIn(async (api) => {
        await api.auth.login(demoAccount.email, "wrong");
      }),
    ).rejects.toMatchObject({ kind: "auth" });
    await account.call(() => account.webhooks.load());
    expect(account.session.kind).toBe("signedIn");
  });

  test("is forgotten by signing out, and webhook secrets are not", async () => {
    const account = lab.window();
    await account.secrets.store("webhook_kept", "whsec_kept");
    await account.signOut();
    expect([...lab.secrets.entries.keys()].filter((key) => key.startsWith("session:"))).toEqual([]);
    expect((await account.secrets.get("webhook_kept"))?.secret).toBe("whsec_kept");
    await expect(account.call(() => account.webhooks.load())).rejects.toMatchObject({ kind: "auth" });
    await account.signIn(async (api) => {
      await api.auth.login(demoAccount.email, demoAccount.password);
    });
  });

  test("that is new is not lost to a look at the storage from before it", async () => {
    const account = lab.window();
    await account.call(() => account.webhooks.load());
    lab.secrets.entries.delete("session:Local PacSpace");
    let tell = (): void => undefined;
    lab.secrets.slow = new Promise((resolve) => (tell = resolve));
    const looking = account.rereadEntry("session:Local PacSpace");
    await new Promise(setImmediate);
    lab.secrets.slow = undefined;
    await account.signIn(async (api) => {
      await api.auth.login(demoAccount.email, demoAccount.password);
      tell();
      await looking;
    });
    await account.call(() => account.webhooks.load());
    expect(account.session.kind).toBe("signedIn");
    expect(lab.secrets.entries.has("session:Local PacSpace")).toBe(true);
  });

  test("outlives a change of the way to PacSpace; what is under way comes to its end", async () => {
    const account = lab.window();
    await account.call(() => account.webhooks.load());
    const before = await account.api();
    lab.proxy.next(to("GET", "/dashboard/webhooks"), { kind: "latency", ms: 500 });
    const loaded = account.call(() => account.webhooks.load());
    await expect.poll(() => lab.proxy.requests.length).toBe(2);
    await account.reconnect();
    await loaded;
    expect(await account.api()).not.toBe(before);
    await account.call(() => account.webhooks.load());
    expect(account.session.kind).toBe("signedIn");
  });

  test.each([
    ["succeeds", { kind: "latency", ms: 0, afterMs: 300 }],
    ["fails", { kind: "silence" }],
  ] as const)(
    "that was given up while a call ran stays so when it %s, and the call's row is no row",
    async (_, how) => {
      const account = lab.window();
      await account.call(() => account.webhooks.load());
      lab.proxy.reset();
      lab.proxy.next(to("POST", "/dashboard/webhooks"), how);
      const states: string[] = [];
      const creating = createWebhook(account, { url: "https://example.com/late" });
      const ended = creating.catch((error: unknown) => error);
      await expect.poll(() => lab.proxy.requests.length).toBe(1);
      await account.signOut();
      account.onDidChangeSession(({ kind }) => states.push(kind));
      const outcome = (await ended) as Awaited<typeof creating>;
      expect((await account.api()).exportSession()).toBeUndefined();
      expect(account.session).toEqual({ kind: "signedOut", expired: false });
      expect(states).toEqual([]);
      expect(account.webhooks.snapshot).toEqual({ webhooks: [], loaded: false, hasMore: false });
      // The secret comes once: it is kept all the same.
      if (outcome.kind === "created") expect(await account.secrets.get(outcome.webhook.id)).toBeDefined();
      await lab.account.signIn(async (api) => {
        await api.auth.login(demoAccount.email, demoAccount.password);
      });
    },
  );

  test("is kept apart from other environments'", () => {
    expect([...lab.secrets.entries.keys()]).toContain("session:Local PacSpace");
  });
});

describe("the export", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "pacspace-export-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test("that is cut leaves nothing behind, and an existing file untouched", async () => {
    const file = path.join(folder, "deliveries.csv");
    await writeFile(file, "mine");
    lab.proxy.always(to("GET", "/export"), { kind: "cut", bytes: 200 });
    await expect(exportDeliveries(lab.window(), {}, file, { overwrite: true })).rejects.toMatchObject({
      name: "PacSpaceError",
    });
    expect(await readdir(folder)).toEqual(["deliveries.csv"]);
    expect(await readFile(file, "utf8")).toBe("mine");
  });

  test("that is cancelled leaves nothing behind", async () => {
    const controller = new AbortController();
    const exported = exportDeliveries(lab.window(), {}, path.join(folder, "x.csv"), {
      signal: controller.signal,
      onBytes: () => controller.abort(),
    });
    await expect(exported).rejects.toMatchObject({ kind: "cancelled" });
    expect(await readdir(folder)).toEqual([]);
  });

  test("to a folder that does not exist is not asked for", async () => {
    const file = path.join(folder, "missing", "x.csv");
    await expect(exportDeliveries(lab.window(), {}, file)).rejects.toThrow(/its folder does not exist/);
    expect(lab.proxy.count(to("GET", "/export"))).toBe(0);
  });

  test("that the server refuses in JSON is refused in its words, and leaves nothing behind", async () => {
    const body = JSON.stringify({ success: false, message: "Exports are closed today" });
    const headers = { "content-type": "application/json" };
    lab.proxy.next(to("GET", "/export"), { kind: "answer", status: 200, headers, body });
    const exported = exportDeliveries(lab.window(), {}, path.join(folder, "x.csv"));
    await expect(exported).rejects.toThrow(/Exports are closed today/);
    expect(await readdir(folder)).toEqual([]);
  });

  test("is the server's bytes", async () => {
    const file = path.join(folder, "deliveries.csv");
    const bytes = await exportDeliveries(lab.window(), { status: "failed" }, file);
    const text = await readFile(file, "utf8");
    expect(Buffer.byteLength(text)).toBe(bytes);
    expect(text.startsWith("id,event,webhookId,")).toBe(true);
  });
});
