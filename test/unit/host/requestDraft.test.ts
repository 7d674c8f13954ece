import { describe, expect, test } from "vitest";
import { RequestDraft } from "../../../src/host/panel/requestDraft";

const encoded = (text: string): Uint8Array => new TextEncoder().encode(text);
const first = { kind: "http", headers: [["X-Event-ID", "evt_1"]], body: encoded("{}"), notes: [] } as const;
const headersAlone = { kind: "headers", headers: [["X-Event-ID", "evt_2"]], notes: [] } as const;

describe("headers without a body", () => {
  test("are not checked against the body of the request before them", () => {
    const draft = new RequestDraft();
    draft.fillFromRequest(first, "clipboard", []);
    draft.fillFromRequest(headersAlone, "clipboard", []);
    expect(draft.body).toBeUndefined();
    expect(draft.view().body).toBeUndefined();
    expect(draft.headers()).toEqual(headersAlone.headers);
  });

  test("leave a body that was given by itself", () => {
    const draft = new RequestDraft();
    draft.setBody("file", { bytes: encoded("[]") });
    draft.fillFromRequest(headersAlone, "clipboard", []);
    expect(draft.body).toEqual(encoded("[]"));
  });
});

test("a body without headers leaves the headers that are there", () => {
  const draft = new RequestDraft();
  draft.fillFromRequest(headersAlone, "clipboard", []);
  draft.fillFromRequest({ kind: "body", headers: [], body: encoded("[]"), notes: [] }, "clipboard", []);
  expect(draft.headers()).toEqual(headersAlone.headers);
  expect(draft.body).toEqual(encoded("[]"));
});
