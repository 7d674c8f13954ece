import * as v from "valibot";

const text = v.exactOptional(v.string());
const amount = v.exactOptional(v.number());

/** Which delivery is meant. */
export const deliveryRefSchema = v.strictObject({ id: v.string(), webhookId: text, createdAt: text });

/** How many characters of a text the panel gets at most, on demand; what is longer opens as a document. */
export const mostShownText = 16 * 1_024 * 1_024;

/** A text for reading: the whole of it, or its first part. The host keeps the whole. */
export const shownTextSchema = v.strictObject({
  text: v.string(),
  /** Of the whole, as it was sent. */
  bytes: v.number(),
  /** Set where the bytes are no UTF-8: the text only shows them, and must not be taken for them. */
  notText: v.exactOptional(v.literal(true)),
  /** Whether more follows. */
  cut: v.boolean(),
});

export const headerRowSchema = v.strictObject({
  name: v.string(),
  value: v.string(),
  /** What the header is for, where it is one of PacSpace's. */
  note: text,
  /** The time that the value stands for, ISO 8601. */
  time: text,
});

export const attemptRowSchema = v.strictObject({
  /** Counted from 1. */
  number: amount,
  at: text,
  /** When the endpoint had accepted it, where its beginning isn't told. */
  acceptedAt: text,
  /** From the beginning of the attempt before to its own. */
  waitMs: amount,
  outcome: v.picklist(["accepted", "refused", "unanswered", "unknown"]),
  httpStatus: amount,
  durationMs: amount,
  error: text,
  response: v.exactOptional(shownTextSchema),
});

const headers = v.pipe(v.array(headerRowSchema), v.readonly());

/** All that the panel shows of a delivery. Fields that the API doesn't tell are absent. */
export const deliveryViewSchema = v.strictObject({
  id: v.string(),
  event: text,
  status: v.string(),
  webhookId: text,
  webhookLabel: text,
  endpoint: text,
  createdAt: text,
  deliveredAt: text,
  attemptCount: amount,
  httpStatus: amount,
  durationMs: amount,
  error: text,
  payload: v.exactOptional(shownTextSchema),
  requestHeaders: headers,
  responseHeaders: headers,
  response: v.exactOptional(shownTextSchema),
  attempts: v.pipe(v.array(attemptRowSchema), v.readonly()),
  /** Whether the API describes attempts one by one, or the last one alone. */
  attemptsTold: v.picklist(["each", "last", "none"]),
  raw: shownTextSchema,
  /** How a capture came; absent for what PacSpace tells. */
  captured: v.exactOptional(
    v.strictObject({ method: v.string(), target: v.string(), polled: v.boolean(), duplicateOf: text }),
  ),
});

export type ShownText = Readonly<v.InferOutput<typeof shownTextSchema>>;
export type HeaderRow = Readonly<v.InferOutput<typeof headerRowSchema>>;
export type AttemptRow = Readonly<v.InferOutput<typeof attemptRowSchema>>;
export type DeliveryView = Readonly<v.InferOutput<typeof deliveryViewSchema>>;
