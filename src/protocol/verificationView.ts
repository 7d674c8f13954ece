import * as v from "valibot";
import { frameworkSchema, outcomeSchema } from "./outcomeView";

const text = v.exactOptional(v.string());

/** Where body bytes are taken from. All of them are read by the host: a text box would change line ends. */
export const bodySourceSchema = v.picklist(["payload", "clipboard", "file", "base64"]);

/** Where a whole request can be taken from by a button. */
export const requestSourceSchema = v.picklist(["clipboard", "file"]);

/** With which secret a signature is checked. The panel knows secrets by webhook and fingerprint alone. */
export const keyChoiceSchema = v.variant("kind", [
  v.strictObject({ kind: v.literal("all") }),
  v.strictObject({ kind: v.literal("stored"), webhookId: v.string() }),
  v.strictObject({ kind: v.literal("typed") }),
]);

/** What a whole request was recognised as. */
const takenRequestSchema = v.strictObject({
  /** Completes "Read as …". */
  readAs: v.string(),
  /** Where it came from, for a person: a file's name, for example. */
  from: v.string(),
  headers: v.number(),
  /** What was left out, decoded or is doubtful. */
  notes: v.pipe(v.array(v.string()), v.readonly()),
});

/** The Verify tab, but for its two text fields, which the panel owns while a person types. */
export const verificationViewSchema = v.strictObject({
  /** The name of the environment whose stored secrets are offered. */
  environment: v.string(),
  /** Whether the delivery shown has a payload to take. */
  hasPayload: v.boolean(),
  /** The whole request that the parts were taken from. */
  request: v.exactOptional(takenRequestSchema),
  body: v.exactOptional(
    v.strictObject({
      source: v.picklist([...bodySourceSchema.options, "request"]),
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
  /** A check that runs, with the HMACs computed so far. */
  checking: v.exactOptional(v.strictObject({ tried: v.number() })),
  /** Why there is no verdict. */
  problem: text,
  outcome: v.exactOptional(outcomeSchema),
  /** For which framework code is shown. */
  framework: frameworkSchema,
});

export type BodySource = v.InferOutput<typeof bodySourceSchema>;
export type RequestSource = v.InferOutput<typeof requestSourceSchema>;
export type KeyChoice = Readonly<v.InferOutput<typeof keyChoiceSchema>>;
export type VerificationView = Readonly<v.InferOutput<typeof verificationViewSchema>>;
