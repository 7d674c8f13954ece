import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import * as vscode from "vscode";
import type { Delivery } from "../../src/core/model/delivery";
import type { Webhook } from "../../src/core/model/webhook";
import { deliveryNode, webhookNode } from "../../src/host/tree/nodes";
import { demoAccount, mfaAccount } from "../../src/local/demoAccount";
import { MisbehavingProxy } from "../misbehave/proxy";
import { startRecording, type Recording } from "./recording";
import { scanFiles, scanValue, type Canary } from "./secretScan";
import { activated, call, Endpoint, startLocal, until } from "./support";

/** Where this VS Code keeps everything, its browser's profile included. */
const stateDir = process.env.PACSPACE_STATE_DIR ?? "";

const random = (digits: number): string => randomBytes(digits).toString("hex").slice(0, digits);

/** Texts that a person or a caller gives, each in the form of what it stands for. */
const given = {
  "a stored secret": `whsec_${random(40)}`,
  "the secret that replaces it": `whsec_${random(40)}`,
  "a secret to check with": `whsec_${random(40)}`,
  "one of several keys": `whsec_${random(40)}`,
  "a handler's secret": `whsec_${random(40)}`,
  "a password": `pass-${random(24)}`,
  "an authenticator's code": "90417365",
  "a pasted cookie": random(40),
  "a cookie of a file": random(40),
  "a body to check": `body-${random(24)}`,
} as const;

/** SecretStorage's own place in a browser, and what Local PacSpace knows as a server. */
function isLeftOut(file: string): boolean {
  return file.includes("/Local Storage/") || file.includes("pacspace-webhooks.pacspace-webhooks/local/");
}

describe("secrets of every kind, through every command", () => {
  const endpoint = new Endpoint();
  const canaries: Canary[] = Object.entries(given).map(([name, text]) => ({ name, text }));
  const finds: string[] = [];
  let recording: Recording;
  let proxy: MisbehavingProxy | undefined;
  let url = "";
  let folder = "";
  let id = "";
  let captureId = "";
  let delivery: Delivery;

  before(async () => {
    await activated();
    recording = startRecording();
    url = await endpoint.listen();
    folder = await mkdtemp(path.join(tmpdir(), "pacspace-canaries-"));
    await mkdir(path.join(folder, "out"));
  });

  after(async () => {
    recording.stop();
    await endpoint.close();
    await proxy?.close();
    await rm(folder, { recursive: true });
  });

  /** Calls by argument, and keeps what came of it to be searched: a failure is as good as a result here. */
  async function tried(command: string, argument: object = {}): Promise<unknown> {
    const outcome = await call<unknown>(command, argument).catch((error: unknown) => error);
    finds.push(...scanValue(`what ${command} gives back`, outcome, canaries));
    return outcome;
  }

  async function worked<T>(command: string, argument: object = {}): Promise<T> {
    const outcome = await tried(command, argument);
    if (outcome instanceof Error) throw outcome;
    return outcome as T;
  }

  async function newestDelivery(): Promise<Delivery> {
    const { deliveries } = await worked<{ deliveries: Delivery[] }>("listDeliveries", { limit: 5 });
    assert.ok(deliveries[0]);
    return deliveries[0];
  }

  /** How each command is driven, in this order: first with what must be kept, then where it could get out. */
  const drives: Record<string, () => Promise<unknown>> = {
    startLocal: async () => {
      const { baseUrl } = await startLocal("empty");
      proxy = await MisbehavingProxy.start(baseUrl);
    },
    switchEnvironment: () => worked("switchEnvironment", { baseUrl: proxy?.baseUrl }),
    signIn: async () => {
      await tried("signIn", { method: "password", email: demoAccount.email, password: given["a password"] });
      const { email, password } = mfaAccount;
      await tried("signIn", { method: "password", email, password, mfaCode: given["an authenticator's code"] });
      await tried("signIn", { method: "cookie", cookie: `pacspace_session=${given["a pasted cookie"]}` });
      const file = path.join(folder, "cookies.txt");
      await writeFile(
        file,
        `127.0.0.1\tFALSE\t/\tFALSE\t0\tpacspace_session\t${given["a cookie of a file"]}\nbroken\n`,
      );
      await tried("signIn", { method: "cookieFile", path: file });
      await worked("signIn", { method: "password", ...demoAccount });
      await rm(file);
    },
    refresh: () => worked("refresh"),
    createWebhook: async () => {
      ({ id } = await worked<{ id: string }>("createWebhook", { url, description: "canary" }));
    },
    copySecret: async () => {
      await worked("copySecret", { id });
      const text = await vscode.env.clipboard.readText();
      assert.match(text, /^whsec_/);
      canaries.push({ name: "the secret of a created webhook", text });
      await vscode.env.clipboard.writeText("");
    },
    storeSecret: async () => {
      await worked("storeSecret", { id, secret: given["a stored secret"] });
      await worked("storeSecret", { id, secret: given["the secret that replaces it"] });
      await tried("storeSecret", { secret: given["a stored secret"] });
    },
    listWebhooks: () => worked("listWebhooks"),
    getWebhook: () => worked("getWebhook", { id }),
    toggleWebhook: () => worked("toggleWebhook", { id }),
    enableWebhook: () => worked("enableWebhook", { id }),
    disableWebhook: async () => {
      await worked("disableWebhook", { id });
      await worked("enableWebhook", { id });
    },
    testWebhook: async () => {
      endpoint.status = 500;
      await worked("testWebhook", { id });
      delivery = await newestDelivery();
    },
    listDeliveries: () => worked("listDeliveries"),
    loadMoreWebhooks: () => worked("loadMoreWebhooks"),
    loadMoreDeliveries: () => worked("loadMoreDeliveries"),
    clearDeliveryFilter: () => worked("clearDeliveryFilter"),
    filterDeliveries: () => worked("filterDeliveries", { event: "canary.marker" }),
    inspectDelivery: async () => {
      await worked("inspectDelivery", { id: delivery.id });
      await until("the panel is sent something", () => recording.posted.length > 0);
    },
    openDeliveryDocument: () => worked("openDeliveryDocument", { id: delivery.id, part: "request" }),
    copyAsCurl: () => worked("copyAsCurl", { id: delivery.id }),
    copyAsHttp: () => worked("copyAsHttp", { id: delivery.id }),
    copyDeliveryId: () => worked("copyDeliveryId", { id: delivery.id }),
    copyFact: () => worked("copyFact", { value: "200" }),
    copyWebhookId: () => worked("copyWebhookId", { id }),
    copyWebhookUrl: () => worked("copyWebhookUrl", { url }),
    verifySignature: async () => {
      const [request] = endpoint.received;
      assert.ok(request);
      const check = { headers: request.headers, body: given["a body to check"] };
      await worked("verifySignature", { ...check, secret: given["a secret to check with"] });
      await worked("verifySignature", { ...check, keys: [{ id: "key", secret: given["one of several keys"] }] });
      await worked("verifySignature", { ...check, webhookId: id });
      await worked("verifySignature", check);
      await tried("verifySignature", { ...check, secret: given["a secret to check with"], webhookId: id });
      // In the panel, with the stored keys.
      const before = recording.posted.length;
      await vscode.commands.executeCommand("pacspace.verifySignature", deliveryNode(delivery, undefined, ""));
      await until("the panel is sent an answer", () =>
        recording.posted.slice(before).some((message) => JSON.stringify(message).includes("verdict")),
      );
    },
    proveHandler: () => tried("proveHandler", { url, secret: given["a handler's secret"], timeoutMs: 2_000 }),
    generateHandler: () =>
      worked("generateHandler", {
        framework: "express",
        uri: vscode.Uri.file(path.join(folder, "out/handler.mjs")).toString(),
      }),
    startReceiver: async () => {
      const { url: receiverUrl } = await worked<{ url: string }>("startReceiver", { port: 0, forwardTo: url });
      const webhook = await worked<{ id: string }>("createWebhook", { url: receiverUrl });
      await worked("testWebhook", { id: webhook.id });
      await worked("deleteWebhook", { id: webhook.id, confirmed: true });
    },
    listCaptures: async () => {
      const { captures } = await worked<{ captures: { id: string }[] }>("listCaptures");
      assert.ok(captures[0]);
      captureId = captures[0].id;
      await worked("inspectDelivery", { id: captureId });
    },
    forwardCaptures: () => worked("forwardCaptures", { url }),
    forwardCapture: () => worked("forwardCapture", { id: captureId }),
    copyReceiverUrl: () => worked("copyReceiverUrl", { url }),
    sendSampleEvent: async () => {
      await worked("sendSampleEvent", { event: "delta.failed", url, secret: given["a handler's secret"] });
      await worked("sendSampleEvent", { event: "delta.failed", url, webhookId: id });
      await worked("sendSampleEvent", { event: "delta.failed", url });
      await tried("sendSampleEvent", { event: "delta.failed", url: "http://127.0.0.1:9/", webhookId: id });
    },
    newSampleEvent: async () => {
      const { uri } = await worked<{ uri: string }>("newSampleEvent", { event: "delta.failed", name: "canary" });
      await vscode.workspace.fs.delete(vscode.Uri.parse(uri));
    },
    replayDelivery: async () => {
      await worked("replayDelivery", { id: delivery.id, url, resign: true });
      await worked("replayDelivery", { id: captureId, url });
    },
    replayUnderDebugger: () => tried("replayUnderDebugger", { id: delivery.id, url, resign: true }),
    startPolling: () => worked("startPolling"),
    sendMissedDeliveries: () => worked("sendMissedDeliveries"),
    dismissMissedDeliveries: () => worked("dismissMissedDeliveries", { confirmed: true }),
    stopPolling: () => worked("stopPolling"),
    deleteCapture: () => worked("deleteCapture", { id: captureId, confirmed: true }),
    clearCaptures: () => worked("clearCaptures", { confirmed: true }),
    stopReceiver: () => worked("stopReceiver"),
    exportDeliveries: () =>
      worked("exportDeliveries", { uri: vscode.Uri.file(path.join(folder, "out/deliveries.csv")).toString() }),
    retryDelivery: () => tried("retryDelivery", { id: delivery.id }),
    retryFailedDeliveries: () => worked("retryFailedDeliveries", { confirmed: true }),
    compareDeliveries: async () => {
      endpoint.status = 200;
      await worked("testWebhook", { id });
      const other = await newestDelivery();
      await tried("compareDeliveries", { left: other.id, right: delivery.id });
    },
    compareWithLastSuccessful: () => tried("compareWithLastSuccessful", { id: delivery.id }),
    compareAttempts: () => tried("compareAttempts", { id: delivery.id, left: 1, right: 2 }),
    forgetSecret: async () => {
      const webhook = await worked<Webhook>("getWebhook", { id });
      await vscode.commands.executeCommand("pacspace.copyWebhookUrl", webhookNode(webhook, true));
      await worked("forgetSecret", { id });
      await tried("copySecret", { id });
      await worked("storeSecret", { id, secret: given["a stored secret"] });
    },
    deleteWebhook: async () => {
      const extra = await worked<{ id: string }>("createWebhook", { url });
      await worked("deleteWebhook", { id: extra.id, confirmed: true });
    },
    signOut: async () => {
      await worked("signOut");
      await tried("listWebhooks");
      await worked("signIn", { method: "password", ...demoAccount });
    },
    stopLocal: () => worked("stopLocal"),
    forgetEverything: () => worked("forgetEverything", { confirmed: true }),
  };

  it("are driven through each command that the manifest declares", async () => {
    const { packageJSON } = await activated();
    const { contributes } = packageJSON as { contributes: { commands: { command: string }[] } };
    assert.deepEqual(
      Object.keys(drives)
        .map((name) => `pacspace.${name}`)
        .sort(),
      contributes.commands.map(({ command }) => command).sort(),
      "a new command must be driven here too",
    );
    for (const [name, drive] of Object.entries(drives)) {
      if (name === "forgetEverything") await searchState("before everything is forgotten");
      await drive();
      finds.push(...scanValue(`the clipboard after ${name}`, await vscode.env.clipboard.readText(), canaries));
    }
    await searchState("after everything is forgotten");
  }).timeout(180_000);

  it("are in no message to a person or a webview, no result, no error and no copy", () => {
    canaries.push(...sessionCookies());
    finds.push(...scanValue("a message to a webview", recording.posted, canaries));
    finds.push(...scanValue("a message to a person", recording.said, canaries));
    assert.deepEqual(finds, []);
  });

  /** As they were sent to the server. */
  function sessionCookies(): readonly Canary[] {
    const sent = proxy?.requests.flatMap(({ headers }) => /=([^;]+)/.exec(headers.cookie ?? "")?.[1] ?? []) ?? [];
    assert.ok(sent.length > 0);
    return [...new Set(sent)].map((text) => ({ name: "a session's cookie", text }));
  }

  /** Searches all that was written: logs, settings, state, workspace, exports. */
  async function searchState(when: string): Promise<void> {
    const all = [...canaries, ...sessionCookies()];
    // What must be there shows that the search looks into logs and into the state.
    await until("the log and the state are written", async () => {
      const marks = [
        { name: "filter", text: "canary.marker" },
        { name: "log", text: "pacspace.signIn: auth: " },
      ];
      const found = await scanFiles(stateDir, marks, (file) => /\.js$|\/Cache/.test(file));
      return found.some((find) => find.startsWith("log")) && found.some((find) => find.startsWith("filter"));
    });
    for (const place of [stateDir, folder]) {
      finds.push(...(await scanFiles(place, all, isLeftOut)).map((find) => `${find}, ${when}`));
    }
  }
});
