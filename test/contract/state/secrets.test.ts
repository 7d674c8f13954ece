import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { demoAccount } from "../../../src/local/demoAccount";
import type { Account } from "../../../src/state/account";
import { IndexedSecrets } from "../../../src/state/indexedSecrets";
import { WebhookSecrets, type SecretTrouble } from "../../../src/state/webhookSecrets";
import { to } from "../../misbehave/proxy";
import { MemorySecrets, openLab, type Lab } from "./lab";

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab.close());
beforeEach(() => lab.proxy.reset());

async function signIn(account: Account): Promise<void> {
  await account.signIn(async (api) => {
    await api.auth.login(demoAccount.email, demoAccount.password);
  });
}

describe("two windows on one profile, without any event between them", () => {
  test("a session that one signs out of is not used by the other, and nothing is sent with it", async () => {
    const one = lab.window();
    const other = lab.window();
    await other.call(() => other.webhooks.load());
    await one.signOut();
    lab.proxy.reset();
    await expect(other.call((api) => api.webhooks.get("webhook_1"))).rejects.toMatchObject({ kind: "auth" });
    expect(lab.proxy.requests).toEqual([]);
    expect(other.session).toEqual({ kind: "signedOut", expired: false });
    expect(other.webhooks.snapshot.loaded).toBe(false);
    await signIn(one);
    await other.call(() => other.webhooks.load());
    expect(other.session.kind).toBe("signedIn");
  });

  test("a session that one signs out of is not brought back by a cookie of an answer to the other", async () => {
    const one = lab.window();
    const other = lab.window();
    await other.call(() => other.webhooks.load());
    lab.proxy.next(to("GET", "/dashboard/webhooks"), {
      kind: "answer",
      status: 200,
      headers: { "content-type": "application/json", "set-cookie": "rolled=1; Path=/" },
      body: '{"data":[],"total":0}',
    });
    await other.call(async (api) => {
      await one.signOut();
      await api.webhooks.list().next();
    });
    expect(lab.secrets.entries.has("session:Local PacSpace")).toBe(false);
    await expect(other.call((api) => api.webhooks.get("webhook_1"))).rejects.toMatchObject({ kind: "auth" });
    await signIn(one);
  });

  test("a sign-in in one, after the other signed out, is the session of both", async () => {
    const one = lab.window();
    const other = lab.window();
    await one.call(() => one.webhooks.load());
    await other.call(() => other.webhooks.load());
    await other.signOut();
    await signIn(one);
    await other.call(() => other.webhooks.load());
    expect([one.session.kind, other.session.kind]).toEqual(["signedIn", "signedIn"]);
  });

  test("a secret stored, replaced and forgotten in one is so in the other when it is used", async () => {
    const one = lab.window();
    const other = lab.window();
    await one.secrets.store("webhook_two", "whsec_a");
    expect((await other.secrets.get("webhook_two"))?.secret).toBe("whsec_a");
    await other.secrets.store("webhook_two", "whsec_b");
    expect(await one.secrets.get("webhook_two")).toEqual({ secret: "whsec_b", previous: ["whsec_a"] });
    await one.secrets.forget("webhook_two");
    expect(await other.secrets.get("webhook_two")).toBeUndefined();
    expect(other.secrets.has("webhook_two")).toBe(false);
  });
});

describe("a secret storage that fails", () => {
  let secrets: WebhookSecrets;
  let storage: MemorySecrets;
  let troubles: SecretTrouble[];
  beforeEach(() => {
    storage = new MemorySecrets();
    secrets = new WebhookSecrets(new IndexedSecrets(storage), "Local PacSpace");
    troubles = [];
    secrets.onDidFindTrouble((trouble) => troubles.push(trouble));
  });

  test.each(["", "{", "null", "[]", '{"secret":null}', "whsec_plain", "\u0000"])(
    "a damaged entry (%j) counts as none, is told, and is mended by storing anew",
    async (text) => {
      storage.entries.set("webhook:Local PacSpace:w", text);
      expect(await secrets.get("w")).toBeUndefined();
      expect(troubles).toEqual([{ id: "w", kind: "damaged" }]);
      expect(await secrets.all(["w"])).toEqual([]);
      expect(await secrets.store("w", "whsec_new")).toBe(true);
      expect(await secrets.get("w")).toEqual({ secret: "whsec_new", previous: [] });
    },
  );

  test("a lost entry is told once, in this window and the next one", async () => {
    await secrets.store("w", "whsec_new");
    await secrets.store("kept", "whsec_kept");
    storage.entries.delete("webhook:Local PacSpace:w");
    await secrets.refresh(["w", "kept", "never"]);
    await secrets.refresh(["w", "kept", "never"]);
    const next = new WebhookSecrets(new IndexedSecrets(storage), "Local PacSpace");
    next.onDidFindTrouble((trouble) => troubles.push(trouble));
    await next.refresh(["w", "kept", "never"]);
    expect(troubles).toEqual([{ id: "w", kind: "lost" }]);
    expect((await next.get("kept"))?.secret).toBe("whsec_kept");
  });

  test("a secret that was forgotten is not taken for a lost one", async () => {
    await secrets.store("w", "whsec_new");
    await secrets.forget("w");
    await secrets.refresh(["w"]);
    expect(troubles).toEqual([]);
  });

  test("a storage that can't be read loses nothing and replaces nothing", async () => {
    await secrets.store("w", "whsec_old");
    storage.failure = new Error("the keychain is locked");
    expect(await secrets.get("w")).toBeUndefined();
    await secrets.refresh(["w"]);
    expect(await secrets.all(["w"])).toEqual([]);
    await expect(secrets.store("w", "whsec_new")).rejects.toThrow("keychain");
    expect(new Set(troubles.map(({ kind }) => kind))).toEqual(new Set(["unreadable"]));
    storage.failure = undefined;
    expect((await secrets.get("w"))?.secret).toBe("whsec_old");
  });

  test("a session that can't be read or is damaged is none, and signing in mends it", async () => {
    lab.secrets.entries.set("session:Local PacSpace", "{damaged");
    const damaged = lab.window();
    await expect(damaged.call(() => damaged.webhooks.load())).rejects.toThrow(/not signed in/);
    lab.secrets.failure = new Error("the keychain is locked");
    const locked = lab.window();
    await expect(locked.call(() => locked.webhooks.load())).rejects.toThrow(/not signed in/);
    await signIn(locked);
    await locked.call(() => locked.webhooks.load());
    lab.secrets.failure = undefined;
    await signIn(damaged);
    await damaged.call(() => damaged.webhooks.load());
    expect(damaged.session.kind).toBe("signedIn");
  });
});

describe("a secret that is being stored while the list is read", () => {
  const entry = "webhook:E:new";
  let storage: HeldSecrets;
  let troubles: SecretTrouble[];
  beforeEach(() => {
    storage = new HeldSecrets();
    troubles = [];
  });

  function window(): { secrets: WebhookSecrets; index: IndexedSecrets } {
    const index = new IndexedSecrets(withoutList(storage));
    const secrets = new WebhookSecrets(index, "E");
    secrets.onDidFindTrouble((trouble) => troubles.push(trouble));
    return { secrets, index };
  }

  /** Begins to store it, up to where its name is there and its entry is not. */
  async function begun(secrets: WebhookSecrets): Promise<{ stored: Promise<boolean>; goOn: () => void }> {
    let goOn = (): void => undefined;
    storage.storesAfter = new Promise((resolve) => (goOn = resolve));
    const stored = secrets.store("new", "whsec_new");
    await expect.poll(() => storage.held, { timeout: 10_000 }).toEqual([entry]);
    return { stored, goOn };
  }

  test("in the same window is neither deleted nor told as lost", async () => {
    const { secrets, index } = window();
    const { stored, goOn } = await begun(secrets);
    const refreshed = secrets.refresh(["new"]);
    await new Promise(setImmediate);
    goOn();
    expect(await stored).toBe(true);
    await refreshed;
    expect((await secrets.get("new"))?.secret).toBe("whsec_new");
    expect(await index.keys()).toEqual([entry]);
    expect(troubles).toEqual([]);
  });

  test("in another window is neither deleted, however late, nor told as lost", async () => {
    const [one, other] = [window(), window()];
    let settle = (): void => undefined;
    storage.deletesAfter = new Promise((resolve) => (settle = resolve));
    const { stored, goOn } = await begun(one.secrets);
    const refreshed = other.secrets.refresh(["new"]);
    await new Promise(setImmediate);
    goOn();
    expect(await stored).toBe(true);
    // What is deleted takes effect when all else is over.
    settle();
    await refreshed;
    expect((await one.secrets.get("new"))?.secret).toBe("whsec_new");
    expect(await other.index.keys()).toEqual([entry]);
    expect(troubles).toEqual([]);
    expect(other.secrets.has("new")).toBe(true);
  });

  test("in another window so slowly that it is told as lost has its name again when it is stored", async () => {
    const [one, other] = [window(), window()];
    const { stored, goOn } = await begun(one.secrets);
    await other.secrets.refresh(["new"]);
    expect(troubles).toEqual([{ id: "new", kind: "lost" }]);
    goOn();
    expect(await stored).toBe(true);
    expect(await one.index.keys()).toEqual([entry]);
    await other.secrets.refresh(["new"]);
    expect(other.secrets.has("new")).toBe(true);
    expect(troubles).toHaveLength(1);
  });
});

describe("the index of keys", () => {
  test("holds every key until it is deleted, whoever stored it", async () => {
    const storage = new MemorySecrets();
    const windows = [new IndexedSecrets(withoutList(storage)), new IndexedSecrets(withoutList(storage))];
    const names = Array.from({ length: 20 }, (_, index) => `webhook:E:${index}`);
    await Promise.all(names.map(async (name, index) => windows[index % 2]?.store(name, "{}")));
    expect(new Set(await windows[0]?.keys())).toEqual(new Set(names));
    for (const name of names) await windows[1]?.delete(name);
    expect(await windows[0]?.keys()).toEqual([]);
    expect([...storage.entries.keys()]).toEqual([]);
  });

  test("that is lost is made up for by the storage's own list, and a damaged one counts as empty", async () => {
    const storage = new MemorySecrets();
    const secrets = new IndexedSecrets(storage);
    await secrets.store("session:E", "jar");
    storage.entries.set("index", "{");
    expect(await secrets.keys()).toEqual(["session:E"]);
    await secrets.store("webhook:E:1", "{}");
    expect(new Set(await secrets.keys())).toEqual(new Set(["session:E", "webhook:E:1"]));
  });
});

/** A storage in which webhooks' entries are stored and deleted when the test says so. */
class HeldSecrets extends MemorySecrets {
  storesAfter: Promise<void> | undefined;
  deletesAfter: Promise<void> | undefined;
  /** What waits to be stored, or did. */
  readonly held: string[] = [];

  override async store(key: string, value: string): Promise<void> {
    if (key.startsWith("webhook:") && this.storesAfter !== undefined) {
      this.held.push(key);
      await this.storesAfter;
    }
    await super.store(key, value);
  }

  override async delete(key: string): Promise<void> {
    if (key.startsWith("webhook:")) await this.deletesAfter;
    await super.delete(key);
  }
}

/** As the oldest VS Code that is supported has it. */
function withoutList(storage: MemorySecrets): Omit<MemorySecrets, "keys"> {
  const { entries } = storage;
  return Object.assign(Object.create(storage) as MemorySecrets, { entries, keys: undefined });
}
