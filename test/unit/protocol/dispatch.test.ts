import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { dispatcher, type Handlers } from "../../../src/protocol/dispatch";
import { hostMessageSchema, type HostMessage } from "../../../src/protocol/hostMessages";
import { panelMessageSchema, type PanelMessage } from "../../../src/protocol/panelMessages";

const schema = v.variant("type", [
  v.strictObject({ type: v.literal("say"), text: v.string() }),
  v.strictObject({ type: v.literal("stop") }),
]);
type Message = v.InferOutput<typeof schema>;

function receiver(): { receive: (value: unknown) => string | undefined; dropped: string[] } {
  const dropped: string[] = [];
  const handlers: Handlers<Message, string> = { say: ({ text }) => `said ${text}`, stop: () => "stopped" };
  return { receive: dispatcher(schema, handlers, (type) => dropped.push(type)), dropped };
}

describe("messages", () => {
  test("each goes to the handler of its type", () => {
    const { receive, dropped } = receiver();
    expect(receive({ type: "say", text: "hello" })).toBe("said hello");
    expect(receive({ type: "stop" })).toBe("stopped");
    expect(dropped).toEqual([]);
  });

  test.each<[string, unknown, string]>([
    ["a field of another type", { type: "say", text: 7 }, "say"],
    ["a field missing", { type: "say" }, "say"],
    ["a field too many", { type: "stop", secret: "whsec_abc" }, "stop"],
    ["an unknown type", { type: "whsec_abc" }, "unknown"],
    ["an inherited name", { type: "constructor" }, "unknown"],
    ["no object", "whsec_abc", "unknown"],
    ["nothing", undefined, "unknown"],
    ["null", null, "unknown"],
  ])("%s: dropped, and told by type alone", (_name, value, type) => {
    const { receive, dropped } = receiver();
    expect(receive(value)).toBeUndefined();
    expect(dropped).toEqual([type]);
  });

  test("a map of handlers that misses a type, or has one too many, does not compile", () => {
    // @ts-expect-error -- "stop" is missing
    const tooFew: Handlers<Message> = { say: () => undefined };
    // @ts-expect-error -- there is no "go"
    const tooMany: Handlers<Message> = { say: () => undefined, stop: () => undefined, go: () => undefined };
    expect([tooFew, tooMany]).toHaveLength(2);
  });
});

const view = {
  id: "evt_1",
  status: "failed",
  requestHeaders: [],
  responseHeaders: [],
  attempts: [],
  attemptsTold: "none" as const,
};
const raw = { text: "{}", bytes: 2, cut: false };
const target = { environment: "https://app.pacspace.io", delivery: { id: "evt_1" } };
const verification = {
  environment: "Production",
  hasPayload: true,
  keys: [{ webhookId: "wh_1", label: "Billing", fingerprint: "0a1b2c3d" }],
  key: { kind: "all" },
  checking: { tried: 0 },
  framework: "express",
};

const outcome = {
  verdict: "invalid",
  findings: [{ id: "body.gzip", certainty: "proven", detail: "It is compressed.", change: "Unpack it.", code: "x" }],
  attempts: [{ family: "the body", count: 1, elapsedMs: 0.1 }],
  tried: 1,
  elapsedMs: 0.1,
  outOfTime: false,
};

describe("the host's messages", () => {
  test.each<[string, HostMessage]>([
    ["a delivery", { type: "subject", target, subject: { kind: "delivery", delivery: { ...view, raw } } }],
    ["a request", { type: "subject", target: { environment: "Local PacSpace" }, subject: { kind: "request" } }],
    ["fields", { type: "fields", signature: "v1=ab", timestamp: "1" }],
    ["an activity", { type: "activity", retrying: true }],
    ["a tab", { type: "selectTab", tab: "verify" }],
  ])("%s passes", (_name, message) => {
    expect(v.safeParse(hostMessageSchema, structuredClone(message))).toMatchObject({ success: true, output: message });
  });

  test("a key is a label and a fingerprint: anything beside them is refused", () => {
    const message = { type: "verification", verification };
    const withSecret = { ...verification, keys: [{ ...verification.keys[0], secret: "whsec_abc" }] };
    expect(v.is(hostMessageSchema, message)).toBe(true);
    expect(v.is(hostMessageSchema, { ...message, verification: withSecret })).toBe(false);
    expect(v.is(hostMessageSchema, { ...message, verification: { ...verification, secret: "whsec_abc" } })).toBe(false);
  });

  test("an answer has its causes, code and counts, and no expected signature beside them", () => {
    const message = (answer: object): object => ({
      type: "verification",
      verification: { ...verification, outcome: { ...outcome, ...answer } },
    });
    expect(v.is(hostMessageSchema, message({}))).toBe(true);
    expect(v.is(hostMessageSchema, message({ expected: "v1=ab" }))).toBe(false);
    expect(v.is(hostMessageSchema, message({ verdict: "good" }))).toBe(false);
    expect(v.is(hostMessageSchema, message({ findings: [{ ...outcome.findings[0], mending: {} }] }))).toBe(false);
  });

  test("a delivery without its raw text, or with an unknown field, is refused", () => {
    const message = (delivery: object): object => ({
      type: "subject",
      target,
      subject: { kind: "delivery", delivery },
    });
    expect(v.is(hostMessageSchema, message({ ...view, raw }))).toBe(true);
    expect(v.is(hostMessageSchema, message(view))).toBe(false);
    expect(v.is(hostMessageSchema, message({ ...view, raw, html: "<b>" }))).toBe(false);
  });
});

describe("the panel's messages", () => {
  test.each<[string, PanelMessage]>([
    ["ready", { type: "ready" }],
    ["copy", { type: "copy", part: "id" }],
    ["open", { type: "openDocument", part: "raw" }],
    ["a stored key", { type: "chooseKey", key: { kind: "stored", webhookId: "wh_1" } }],
    ["a body", { type: "takeBody", from: "clipboard" }],
    ["a whole request", { type: "takeRequest", from: "file" }],
    ["a pasted request", { type: "pasteRequest", text: "curl x\r\n" }],
    ["a framework", { type: "chooseFramework", framework: "go" }],
    ["code to copy", { type: "copyCode", cause: "body.gzip" }],
    ["code to insert", { type: "insertCode", cause: "body.gzip" }],
    ["a check", { type: "check", signature: "", timestamp: "" }],
  ])("%s passes", (_name, message) => {
    expect(v.safeParse(panelMessageSchema, structuredClone(message))).toMatchObject({ success: true, output: message });
  });

  test.each<[string, unknown]>([
    ["a command of its own", { type: "signIn", command: "workbench.action.quit" }],
    ["a secret in place of a key", { type: "chooseKey", key: { kind: "secret", secret: "whsec_abc" } }],
    ["bytes of a body", { type: "takeBody", from: "clipboard", text: "{}" }],
    ["a file of its own choice", { type: "takeRequest", from: "file", path: "/etc/passwd" }],
    ["a framework that there is not", { type: "chooseFramework", framework: "constructor" }],
    ["code of its own", { type: "insertCode", cause: "body.gzip", code: "rm" }],
    ["an id that can't be opened", { type: "openDocument", part: "id" }],
    ["a header beyond all measure", { type: "draft", signature: "a".repeat(70_000), timestamp: "" }],
  ])("%s is refused", (_name, message) => {
    expect(v.is(panelMessageSchema, message)).toBe(false);
  });
});
