import { describe, expect, test } from "vitest";
import type { DeliveryView, ShownText } from "../../../src/protocol/deliveryView";
import { keepWholeTexts, withWholeText } from "../../../src/webview/wholeTexts";

const shown = (text: string, bytes = text.length): ShownText => ({ text, bytes, cut: bytes > text.length });

function view(payload: ShownText, answer?: ShownText): DeliveryView {
  const attempts = answer === undefined ? [] : [{ outcome: "accepted" as const, response: answer }];
  return {
    id: "evt_1",
    status: "failed",
    payload,
    requestHeaders: [],
    responseHeaders: [],
    attempts,
    attemptsTold: "each",
    raw: shown("{}"),
  };
}

describe("whole texts", () => {
  test("stand in the place of those that were cut", () => {
    const whole = withWholeText(view(shown("be", 5), shown("an", 6)), { attempt: 0 }, shown("answer"));
    expect(whole.attempts[0]?.response).toEqual(shown("answer"));
    expect(withWholeText(whole, "payload", shown("begin")).payload).toEqual(shown("begin"));
  });

  test("stay when the delivery is told anew, and are asked for again", () => {
    const before = view(shown("begin"), shown("answer"));
    const { view: after, kept } = keepWholeTexts(view(shown("be", 5), shown("an", 6)), before);
    expect(after).toEqual(before);
    expect(kept).toEqual(["payload", { attempt: 0 }]);
  });

  test("go when another text came", () => {
    const before = view(shown("begin"));
    for (const other of [shown("xx", 5), shown("be", 6), shown("be")]) {
      expect(keepWholeTexts(view(other), before)).toEqual({ view: view(other), kept: [] });
    }
  });
});
