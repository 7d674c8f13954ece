import * as v from "valibot";
import { bodySourceSchema, keyChoiceSchema } from "./verificationView";

/** The parts of a delivery that can be copied or opened whole. */
export const partSchema = v.picklist(["payload", "response", "raw"]);

/** Longer than any header that a server accepts. */
const headerText = v.pipe(v.string(), v.maxLength(65_536));
const fields = { signature: headerText, timestamp: headerText };

function bare<const T extends string>(
  type: T,
): v.StrictObjectSchema<{ readonly type: v.LiteralSchema<T, undefined> }, undefined> {
  return v.strictObject({ type: v.literal(type) });
}

/** From the panel to the host: a person's wishes. */
export const panelMessageSchema = v.variant("type", [
  /** The panel listens, and has nothing to show yet. */
  bare("ready"),
  bare("reload"),
  /** Ask PacSpace how the delivery stands now. */
  bare("refresh"),
  bare("retry"),
  bare("dismissNotice"),
  bare("switchEnvironment"),
  bare("signIn"),
  bare("startLocal"),
  v.strictObject({ type: v.literal("copy"), part: v.picklist(["id", ...partSchema.options]) }),
  v.strictObject({ type: v.literal("openDocument"), part: partSchema }),
  /** Attempts are counted from 1 among those shown. */
  v.strictObject({ type: v.literal("openAnswer"), attempt: v.number() }),
  v.strictObject({ type: v.literal("compareAttempts"), left: v.number(), right: v.number() }),
  bare("compareWithLastSuccessful"),
  v.strictObject({ type: v.literal("copyRequest"), as: v.picklist(["curl", "http"]) }),
  /** Fill the Verify tab from the delivery shown, and check it. */
  bare("verifyDelivery"),
  /** The text fields changed: kept by the host, for the panel forgets them when it is hidden. */
  v.strictObject({ type: v.literal("draft"), ...fields }),
  v.strictObject({ type: v.literal("chooseKey"), key: keyChoiceSchema }),
  v.strictObject({ type: v.literal("takeBody"), from: bodySourceSchema }),
  /** Ask for a secret in the host's password box. */
  bare("typeSecret"),
  v.strictObject({ type: v.literal("check"), ...fields }),
]);

export type Part = v.InferOutput<typeof partSchema>;
export type PanelMessage = Readonly<v.InferOutput<typeof panelMessageSchema>>;
