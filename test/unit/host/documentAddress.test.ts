import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { documentForms, documentParts } from "../../../src/core/request/documentPart";
import { readAddress, writeAddress, type DocumentAddress } from "../../../src/host/documents/documentAddress";

describe("a document's address", () => {
  test("can be read by a person, and tells the language by its end", () => {
    const delivery = { id: "evt_1", webhookId: "wh_1" };
    const address: DocumentAddress = { environment: "Local PacSpace", delivery, part: "answer", attempt: 2 };
    expect(writeAddress(address, "delta.failed", "http")).toEqual({
      scheme: "pacspace",
      path: "/delta.failed/evt_1.attempt-2.answer.http",
      query: '{"environment":"Local PacSpace","id":"evt_1","webhookId":"wh_1","part":"answer","attempt":2}',
    });
  });

  test.each(["../../etc/passwd", "..", "a/b?c#d", "a b\n", ""])("holds no foreign path: %j", (id) => {
    const { path } = writeAddress({ environment: "e", delivery: { id }, part: "raw" }, id, "json");
    expect(path).toMatch(/^\/(?!\.{1,2}\/)[\w.-]+\/(?!\.{1,2}$)[\w.-]+$/);
  });

  test("is read as it was written", () => {
    const text = fc.string({ minLength: 1 });
    fc.assert(
      fc.property(
        fc.record({
          environment: text,
          delivery: fc.record({
            id: text,
            webhookId: fc.option(text, { nil: undefined }),
            createdAt: fc.option(text, { nil: undefined }),
          }),
          part: fc.constantFrom(...documentParts),
          attempt: fc.option(fc.integer({ min: 1 }), { nil: undefined }),
          form: fc.option(fc.constantFrom(...documentForms), { nil: undefined }),
        }),
        (address) => {
          expect(readAddress(writeAddress(address, "e", "json").query)).toEqual(address);
        },
      ),
    );
  });

  test.each(["", "7", "[]", "{}", '{"environment":"e","id":"evt_1","part":"secret"}', '{"id":"evt_1","part":"raw"}'])(
    "anything else is none: %j",
    (query) => expect(readAddress(query)).toBeUndefined(),
  );
});
