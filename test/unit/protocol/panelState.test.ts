import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readPanelState } from "../../../src/protocol/panelState";

describe("what VS Code keeps of a panel", () => {
  test.each([
    {
      environment: "Local PacSpace",
      delivery: { id: "evt_1", webhookId: "wh_1", createdAt: "2026-04-10T12:00:00Z" },
      tab: "raw",
    },
    { environment: "https://app.pacspace.io", delivery: { id: "evt_1" }, tab: "payload" },
    { environment: "https://app.pacspace.io", tab: "verify" },
  ])("%j is read", (state) => {
    expect(readPanelState(state)).toEqual(state);
  });

  test("more than ids is not taken", () => {
    expect(readPanelState({ environment: "e", tab: "verify", signature: "v1=ab" })).toBeUndefined();
    expect(
      readPanelState({ environment: "e", tab: "verify", delivery: { id: "evt_1", payload: "{}" } }),
    ).toBeUndefined();
  });

  test("anything else is no state, and throws nothing", () => {
    fc.assert(fc.property(fc.anything(), (value) => readPanelState(value) === undefined));
  });
});
