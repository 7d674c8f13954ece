import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { demoAccount } from "../../../src/local/demoAccount";
import type { Account } from "../../../src/state/account";
import { createWebhook } from "../../../src/state/actions/createWebhook";
import { deleteWebhook } from "../../../src/state/actions/deleteWebhook";
import { retryDelivery } from "../../../src/state/actions/retryDelivery";
import { setWebhookEnabled, toggleWebhook } from "../../../src/state/actions/setWebhookEnabled";
import { to, type Behaviour, type Matcher } from "../../misbehave/proxy";
import { openLab, type Lab } from "./lab";

const url = "https://orphan.example.com/hook";

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab.close());
beforeEach(() => lab.proxy.reset());

async function anyWebhook(): Promise<{ id: string; enabled: boolean }> {
  await lab.account.webhooks.load();
  const [webhook] = lab.account.webhooks.snapshot.webhooks;
  if (webhook === undefined) throw new Error("the demo account has no webhook");
  return webhook;
}

describe("a create whose answer is lost", () => {
  const created = to("POST", "/dashboard/webhooks");

  test.each<[string, Behaviour]>([
    ["reset after the effect", { kind: "resetAfter" }],
    ["cut answer", { kind: "cut", bytes: 30 }],
    ["gateway error after the effect", { kind: "answerAfter", status: 502, body: "<html>Bad Gateway</html>" }],
    ["HTML after the effect", { kind: "answerAfter", status: 200, body: "<html>ok</html>" }],
  ])("%s: the orphan is found and named, and nothing is repeated", async (_, behaviour) => {
    lab.proxy.next(created, behaviour);
    const outcome = await createWebhook(lab.account, { url });
    expect(outcome.kind).toBe("orphaned");
    expect(outcome.webhook.url).toBe(url);
    expect(lab.proxy.count(created)).toBe(1);
    expect(await lab.account.secrets.get(outcome.webhook.id)).toBeUndefined();
    await deleteWebhook(lab.account, outcome.webhook.id);
  });

  test.each<[string, Behaviour]>([
    ["reset before the effect", { kind: "resetBefore" }],
    ["silence", { kind: "silence" }],
    ["503", { kind: "answer", status: 503, body: '{"statusCode":503,"message":"try later"}' }],
  ])("%s: it is said that nothing was created", async (_, behaviour) => {
    lab.proxy.next(created, behaviour);
    await expect(createWebhook(lab.account, { url })).rejects.toThrow(/No webhook was created/);
    expect(lab.proxy.count(created)).toBe(1);
  });

  test("a webhook of the same URL that was there before is not taken for the orphan", async () => {
    const first = await createWebhook(lab.account, { url });
    lab.proxy.next(created, { kind: "resetBefore" });
    await expect(createWebhook(lab.account, { url })).rejects.toThrow(/No webhook was created/);
    await deleteWebhook(lab.account, first.webhook.id);
  });

  describe.each([0, 3_600_000, -3_600_000])("by a server whose clock is %d ms ahead", (aheadMs) => {
    /** A row of the URL that the next list holds, made so long ago by the server's clock. */
    function nextList(agoMs: number | undefined): void {
      const now = Date.now() + aheadMs;
      const createdAt = agoMs === undefined ? {} : { createdAt: new Date(now - agoMs).toISOString() };
      const data = { webhooks: [{ id: "wh_other", url, ...createdAt }], pagination: { total: 1 } };
      const headers = { date: new Date(now).toUTCString() };
      const body = JSON.stringify({ success: true, data });
      lab.proxy.next(to("GET", "/dashboard/webhooks"), { kind: "answer", status: 200, headers, body });
    }

    test("a webhook of the same URL that somebody made before is not taken for it", async () => {
      for (const agoMs of [300_000, 10_000, undefined]) {
        const account = lab.window();
        lab.proxy.next(created, { kind: "resetBefore" });
        nextList(agoMs);
        await expect(createWebhook(account, { url })).rejects.toThrow(/No webhook was created/);
        expect(account.webhooks.snapshot.webhooks).toEqual([]);
      }
    });

    test("a new one is, and one that doesn't tell its time where all others were known", async () => {
      const account = lab.window();
      lab.proxy.next(created, { kind: "resetBefore" });
      nextList(0);
      expect(await createWebhook(account, { url })).toMatchObject({ kind: "orphaned", webhook: { id: "wh_other" } });
      const knowing = lab.window();
      await knowing.call(() => knowing.webhooks.load());
      while (knowing.webhooks.snapshot.hasMore) await knowing.webhooks.loadMore();
      lab.proxy.next(created, { kind: "resetBefore" });
      nextList(undefined);
      expect(await createWebhook(knowing, { url })).toMatchObject({ kind: "orphaned", webhook: { id: "wh_other" } });
    });
  });

  test("a good answer stores the secret, read back and equal", async () => {
    const outcome = await createWebhook(lab.account, { url });
    expect(outcome).toMatchObject({ kind: "created", secretStored: true });
    const stored = await lab.account.secrets.get(outcome.webhook.id);
    expect(stored?.secret).toBe(outcome.kind === "created" ? outcome.secret : "");
    await deleteWebhook(lab.account, outcome.webhook.id);
    expect(await lab.account.secrets.get(outcome.webhook.id)).toBeUndefined();
  });
});

describe("a toggle whose answer is lost", () => {
  test("is not repeated, and its state is the server's", async () => {
    const webhook = await anyWebhook();
    lab.proxy.next(to("POST", "/toggle"), { kind: "resetAfter" });
    expect(await toggleWebhook(lab.account, webhook.id)).toEqual({ id: webhook.id, enabled: !webhook.enabled });
    expect(lab.proxy.count(to("POST", "/toggle"))).toBe(1);
    expect(lab.account.webhooks.get(webhook.id)?.enabled).toBe(!webhook.enabled);
  });

  test("before its effect: enabling says that nothing changed", async () => {
    const { id } = await anyWebhook();
    await setWebhookEnabled(lab.account, id, false);
    lab.proxy.reset();
    lab.proxy.next(to("POST", "/toggle"), { kind: "resetBefore" });
    await expect(setWebhookEnabled(lab.account, id, true)).rejects.toThrow(/still disabled/);
    expect(lab.proxy.count(to("POST", "/toggle"))).toBe(1);
    await setWebhookEnabled(lab.account, id, true);
  });

  test("is not sent at all where the state is right", async () => {
    const { id } = await anyWebhook();
    await setWebhookEnabled(lab.account, id, true);
    lab.proxy.reset();
    await setWebhookEnabled(lab.account, id, true);
    expect(lab.proxy.count(to("POST", "/toggle"))).toBe(0);
  });
});

describe("a delete whose answer is lost", () => {
  test("after the effect is a success", async () => {
    const { webhook } = await createWebhook(lab.account, { url });
    lab.proxy.next((request) => request.method === "DELETE", { kind: "resetAfter" });
    await deleteWebhook(lab.account, webhook.id);
    expect(lab.proxy.count((request) => request.method === "DELETE")).toBe(1);
    expect(lab.account.webhooks.get(webhook.id)).toBeUndefined();
  });

  test("before the effect says that it is still there", async () => {
    const { webhook } = await createWebhook(lab.account, { url });
    lab.proxy.next((request) => request.method === "DELETE", { kind: "resetBefore" });
    await expect(deleteWebhook(lab.account, webhook.id)).rejects.toThrow(/still there/);
    await deleteWebhook(lab.account, webhook.id);
    await expect(deleteWebhook(lab.account, webhook.id)).rejects.toMatchObject({ kind: "notFound" });
  });
});

describe("a retry whose answer is lost", () => {
  const retried = to("POST", "/retry");

  async function failedDelivery(): Promise<string> {
    const api = await lab.account.api();
    const { deliveries } = await api.webhooks.deliveryPage({ status: "failed", limit: 1, sortOrder: "asc" });
    return deliveries[0]?.id ?? "";
  }

  test("after the effect: the row tells its state, and nothing is repeated", async () => {
    const id = await failedDelivery();
    lab.proxy.next(retried, { kind: "resetAfter" });
    expect(await retryDelivery(lab.account, { id })).toEqual({ id, status: "pending" });
    expect(lab.proxy.count(retried)).toBe(1);
  });

  test("before the effect: it says that the delivery still counts as failed", async () => {
    const id = await failedDelivery();
    lab.proxy.next(retried, { kind: "resetBefore" });
    await expect(retryDelivery(lab.account, { id })).rejects.toThrow(/still counts as failed/);
    expect(lab.proxy.count(retried)).toBe(1);
  });

  test("one that did not fail is a conflict", async () => {
    const api = await lab.account.api();
    const { deliveries } = await api.webhooks.deliveryPage({ limit: 100 });
    // One event may reach two webhooks, and fail at one of them only.
    const unsent = new Set(deliveries.filter(({ status }) => status !== "delivered").map(({ id }) => id));
    const delivered = deliveries.find(({ id }) => !unsent.has(id));
    await expect(retryDelivery(lab.account, { id: delivered?.id ?? "" })).rejects.toMatchObject({
      kind: "conflict",
    });
  });
});

describe("a session that another window renews while a call takes effect", () => {
  const entry = "session:Local PacSpace";
  let account: Account;
  beforeEach(async () => {
    account = lab.window();
    await account.call(() => account.webhooks.load());
  });
  afterEach(() => (lab.proxy.onStage = undefined));

  /** From when such a request has taken effect, the session it came with is no longer taken. */
  async function renewAfter(matches: Matcher): Promise<void> {
    const before = lab.secrets.entries.get(entry) ?? "";
    await lab.window().signIn(async (api) => {
      await api.auth.login(demoAccount.email, demoAccount.password);
    });
    const renewed = lab.secrets.entries.get(entry) ?? "";
    expect(renewed).not.toBe(before);
    lab.secrets.entries.set(entry, before);
    let ended: string | undefined;
    lab.proxy.onStage = (stage, request) => {
      if (stage !== "effect" || ended !== undefined || !matches(request)) return;
      ended = request.headers.cookie;
      lab.secrets.entries.set(entry, renewed);
    };
    lab.proxy.reset();
    lab.proxy.always((request) => request.headers.cookie === ended, { kind: "answer", status: 401, body: "{}" });
  }

  test("a retry is sent once, and what came of it is read with the new session", async () => {
    const { deliveries } = await account.call((api) =>
      api.webhooks.deliveryPage({ status: "failed", limit: 1, sortOrder: "asc" }),
    );
    const id = deliveries[0]?.id ?? "";
    await renewAfter(to("POST", "/retry"));
    expect(await retryDelivery(account, { id })).toEqual({ id, status: "pending" });
    expect(lab.proxy.count(to("POST", "/retry"))).toBe(1);
    expect(account.session.kind).toBe("signedIn");
  });

  test("a toggle is sent once, and the row that is not loaded is read with the new session", async () => {
    const [webhook] = account.webhooks.snapshot.webhooks;
    const { id = "", enabled } = webhook ?? {};
    account.webhooks.remove(id);
    await renewAfter(to("POST", "/toggle"));
    expect(await toggleWebhook(account, id)).toEqual({ id, enabled: enabled !== true });
    expect(lab.proxy.count(to("POST", "/toggle"))).toBe(1);
    expect(account.webhooks.get(id)?.enabled).toBe(enabled !== true);
  });

  test("a toggle succeeds whose row can't be read", async () => {
    const [webhook] = account.webhooks.snapshot.webhooks;
    const { id = "", enabled } = webhook ?? {};
    account.webhooks.remove(id);
    lab.proxy.always(to("GET", `/${id}`), { kind: "answer", status: 403, body: "{}" });
    expect(await toggleWebhook(account, id)).toEqual({ id, enabled: enabled !== true });
    expect(account.webhooks.get(id)).toBeUndefined();
  });
});
