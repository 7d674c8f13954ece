import * as v from "valibot";
import { deliveryViewSchema, shownTextSchema } from "./deliveryView";
import { mostIds, textRefSchema } from "./panelMessages";
import { panelTargetSchema, tabSchema } from "./panelState";
import { verificationViewSchema } from "./verificationView";

/** What the panel is about now. */
export const subjectSchema = v.variant("kind", [
  v.strictObject({ kind: v.literal("loading") }),
  v.strictObject({ kind: v.literal("delivery"), delivery: deliveryViewSchema }),
  /** A panel for checking any request. */
  v.strictObject({ kind: v.literal("request") }),
  v.strictObject({
    kind: v.literal("failed"),
    message: v.string(),
    /** What would help besides trying again. */
    help: v.exactOptional(v.picklist(["signIn", "startLocal"])),
  }),
  /** The delivery belongs to an environment that isn't the active one. */
  v.strictObject({ kind: v.literal("elsewhere"), environment: v.string(), active: v.string() }),
]);

const noticeSchema = v.strictObject({ severity: v.picklist(["information", "error"]), text: v.string() });

/** An id that the host knows, and what of. */
const knownIdSchema = v.variant("kind", [
  v.strictObject({ kind: v.literal("delivery"), id: v.string() }),
  v.strictObject({ kind: v.literal("webhook"), id: v.string(), label: v.string() }),
]);

/** From the host to the panel. */
export const hostMessageSchema = v.variant("type", [
  v.strictObject({ type: v.literal("subject"), subject: subjectSchema, target: panelTargetSchema }),
  v.strictObject({ type: v.literal("verification"), verification: verificationViewSchema }),
  /** Sets the text fields of the Verify tab: sent at the start, and when the host itself changes them. */
  v.strictObject({
    type: v.literal("fields"),
    signature: v.string(),
    timestamp: v.string(),
    computed: v.exactOptional(v.string()),
  }),
  v.strictObject({ type: v.literal("selectTab"), tab: tabSchema }),
  /** How the last action on the delivery goes. */
  v.strictObject({ type: v.literal("activity"), retrying: v.boolean(), notice: v.exactOptional(noticeSchema) }),
  /** A text of the delivery shown, as long as the panel shows any. */
  v.strictObject({ type: v.literal("wholeText"), of: textRefSchema, text: shownTextSchema }),
  /** Of the ids that the panel asked about, those known. */
  v.strictObject({ type: v.literal("knownIds"), ids: v.pipe(v.array(knownIdSchema), v.maxLength(mostIds)) }),
]);

export type Subject = Readonly<v.InferOutput<typeof subjectSchema>>;
export type KnownId = Readonly<v.InferOutput<typeof knownIdSchema>>;
export type Notice = Readonly<v.InferOutput<typeof noticeSchema>>;
export type HostMessage = Readonly<v.InferOutput<typeof hostMessageSchema>>;
