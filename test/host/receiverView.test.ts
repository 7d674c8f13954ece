import assert from "node:assert/strict";
import * as vscode from "vscode";
import { presentCaptureRow } from "../../src/host/receiver/presentCapture";
import { receiverNode, type ReceiverState } from "../../src/host/tree/nodes";
import { LiveTree } from "./liveTrees";
import { activated, call, until } from "./support";

interface Listed {
  readonly captures: readonly { readonly eventId?: string }[];
}

async function set(name: string, value: number | undefined): Promise<void> {
  const section = vscode.workspace.getConfiguration("pacspace.receiver");
  await section.update(name, value, vscode.ConfigurationTarget.Global);
}

describe("the view of captures", () => {
  let view: LiveTree;
  let url = "";

  before(async () => {
    await activated();
    view = new LiveTree("pacspace.captures");
    ({ url } = await call<{ url: string }>("startReceiver", { port: 0 }));
    await call("clearCaptures", { confirmed: true });
  });

  after(async () => {
    await set("maxCaptures", undefined);
    await set("maxMegabytes", undefined);
    await call("stopReceiver");
    await call("clearCaptures", { confirmed: true });
  });

  async function post(eventId: string, body = "{}"): Promise<void> {
    const answer = await fetch(url, { method: "POST", headers: { "X-Event-ID": eventId }, body });
    assert.equal(answer.status, 200);
    await answer.text();
  }

  /** The captures kept, newest first, and those that have a row. */
  async function kept(): Promise<readonly (string | undefined)[]> {
    const listed = (await call<Listed>("listCaptures")).captures.map(({ eventId }) => eventId);
    await until("the rows follow", async () => {
      const rows = (await view.children()).flatMap((row) => (row.kind === "capture" ? [row.capture.eventId] : []));
      return JSON.stringify(rows) === JSON.stringify(listed);
    });
    return listed;
  }

  it("keeps as many as the setting says, the newest, and says that older ones made room", async () => {
    await set("maxCaptures", 2);
    assert.equal(view.message, "");
    for (const id of ["evt_1", "evt_2"]) await post(id);
    assert.deepEqual(await kept(), ["evt_2", "evt_1"]);
    assert.equal(view.message, "");
    await post("evt_3");
    assert.deepEqual(await kept(), ["evt_3", "evt_2"]);
    await until("it says so", () => view.message === "1 older one made room: the newest 2 are kept.");
    await post("evt_4");
    await until("it counts", () => view.message === "2 older ones made room: the newest 2 are kept.");
  });

  it("keeps as many bytes as the setting says", async () => {
    await call("clearCaptures", { confirmed: true });
    await until("the count of dropped ones is forgotten", () => view.message === "");
    await set("maxCaptures", undefined);
    await set("maxMegabytes", 1);
    for (const id of ["evt_large", "evt_larger"]) await post(id, JSON.stringify("x".repeat(600_000)));
    assert.deepEqual(await kept(), ["evt_larger"]);
    await until("it says so", () => view.message === "1 older one made room: the newest alone is kept.");
  });

  it("says in the receiver's row on which machine it listens, and how it is reached from one's own", async () => {
    const row = (await view.children()).find(({ kind }) => kind === "receiver") ?? assert.fail("no receiver's row");
    const { label, description, accessibilityInformation } = await view.item(row);
    assert.equal(label, url);
    const { remoteName } = vscode.env;
    const external = (await vscode.env.asExternalUri(vscode.Uri.parse(url))).toString(true).replace(/\/$/, "");
    const where =
      remoteName === undefined
        ? ""
        : external === url
          ? ` · on ${remoteName}, not on your own machine`
          : ` · on ${remoteName}; from your own machine ${external}`;
    assert.equal(description, `answers 200${where}`);
    assert.ok(accessibilityInformation?.label.includes(description.replaceAll(" · ", ", ")));
  });

  const cases: readonly (readonly [what: string, state: Partial<ReceiverState>, words: string])[] = [
    ["on one's own machine", {}, "answers 200"],
    ["on another machine", { remoteName: "wsl" }, "answers 200 · on wsl, not on your own machine"],
    [
      "on another machine whose port VS Code forwards",
      { remoteName: "codespaces", externalUrl: "https://x-4480.app.example.dev", forwardTo: "http://127.0.0.1:3000/" },
      "forwards to http://127.0.0.1:3000/ · on codespaces; from your own machine https://x-4480.app.example.dev",
    ],
  ];
  for (const [what, state, words] of cases) {
    it(`says of a receiver ${what} where it listens, and that its address is not public`, () => {
      const item = presentCaptureRow(receiverNode({ url: "http://127.0.0.1:4480", ...state }), Date.now());
      assert.deepEqual([item.label, item.description], ["http://127.0.0.1:4480", words]);
      assert.match(item.tooltip as string, /no public address: .* a tunnel of yours, or by polling/);
    });
  }
});
