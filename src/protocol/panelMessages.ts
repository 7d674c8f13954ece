import * as v from "valibot";
import { mostShownText } from "./deliveryView";
import { frameworkSchema } from "./outcomeView";
import { bodySourceSchema, keyChoiceSchema, requestSourceSchema } from "./verificationView";

/** The parts of a delivery that can be copied or opened whole. */
export const partSchema = v.picklist(["payload", "response", "raw"]);

/** A text of the delivery: a part, or the answer to an attempt, counted from 0. */
export const textRefSchema = v.union([
  partSchema,
  v.strictObject({ attempt: v.pipe(v.number(), v.integer(), v.minValue(0)) }),
]);

/** How many ids are asked about at once. */
export const mostIds = 200;
const idText = v.pipe(v.string(), v.maxLength(200));

/** Longer than any header that a server accepts. */
const headerText = v.pipe(v.string(), v.maxLength(65_536));
/** `computed` is what the person's own handler computed; absent when nothing is typed. */
const fields = { signature: headerText, timestamp: headerText, computed: v.exactOptional(headerText) };
/** A cause's id. */
const cause = v.pipe(v.string(), v.maxLength(100));
/** Far above any webhook's request: a slip of the hand shall not fill the memory. */
const pastedText = v.pipe(v.string(), v.maxLength(32 * 1024 * 1024));

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
  /** The text was cut in the delivery's view, and is wanted whole. */
  v.strictObject({ type: v.literal("wholeText"), of: textRefSchema }),
  /** A piece of a text, or its path. */
  v.strictObject({ type: v.literal("copyText"), text: v.pipe(v.string(), v.maxLength(mostShownText)) }),
  /** Which of these are ids that the host knows? */
  v.strictObject({ type: v.literal("askIds"), ids: v.pipe(v.array(idText), v.maxLength(mostIds)) }),
  v.strictObject({ type: v.literal("openDelivery"), id: idText }),
  /** Attempts are counted from 1 among those shown. */
  v.strictObject({ type: v.literal("openAnswer"), attempt: v.number() }),
  v.strictObject({ type: v.literal("compareAttempts"), left: v.number(), right: v.number() }),
  bare("compareWithLastSuccessful"),
  /** Send it again to a handler, asking where to and how. */
  bare("replay"),
  v.strictObject({ type: v.literal("copyRequest"), as: v.picklist(["curl", "http"]) }),
  /** Fill the Verify tab from the delivery shown, and check it. */
  bare("verifyDelivery"),
  /** The text fields changed: kept by the host, for the panel forgets them when it is hidden. */
  v.strictObject({ type: v.literal("draft"), ...fields }),
  v.strictObject({ type: v.literal("chooseKey"), key: keyChoiceSchema }),
  v.strictObject({ type: v.literal("takeBody"), from: bodySourceSchema }),
  /** Read signature, timestamp and body out of a whole request. */
  v.strictObject({ type: v.literal("takeRequest"), from: requestSourceSchema }),
  /** A whole request that was pasted into the page. The paste event's text, unlike a text box's, keeps its line ends. */
  v.strictObject({ type: v.literal("pasteRequest"), text: pastedText }),
  /** Ask for a secret in the host's password box. */
  bare("typeSecret"),
  v.strictObject({ type: v.literal("check"), ...fields }),
  bare("cancelCheck"),
  v.strictObject({ type: v.literal("chooseFramework"), framework: frameworkSchema }),
  /** The code that mends a cause: to the clipboard, or into the text editor that was active last. */
  v.strictObject({ type: v.literal("copyCode"), cause }),
  v.strictObject({ type: v.literal("insertCode"), cause }),
  /** The answer as Markdown, for a ticket. */
  bare("copyReport"),
]);

export type TextRef = Readonly<v.InferOutput<typeof textRefSchema>>;
export type Part = v.InferOutput<typeof partSchema>;
export type PanelMessage = Readonly<v.InferOutput<typeof panelMessageSchema>>;
