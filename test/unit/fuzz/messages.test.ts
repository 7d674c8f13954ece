import * as v from "valibot";
import { expect, test } from "vitest";
import { dispatcher, type Handlers } from "../../../src/protocol/dispatch";
import { hostMessageSchema, subjectSchema, type HostMessage } from "../../../src/protocol/hostMessages";
import { panelMessageSchema } from "../../../src/protocol/panelMessages";
import { readPanelState } from "../../../src/protocol/panelState";
import { assertPrototypesClean, damaged } from "../../fuzz/hostile";
import { Random } from "../../fuzz/random";
import { fuzzRuns, fuzzSeed, fuzzTimeoutMs } from "../../fuzz/runs";
import { facts, wishes } from "./messageSeeds";

test("there is a fact about every kind of subject to be damaged", () => {
  const kinds = facts.flatMap((fact) => (fact.type === "subject" ? [fact.subject.kind] : []));
  expect(new Set(kinds)).toEqual(new Set(subjectSchema.options.map((option) => option.entries.kind.literal)));
});

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
    const types: readonly string[] = schema.options.map((option) => option.entries.type.literal);
    expect(new Set(whole.map(({ type }) => type)), "there is one of every type to be damaged").toEqual(new Set(types));
    for (const message of whole) expect(v.is(schema, message), message.type).toBe(true);
    const known = new Set(whole.flatMap((message) => keysOf(message)));
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
        if (type !== "unknown" && !types.includes(type)) throw new Error(`round ${round}: tells ${type}`);
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
