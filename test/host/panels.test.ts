import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { Delivery } from "../../src/core/model/delivery";
import { environmentOf } from "../../src/core/model/environment";
import { InspectorPanels } from "../../src/host/panel/inspectorPanels";
import type { InspectorServices } from "../../src/host/panel/inspectorServices";
import { samplePayload } from "../../src/core/events/catalogue";
import { activated, mementos, until } from "./support";

const count = 50;

function delivery(id: string): Delivery {
  const payload = samplePayload("delta.verified", { now: new Date() });
  const row = { id, event: payload.event, status: "delivered", attempts: 1, payload };
  return { id, event: payload.event, status: "delivered", attempts: 1, raw: JSON.stringify(row) };
}

/** An event that counts who listens. */
class Counted {
  listeners = 0;
  readonly event: vscode.Event<void> = () => {
    this.listeners++;
    return new vscode.Disposable(() => this.listeners--);
  };
}

describe("fifty panels", () => {
  it("leave no panel and no listener behind", async () => {
    const { extensionUri } = await activated();
    const environmentChanged = new Counted();
    const deliveriesChanged = new Counted();
    const services: InspectorServices = {
      ...mementos(),
      environment: () => environmentOf("local", "Local PacSpace", "http://127.0.0.1:4400"),
      onDidChangeEnvironment: environmentChanged.event,
      deliveries: {
        home: () => "Local PacSpace",
        isHere: () => true,
        onDidChange: deliveriesChanged.event,
        loaded: ({ id }) => delivery(id),
        find: ({ id }) => Promise.resolve(delivery(id)),
      },
      webhookLabel: () => undefined,
      keys: () => Promise.resolve([]),
      verify: () => Promise.reject(new Error("nothing is verified here")),
    };
    const log = vscode.window.createOutputChannel("panels test", { log: true });
    const panels = new InspectorPanels(extensionUri, services, log);
    const before = environmentChanged.listeners + deliveriesChanged.listeners;
    for (let index = 0; index < count; index++) await panels.showDelivery({ id: `evt_${index}` });
    assert.equal(panels.count, count);
    await panels.showDelivery({ id: "evt_0" });
    assert.equal(panels.count, count, "a delivery that is open already is shown again, not opened twice");
    assert.ok(environmentChanged.listeners + deliveriesChanged.listeners > before);
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await until("all panels closed", () => panels.count === 0);
    assert.equal(environmentChanged.listeners + deliveriesChanged.listeners, before);
    panels.dispose();
    assert.equal(environmentChanged.listeners + deliveriesChanged.listeners, 0);
    log.dispose();
  }).timeout(120_000);
});
