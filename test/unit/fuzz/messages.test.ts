import * as v from "valibot";
import { expect, test } from "vitest";
import { dispatcher, type Handlers } from "../../../src/protocol/dispatch";
import { hostMessageSchema, type HostMessage } from "../../../src/protocol/hostMessages";
import { panelMessageSchema, type PanelMessage } from "../../../src/protocol/panelMessages";
import { readPanelState } from "../../../src/protocol/panelState";
import { assertPrototypesClean, damaged } from "../../fuzz/hostile";
import { Random } from "../../fuzz/random";
import { fuzzRuns, fuzzSeed, fuzzTimeoutMs } from "../../fuzz/runs";

const wishes: readonly [PanelMessage, ...PanelMessage[]] = [
  { type: "ready" },
  { type: "copy", part: "payload" },
  { type: "wholeText", of: { attempt: 2 } },
  { type: "wholeText", of: "raw" },
  { type: "copyText", text: "evt_1" },
  { type: "askIds", ids: ["evt_1", "webhook_1"] },
  { type: "openDelivery", id: "evt_1" },
  { type: "compareAttempts", left: 1, right: 2 },
  { type: "draft", signature: "v1=ab", timestamp: "1775826927" },
  { type: "chooseKey", key: { kind: "stored", webhookId: "webhook_1" } },
  { type: "takeBody", from: "clipboard" },
  { type: "pasteRequest", text: "POST / HTTP/1.1\r\n\r\n{}" },
  { type: "check", signature: "v1=ab", timestamp: "1775826927" },
  { type: "chooseFramework", framework: "express" },
  { type: "insertCode", cause: "body.gzip" },
];

const text = { text: "{}", bytes: 2, cut: false };
const target = { environment: "https://app.pacspace.io", delivery: { id: "evt_1", webhookId: "webhook_1" } };
const facts: readonly [HostMessage, ...HostMessage[]] = [
  { type: "subject", subject: { kind: "loading" }, target },
  { type: "subject", subject: { kind: "failed", message: "No.", help: "signIn" }, target },
  {
    type: "subject",
    target,
    subject: {
      kind: "delivery",
      delivery: {
        ...{ id: "evt_1", status: "failed", event: "test", attemptCount: 1, attemptsTold: "each", raw: text },
        requestHeaders: [{ name: "Host", value: "example.com" }],
        responseHeaders: [],
        payload: text,
        attempts: [{ number: 1, outcome: "refused", httpStatus: 500, response: text }],
      },
    },
  },
  { type: "fields", signature: "v1=ab", timestamp: "1775826927" },
  { type: "selectTab", tab: "verify" },
  { type: "activity", retrying: true, notice: { severity: "error", text: "No." } },
  { type: "wholeText", of: "payload", text },
  { type: "knownIds", ids: [{ kind: "webhook", id: "webhook_1", label: "Billing" }] },
];

/** Handlers for all types that keep what they get. */
function keeping<M extends { readonly type: string }>(types: readonly string[], kept: M[]): Handlers<M> {
  return Object.fromEntries(
    types.map((type) => [type, (message: M) => void kept.push(message)]),
  ) as unknown as Handlers<M>;
}

/** The names of all members that a value holds, at any depth. */
function keysOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(keysOf);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => [key, ...keysOf(member)]);
}

test.each([
  ["a page's wishes", panelMessageSchema, wishes],
  ["the host's facts", hostMessageSchema, facts],
] as const)(
  "%s, damaged: dropped, or what the schema says and nothing more",
  (_name, schema, whole) => {
    const types = schema.options.map((option) => option.entries.type.literal);
    const known = new Set(
      whole.flatMap((message) => keysOf(message)).concat(["webhookId", "help", "note", "time", "at"]),
    );
    const kept: { readonly type: string }[] = [];
    const dropped: string[] = [];
    const receive = dispatcher(
      schema as v.GenericSchema<unknown, { readonly type: string }>,
      keeping(types, kept),
      (type) => dropped.push(type),
    );
    const random = new Random(fuzzSeed);
    for (let round = 0; round < fuzzRuns; round++) {
      // A message is a clone when it comes, as the workbench passes it on.
      const message: unknown = structuredClone(damaged(random, random.pick(whole as readonly [HostMessage])));
      const before = kept.length + dropped.length;
      receive(message);
      if (kept.length + dropped.length !== before + 1) throw new Error(`round ${round}: lost, or taken twice`);
      const taken = kept.length > 0 ? kept.pop() : undefined;
      if (taken === undefined) {
        const type = dropped.pop() ?? "";
        if (type !== "unknown" && !types.includes(type as never)) throw new Error(`round ${round}: tells ${type}`);
        continue;
      }
      if (!v.is(schema, taken)) throw new Error(`round ${round}: took what is no message`);
      const strange = keysOf(taken).filter((key) => !known.has(key));
      if (strange.length > 0) throw new Error(`round ${round}: let ${strange.join(", ")} through`);
    }
    assertPrototypesClean();
  },
  fuzzTimeoutMs,
);

test(
  "a panel's kept state, damaged: none, or ids and a tab",
  () => {
    const random = new Random(fuzzSeed);
    const whole = { environment: "local", delivery: { id: "evt_1", webhookId: "w", createdAt: "c" }, tab: "payload" };
    let read = 0;
    for (let round = 0; round < fuzzRuns; round++) {
      const state = readPanelState(structuredClone(damaged(random, whole)));
      if (state === undefined) continue;
      read++;
      const strange = keysOf(state).filter((key) => !keysOf(whole).includes(key));
      if (strange.length > 0) throw new Error(`round ${round}: ${strange.join(", ")}`);
    }
    expect(read).toBeGreaterThan(fuzzRuns / 100);
    assertPrototypesClean();
  },
  fuzzTimeoutMs,
);
