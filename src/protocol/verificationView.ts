import * as v from "valibot";

const text = v.exactOptional(v.string());

/** Where body bytes are taken from. All of them are read by the host: a text box would change line ends. */
export const bodySourceSchema = v.picklist(["payload", "clipboard", "file", "base64"]);

/** With which secret a signature is checked. The panel knows secrets by webhook and fingerprint alone. */
export const keyChoiceSchema = v.variant("kind", [
  v.strictObject({ kind: v.literal("all") }),
  v.strictObject({ kind: v.literal("stored"), webhookId: v.string() }),
  v.strictObject({ kind: v.literal("typed") }),
]);

const causeSchema = v.strictObject({
  id: v.string(),
  certainty: v.picklist(["proven", "likely"]),
  detail: v.string(),
});

export const verdictSchema = v.strictObject({
  verdict: v.picklist(["valid", "expired", "invalid", "malformed"]),
  matchedWebhookId: text,
  causes: v.pipe(v.array(causeSchema), v.readonly()),
  tried: v.number(),
});

const outcomeSchema = v.strictObject({
  verdict: verdictSchema,
  /** What a person calls the webhook whose secret matched. */
  matchedLabel: text,
  /** How far the timestamp lies from now, in words, where that decided. */
  age: text,
});

/** The Verify tab, but for its two text fields, which the panel owns while a person types. */
export const verificationViewSchema = v.strictObject({
  /** The name of the environment whose stored secrets are offered. */
  environment: v.string(),
  /** Whether the delivery shown has a payload to take. */
  hasPayload: v.boolean(),
  body: v.exactOptional(
    v.strictObject({
      source: bodySourceSchema,
      /** The file's name. */
      name: text,
      bytes: v.number(),
      sha256: v.string(),
      /** What to know before trusting the bytes. */
      note: text,
    }),
  ),
  keys: v.pipe(
    v.array(v.strictObject({ webhookId: v.string(), label: v.string(), fingerprint: v.string() })),
    v.readonly(),
  ),
  /** The fingerprint of the secret that was typed for this panel. */
  typedKey: text,
  key: keyChoiceSchema,
  checking: v.boolean(),
  /** Why there is no verdict. */
  problem: text,
  outcome: v.exactOptional(outcomeSchema),
});

export type BodySource = v.InferOutput<typeof bodySourceSchema>;
export type KeyChoice = Readonly<v.InferOutput<typeof keyChoiceSchema>>;
export type VerificationView = Readonly<v.InferOutput<typeof verificationViewSchema>>;
export type CheckOutcome = Readonly<v.InferOutput<typeof outcomeSchema>>;
