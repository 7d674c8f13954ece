import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { Webhook } from "../../src/core/model/webhook";
import { webhookNode } from "../../src/host/tree/nodes";
import { demoAccount } from "../../src/local/demoAccount";
import { MisbehavingProxy, to, type Matcher } from "../misbehave/proxy";
import { startRecording, type Recording } from "./recording";
import { activated, call, failure, startLocal, until } from "./support";

const webhookPages = to("GET", "/webhooks");
/** Without the check of a session, which reads a single one. */
const listedWebhooks: Matcher = (request) => webhookPages(request) && !/[?&]limit=1(&|$)/.test(request.path);
const deliveryPages = to("GET", "/deliveries");
const refused = { kind: "answer", status: 403, body: '{"message":"Not with your role"}' } as const;
const late = { kind: "latency", ms: 3_000 } as const;

/** Calls a command as the palette does. */
function palette(command: string): Thenable<unknown> {
  return vscode.commands.executeCommand(`pacspace.${command}`);
}

/** Presses Enter in the open box, or leaves it, until something holds: it may not be open yet. */
async function press(key: "accept" | "leave", what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const command = key === "accept" ? "acceptSelectedQuickOpenItem" : "closeQuickOpen";
  await until(what, async () => {
    await vscode.commands.executeCommand(`workbench.action.${command}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
    return holds();
  });
}

/** Whether something that runs has ended. */
function ending(running: Thenable<unknown>): () => boolean {
  let ended = false;
  void running.then(() => (ended = true));
  return () => ended;
}

describe("commands that a person calls", () => {
  let proxy: MisbehavingProxy;
  let recording: Recording;

  before(async () => {
    await activated();
    proxy = await MisbehavingProxy.start((await startLocal("demo")).baseUrl);
    await call("switchEnvironment", { baseUrl: proxy.baseUrl });
    await call("signIn", { method: "password", ...demoAccount });
  });

  beforeEach(() => {
    proxy.reset();
    recording = startRecording();
  });

  afterEach(() => recording.stop());

  after(async () => {
    await startLocal("demo");
    await call("stopLocal");
    await proxy.close();
  });

  const said = (): string => JSON.stringify(recording.said);
  const words = (box: Recording["asked"][number][0]): readonly (readonly unknown[])[] =>
    recording.asked.filter(([one]) => one === box).map(([, ...rest]) => rest);

  /** Signs in where no list can be read, and lets them be read from then on. */
  async function withoutRows(): Promise<void> {
    await call("signOut");
    proxy.reset();
    for (const pages of [listedWebhooks, deliveryPages]) proxy.always(pages, refused);
    await call("signIn", { method: "password", ...demoAccount });
    await until("both were refused", () => proxy.count(deliveryPages) > 0 && proxy.running === 0);
    proxy.reset();
    recording.said.length = 0;
    recording.asked.length = 0;
  }

  it("say that an export can't be filtered by event and webhook", async () => {
    const files = vscode.workspace.getConfiguration("files");
    // A dialog of the system could not be answered from here.
    await files.update("simpleDialog.enable", true, vscode.ConfigurationTarget.Global);
    const exported = async (filter: object): Promise<string> => {
      await call("filterDeliveries", filter);
      const running = palette("exportDeliveries");
      await press("accept", "the export", ending(running));
      await running;
      const [options] = words("showSaveDialog").at(-1) ?? [];
      const { title = "", defaultUri } = options as vscode.SaveDialogOptions;
      assert.ok(defaultUri);
      await vscode.workspace.fs.delete(defaultUri);
      return `${title} / ${String((recording.said.at(-1) as unknown[])[0])}`;
    };
    const all = "PacSpace's export has all events and all webhooks: it can't be filtered by these.";
    const both = await exported({ status: "failed", event: "delta.failed", webhookId: "webhook_1" });
    assert.equal(both.split(all).length, 3, both);
    assert.match(await exported({ event: "delta.failed" }), /all events: .* \/ .*all events: /);
    assert.match(await exported({ webhookId: "webhook_1" }), /all webhooks: .* \/ .*all webhooks: /);
    assert.doesNotMatch(await exported({ status: "failed" }), / all /);
    await call("filterDeliveries", {});
    await files.update("simpleDialog.enable", undefined, vscode.ConfigurationTarget.Global);
  });

  it("count failed deliveries in a notification that can be cancelled, and then ask and retry nothing", async () => {
    const window = vscode.window as { withProgress: typeof vscode.window.withProgress };
    const { withProgress } = window;
    const source = new vscode.CancellationTokenSource();
    const [titles, reports]: [string[], string[]] = [[], []];
    proxy.always(deliveryPages, late);
    window.withProgress = (options, task) =>
      withProgress(options, (progress, token) => {
        if (options.cancellable !== true) return task(progress, token);
        titles.push(options.title ?? "");
        const report = (step: { message?: string }): void => {
          reports.push(step.message ?? "");
          // As a person who presses Cancel, once there is a number to see.
          source.cancel();
          progress.report(step);
        };
        return task({ report }, source.token);
      });
    try {
      assert.equal(await palette("retryFailedDeliveries"), undefined);
    } finally {
      window.withProgress = withProgress;
    }
    assert.deepEqual(titles, ["Counting failed deliveries"]);
    assert.match(reports.join(), /^\d+ so far$/);
    assert.equal(proxy.count(deliveryPages), 1, "no other page is read");
    assert.equal(proxy.count(to("POST", "/retry")), 0);
    assert.equal(said(), "[]");
  });

  it("show a picker before its first page is there; leaving it lets the page come", async () => {
    for (const [command, pages] of [
      ["testWebhook", webhookPages],
      ["inspectDelivery", deliveryPages],
    ] as const) {
      await withoutRows();
      proxy.always(pages, late);
      const began = Date.now();
      const running = palette(command);
      await until("the picker", () => words("showQuickPick").length > 0);
      await press("leave", "the end", ending(running));
      assert.equal(await running, undefined);
      assert.ok(Date.now() - began < late.ms, "nobody waits for the page");
      await until("the page is there", () => proxy.running === 0);
      const [items] = words("showQuickPick")[0] ?? [];
      assert.ok(((await items) as readonly unknown[]).length > 0, "it was read to its end");
      assert.equal(said(), "[]");
    }
  });

  it("tell once what keeps a picker's rows from being read", async () => {
    await withoutRows();
    proxy.always(webhookPages, refused);
    assert.equal(await palette("testWebhook"), undefined);
    assert.equal(said().split("Not with your role").length, 2, said());
  });

  it("close a picker that turns out to have no rows, and say why", async () => {
    await withoutRows();
    const none = { webhooks: [], pagination: { page: 1, limit: 100, total: 0, totalPages: 0 } };
    proxy.always(webhookPages, { kind: "answer", status: 200, body: JSON.stringify({ success: true, data: none }) });
    assert.equal(await palette("testWebhook"), undefined);
    assert.equal(words("showQuickPick").length, 1);
    assert.equal(said().split("There are no webhooks in").length, 2, said());
  });

  it("copy the secret of the row that was clicked, however many are selected", async () => {
    const rows = [];
    for (const name of ["first", "second"]) {
      const { id } = await call<Webhook>("createWebhook", { url: `http://127.0.0.1:9/${name}`, description: name });
      rows.push(webhookNode(await call<Webhook>("getWebhook", { id }), true));
    }
    const [first, second] = rows;
    assert.ok(first && second);
    await call("copySecret", { id: second.webhook.id });
    const secret = await vscode.env.clipboard.readText();
    await vscode.env.clipboard.writeText("");
    await vscode.commands.executeCommand("pacspace.copySecret", second, [first, second]);
    assert.equal(await vscode.env.clipboard.readText(), secret);
    assert.match(said(), /The secret of second is on the clipboard/);
    await vscode.env.clipboard.writeText("");
    for (const { webhook } of rows) await call("deleteWebhook", { id: webhook.id, confirmed: true });
  });

  it("say once that a test event whose answer was lost may have been sent", async () => {
    const { webhooks } = await call<{ webhooks: readonly Webhook[] }>("listWebhooks");
    proxy.always(to("POST", "/test"), { kind: "resetAfter" });
    const message = await failure("testWebhook", { id: webhooks[0]?.id });
    assert.equal(message.split("all the same").length, 2, message);
    assert.match(message, /The endpoint may have got the test event all the same/);
  });

  it("check a day against the filter's other one as it is typed", async () => {
    for (const [filter, downs, typed, problem] of [
      [{ endDate: "2026-04-10" }, 2, "2026-04-11", "From (2026-04-11) lies after Until (2026-04-10)."],
      [{ startDate: "2026-04-10" }, 3, "2026-04-09", "From (2026-04-10) lies after Until (2026-04-09)."],
    ] as const) {
      await call("filterDeliveries", filter);
      recording.asked.length = 0;
      const running = palette("filterDeliveries");
      await until("the steps", () => words("showQuickPick").length > 0);
      const next = async (): Promise<void> => {
        for (let down = 0; down < downs; down++) {
          await vscode.commands.executeCommand("workbench.action.quickOpenSelectNext");
        }
      };
      await new Promise((resolve) => setTimeout(resolve, 500));
      await next();
      await press("accept", "the day's box", () => words("showInputBox").length > 0);
      const options = words("showInputBox")[0]?.[0] as vscode.InputBoxOptions;
      const problemOf = async (text: string): Promise<unknown> => options.validateInput?.(text);
      assert.equal(await problemOf(typed), problem);
      assert.equal(await problemOf("2026-04-10"), undefined);
      assert.equal(await problemOf(" "), undefined);
      assert.match(JSON.stringify(await problemOf("2026-02-30")), /must be a day that exists/);
      await press("leave", "the end", ending(running));
    }
    await call("filterDeliveries", {});
  });
});
