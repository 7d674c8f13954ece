import * as v from "valibot";
import { frameworkNames, type Framework } from "../core/model/diagnosis";

const text = v.exactOptional(v.string());

export const frameworkSchema = v.picklist(Object.keys(frameworkNames) as Framework[]);

/** A few bytes around the first one that differs. */
const snippetSchema = v.strictObject({
  differsAt: v.number(),
  start: v.number(),
  hex: v.string(),
  text: v.string(),
});

/** A cause with all that the answer shows of it. */
const findingSchema = v.strictObject({
  id: v.string(),
  certainty: v.picklist(["proven", "likely"]),
  detail: v.string(),
  before: v.exactOptional(snippetSchema),
  after: v.exactOptional(snippetSchema),
  /** What to change, in one sentence. */
  change: v.string(),
  /** How, in the framework that is chosen. */
  code: v.string(),
});

/** What a check found. It holds no secret, and no signature but the received one. */
export const outcomeSchema = v.strictObject({
  verdict: v.picklist(["valid", "expired", "invalid", "malformed"]),
  matchedWebhookId: text,
  /** What a person calls the webhook whose secret matched. */
  matchedLabel: text,
  /** How far the timestamp lies from now, in words, where that decided. */
  age: text,
  findings: v.pipe(v.array(findingSchema), v.readonly()),
  /** What was tried, by family. */
  attempts: v.pipe(
    v.array(v.strictObject({ family: v.string(), count: v.number(), elapsedMs: v.number() })),
    v.readonly(),
  ),
  /** How many HMACs were computed. */
  tried: v.number(),
  elapsedMs: v.number(),
  /** Whether time ended before everything was tried. */
  outOfTime: v.boolean(),
  /** When nothing is proven: the one further fact that would decide. */
  nextFact: text,
});

export type FindingView = Readonly<v.InferOutput<typeof findingSchema>>;
export type SnippetView = Readonly<v.InferOutput<typeof snippetSchema>>;
export type CheckOutcome = Readonly<v.InferOutput<typeof outcomeSchema>>;
