import type { DeliveryView } from "../../../src/protocol/deliveryView";
import type { HostMessage, KnownId, Subject } from "../../../src/protocol/hostMessages";
import type { PanelMessage } from "../../../src/protocol/panelMessages";
import type { VerificationView } from "../../../src/protocol/verificationView";

type Some<T> = readonly [T, ...T[]];

/** Whole messages from a page to the host, of every type, to be damaged. */
export const wishes: Some<PanelMessage> = [
  { type: "ready" },
  { type: "reload" },
  { type: "refresh" },
  { type: "retry" },
  { type: "dismissNotice" },
  { type: "switchEnvironment" },
  { type: "signIn" },
  { type: "startLocal" },
  { type: "copy", part: "payload" },
  { type: "copy", part: "id" },
  { type: "openDocument", part: "response" },
  { type: "wholeText", of: { attempt: 2 } },
  { type: "wholeText", of: "raw" },
  { type: "copyText", text: "evt_1" },
  { type: "askIds", ids: ["evt_1", "webhook_1"] },
  { type: "openDelivery", id: "evt_1" },
  { type: "openAnswer", attempt: 1 },
  { type: "compareAttempts", left: 1, right: 2 },
  { type: "compareWithLastSuccessful" },
  { type: "replay" },
  { type: "copyRequest", as: "curl" },
  { type: "verifyDelivery" },
  { type: "draft", signature: "v1=ab", timestamp: "1775826927" },
  { type: "chooseKey", key: { kind: "stored", webhookId: "webhook_1" } },
  { type: "chooseKey", key: { kind: "all" } },
  { type: "chooseKey", key: { kind: "typed" } },
  { type: "takeBody", from: "clipboard" },
  { type: "takeRequest", from: "file" },
  { type: "pasteRequest", text: "POST / HTTP/1.1\r\n\r\n{}" },
  { type: "typeSecret" },
  { type: "check", signature: "v1=ab", timestamp: "1775826927", computed: "ab" },
  { type: "cancelCheck" },
  { type: "chooseFramework", framework: "express" },
  { type: "copyCode", cause: "body.gzip" },
  { type: "insertCode", cause: "body.gzip" },
  { type: "copyReport" },
];

const text = { text: "{}", bytes: 2, cut: false };
const target = { environment: "https://app.pacspace.io", delivery: { id: "evt_1", webhookId: "webhook_1" } };

const delivery: DeliveryView = {
  ...{ id: "evt_1", status: "failed", event: "test", attemptCount: 1, attemptsTold: "each", raw: text },
  ...{
    webhookId: "webhook_1",
    webhookLabel: "Billing",
    endpoint: "https://example.com/hook",
    error: "No.",
    payload: text,
  },
  requestHeaders: [{ name: "Host", value: "example.com", note: "Where to", time: "2026-04-10T12:00:00.000Z" }],
  responseHeaders: [],
  attempts: [{ number: 1, at: "2026-04-10T12:00:00.000Z", outcome: "refused", httpStatus: 500, response: text }],
  captured: { method: "POST", target: "/", polled: false, duplicateOf: "evt_0" },
};

const verification: VerificationView = {
  environment: "Local PacSpace",
  hasPayload: true,
  request: { readAs: "curl", from: "clipboard", headers: 3, notes: ["A cookie was left out."] },
  body: { source: "file", name: "body.json", bytes: 2, sha256: "44136fa3", note: "It ends with a line break." },
  keys: [{ webhookId: "webhook_1", label: "Billing", fingerprint: "3f9a" }],
  typedKey: "1b2c",
  key: { kind: "stored", webhookId: "webhook_1" },
  checking: { tried: 1_000 },
  problem: "No.",
  outcome: {
    ...{ verdict: "invalid", matchedWebhookId: "webhook_1", matchedLabel: "Billing", age: "5 min", tried: 7 },
    findings: [
      {
        ...{
          id: "body.gzip",
          certainty: "proven",
          detail: "It is packed.",
          change: "Unpack it.",
          code: "gunzip(body)",
        },
        before: { differsAt: 1, start: 0, hex: "1f 8b", text: ".." },
        after: { differsAt: 1, start: 0, hex: "7b 7d", text: "{}" },
      },
    ],
    attempts: [{ family: "body", count: 7, elapsedMs: 1 }],
    ...{ elapsedMs: 2, outOfTime: false, nextFact: "The body as it was sent." },
  },
  framework: "express",
};

const subjects: Some<Subject> = [
  { kind: "loading" },
  { kind: "delivery", delivery },
  { kind: "request" },
  { kind: "failed", message: "No.", help: "signIn" },
  { kind: "elsewhere", environment: "Local PacSpace", active: "https://app.pacspace.io" },
];

const ids: Some<KnownId> = [
  { kind: "webhook", id: "webhook_1", label: "Billing" },
  { kind: "delivery", id: "evt_1" },
];

/** Whole messages from the host to a page, of every type and about everything, to be damaged. */
export const facts: Some<HostMessage> = [
  { type: "fields", signature: "v1=ab", timestamp: "1775826927", computed: "ab" },
  ...subjects.map((subject): HostMessage => ({ type: "subject", subject, target })),
  { type: "verification", verification },
  { type: "selectTab", tab: "verify" },
  { type: "activity", retrying: true, notice: { severity: "error", text: "No." } },
  { type: "wholeText", of: "payload", text },
  { type: "wholeText", of: { attempt: 0 }, text },
  { type: "knownIds", ids: [...ids] },
];
