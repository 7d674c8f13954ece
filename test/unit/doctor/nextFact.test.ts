import { describe, expect, test } from "vitest";
import { diagnose } from "../../../src/core/doctor/diagnose";
import { body, macOf, requestWith, sent } from "./requests";

const unknown = [{ id: "webhook_a", secret: "whsec_unknown" }];
const eventId = ["X-Event-ID", "evt_85de38b85594ea723264"] as const;

function headersWith(signature: string) {
  return [
    ["X-PacSpace-Signature", signature],
    ["X-PacSpace-Timestamp", sent],
  ] as const;
}

describe("the one fact that would decide", () => {
  test.each(["v1=0907...5eb6", "v1=0907…5eb6", "[REDACTED]", "[Filtered]", "v1=****", "v1=0907"])(
    "of the signature %s is the whole one",
    async (signature) => {
      const headers = [...headersWith(signature), eventId];
      const diagnosis = await diagnose(requestWith({ headers, budgetMs: 0 }));
      expect(diagnosis.nextFact).toContain("The whole signature");
      expect(diagnosis.nextFact).toContain("masked or no digest");
    },
  );
  test("is the stored delivery where the request names it", async () => {
    const headers = [...requestWith({}).headers, eventId];
    const { nextFact } = await diagnose(requestWith({ headers, keys: unknown, budgetMs: 0 }));
    expect(nextFact).toContain("The stored delivery of this X-Event-ID");
  });
  test("is the event's id where the request has none", async () => {
    const { nextFact } = await diagnose(requestWith({ keys: unknown, budgetMs: 0 }));
    expect(nextFact).not.toContain("this X-Event-ID");
    expect(nextFact).toContain("X-Event-ID header, which is not here");
  });
  test.each([`v1=${macOf(body)}`, macOf(body)])(
    "of a handler's value that is the received signature %s is where it comes from",
    async (computed) => {
      const diagnosis = await diagnose(requestWith({ computed, keys: unknown, budgetMs: 0 }));
      expect(diagnosis.causes).toEqual([]);
      expect(diagnosis.nextFact).toContain("equals the signature that arrived");
      expect(diagnosis.nextFact).toContain("the secret here is another one");
    },
  );
});
