import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { demoAccount } from "../../src/local/demoAccount";
import { startLocalPacSpace, type LocalPacSpace } from "../../src/local/server";
import { clearNotifications, notification } from "./harness/messages";
import { answer, dismiss, palette, pick, quickInput } from "./harness/quickInput";
import { Session } from "./harness/session";
import { statusBarItem } from "./harness/workbench";
import { deliveries, Handler, openSidebar, webhooks } from "./stage";
import { treeRows, welcome } from "./harness/views";
import { until } from "./harness/until";

/** What a workspace that is not trusted may neither start nor send, as the palette names it. */
const refused = [
  "Start Local PacSpace",
  "Start the Receiver",
  "Start Polling",
  "Prove a Webhook Handler",
  "Send Sample Event",
  "Replay to a Local Handler",
  "Replay under the Debugger",
];

async function listenAnywhere(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** A port of this machine that nobody listens at. */
async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listenAnywhere(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function somebodyListens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("connect", () => resolve(true)).on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });
}

describe("a workspace that nobody vouches for", () => {
  const asked: string[] = [];
  const stranger = createServer((request, response) => {
    asked.push(`${request.method ?? ""} ${request.url ?? ""}`);
    response.end("{}");
  });
  const handler = new Handler();
  /** What PacSpace itself was asked for. */
  const calls: string[] = [];
  const ports = { local: 0, receiver: 0 };
  let strangersPort = 0;
  let session: Session;
  let page: Page;
  let pacspace: LocalPacSpace;
  let keys: readonly { key: string; command: string; args: object; says: string }[] = [];

  before(async () => {
    strangersPort = await listenAnywhere(stranger);
    const url = `http://127.0.0.1:${strangersPort}`;
    pacspace = await startLocalPacSpace({ seed: "demo", log: (line) => calls.push(line) });
    const target = await handler.listen();
    ports.local = await freePort();
    ports.receiver = await freePort();
    const secret = "whsec_0123456789abcdef0123456789abcdef01234567";
    const notSent = "Trust this workspace first: nothing is sent from one that is not.";
    const noReceiver = "The receiver starts in a trusted workspace only: trust this one first.";
    const delivery = { id: "whd_any", url: target };
    const calledBy = (
      [
        [
          "startLocal",
          { port: ports.local },
          "Local PacSpace starts in a trusted workspace only: trust this one first.",
        ],
        ["startReceiver", { port: ports.receiver, forwardTo: target }, noReceiver],
        ["startPolling", {}, noReceiver],
        ["sendSampleEvent", { event: "delta.verified", url: target, secret }, notSent],
        ["replayDelivery", delivery, notSent],
        ["replayUnderDebugger", { ...delivery, configuration: "any" }, notSent],
        ["proveHandler", { url: target, secret }, notSent],
        ["forwardCapture", { id: "cap_any" }, "The receiver does not run. Start it first."],
        ["forwardCaptures", { url: target }, "The receiver does not run. Start it first."],
        ["sendMissedDeliveries", {}, "PacSpace is not polled now. Start polling first."],
      ] as const
    ).map(([command, args, says], index) => ({ key: `ctrl+alt+f${index + 1}`, command, args, says }));
    keys = calledBy;
    session = await Session.start({
      untrusted: true,
      keys: calledBy.map(({ key, command, args }) => ({ key, command: `pacspace.${command}`, args })),
    });
    mkdirSync(join(session.workspace, ".vscode"));
    const settings = {
      "pacspace.baseUrl": url,
      "pacspace.environments": { Production: url, Ours: url },
      "pacspace.local.port": strangersPort,
      "pacspace.receiver.port": strangersPort,
      "pacspace.receiver.allowedHosts": ["*", "stranger.example.com"],
      "pacspace.receiver.pollSeconds": 1,
      "pacspace.handler.url": `${url}/hook`,
      "pacspace.deliveries.refreshSeconds": 5,
    };
    writeFileSync(join(session.workspace, ".vscode", "settings.json"), JSON.stringify(settings));
    page = await session.openWindow();
  });

  after(async () => {
    await session.stop();
    await handler.close();
    await pacspace.close();
    stranger.closeAllConnections();
    stranger.close();
  });

  it("does not say where credentials go", async () => {
    await statusBarItem(page, "Restricted Mode").waitFor();
    await openSidebar(page);
    await welcome(page, webhooks).getByRole("button", { name: "Sign In" }).first().waitFor();
    await palette(page, "PacSpace: Switch Environment…");
    const choices = quickInput(page).getByRole("option");
    // The list is drawn row by row; this one stands above all others that may be there.
    await choices.filter({ hasText: "app.pacspace.io" }).waitFor();
    await choices.filter({ hasText: "Another address" }).waitFor();
    const texts = await choices.allInnerTexts();
    assert.deepEqual(
      texts.filter((text) => text.includes(String(strangersPort))),
      [],
    );
    await dismiss(page);
  });

  it("is offered no command that starts a server or sends to a handler", async () => {
    const box = quickInput(page);
    await page.keyboard.press("F1");
    const field = box.locator("input.input");
    const rows = box.getByRole("option");
    const offered = async (title: string): Promise<readonly string[]> => {
      // Between two of them, one of VS Code's own: once it is gone, what is drawn answers the words that follow.
      await field.fill(">Help: About");
      await rows.filter({ hasText: "Help: About" }).first().waitFor();
      await field.fill(`>PacSpace: ${title}`);
      await rows.filter({ hasText: "Help: About" }).first().waitFor({ state: "hidden" });
      await rows.first().waitFor();
      return (await rows.allInnerTexts()).filter((text) => text.includes(title));
    };
    for (const title of refused) assert.deepEqual(await offered(title), []);
    assert.equal((await offered("Switch Environment")).length, 1, "what is offered is found that way");
    await dismiss(page);
  });

  it("starts no server by the button of the welcome either", async () => {
    await welcome(page, webhooks).getByRole("button", { name: "Start Local PacSpace" }).click();
    await page.waitForTimeout(2_000);
    await welcome(page, webhooks).getByRole("button", { name: "Sign In" }).first().waitFor();
  });

  it("signs in where its user says, and there alone", async () => {
    await palette(page, "PacSpace: Switch Environment…");
    await pick(page, "Another address…");
    await answer(page, "Another PacSpace", pacspace.baseUrl);
    await statusBarItem(page, new URL(pacspace.baseUrl).host).waitFor();
    await palette(page, "PacSpace: Sign In…");
    await pick(page, "Email and password");
    await answer(page, "Email", demoAccount.email);
    await answer(page, "Password", demoAccount.password);
    await treeRows(page, webhooks).first().waitFor();
    await treeRows(page, deliveries).first().waitFor();
    await clearNotifications(page);
  });

  it("refuses by argument, too, to start a server and to send, and says what would help", async () => {
    await until("PacSpace has nothing more to do", async () => {
      const before = calls.length;
      await page.waitForTimeout(500);
      return calls.length === before;
    });
    const before = calls.length;
    for (const { key, says } of keys) {
      await page.keyboard.press(key.replace("ctrl", "Control").replace("alt", "Alt").replace("f", "F"));
      await notification(page, says);
      await clearNotifications(page);
    }
    assert.deepEqual(handler.received, []);
    for (const port of Object.values(ports)) assert.equal(await somebodyListens(port), false, `at ${port}`);
    assert.deepEqual(
      calls.slice(before).filter((line) => !line.startsWith("GET ")),
      [],
      "PacSpace was asked to do nothing",
    );
  });

  it("makes nobody send anything", () => {
    assert.ok(calls.length > 0);
    assert.deepEqual(asked, []);
  });
});
