import { invalidInput } from "../../core/errors";
import type { Delivery } from "../../core/model/delivery";
import { attemptTimeline, type TimelineEntry } from "../../core/model/attemptTimeline";
import type { BodyText, DeliveryDetail } from "../../core/model/deliveryDetail";
import type { HeaderList } from "../../core/model/headers";
import { eventHeader, eventIdHeader, signatureHeader, timestampHeader } from "../../core/signature/headers";
import { timestampSeconds } from "../../core/signature/timestamp";
import { visibleText } from "../../core/model/visibleText";
import {
  mostShownText,
  type AttemptRow,
  type DeliveryView,
  type HeaderRow,
  type ShownText,
} from "../../protocol/deliveryView";
import type { TextRef } from "../../protocol/panelMessages";

/** How many characters of a text the panel gets at first; the whole follows when it is shown. */
const shownLength = 200_000;
/** The same for the answer to one of several attempts. */
const shownAttemptLength = 8_000;
/** Of a fact such as a URL or an error, and of a header's value, in characters. */
const longestFact = 2_000;
const longestHeader = 65_536;

const headerNotes: ReadonlyMap<string, string> = new Map(
  [
    [signatureHeader, "HMAC-SHA256 of the timestamp, a dot and the body, made with the webhook's secret."],
    [timestampHeader, "When it was signed, in Unix seconds; it is part of what is signed."],
    [eventHeader, "Which event this is, readable before the body is parsed."],
    [eventIdHeader, "The event's id: the same on every attempt, so handle each id once."],
  ].map(([name, note]) => [(name ?? "").toLowerCase(), note ?? ""]),
);

/** A text and, where it only shows them, the bytes that it stands for. */
export type PanelText = Pick<BodyText, "text" | "bytes">;

function shown({ text, bytes }: PanelText, most = shownLength): ShownText {
  const size = {
    bytes: bytes?.length ?? Buffer.byteLength(text),
    ...(bytes !== undefined && { notText: true as const }),
  };
  if (text.length <= most) return { text, ...size, cut: false };
  // Not between the halves of one character.
  const end = /[\uD800-\uDBFF]/.test(text.charAt(most - 1)) ? most - 1 : most;
  return { text: text.slice(0, end), ...size, cut: true };
}

/** Texts that people decide by, as they can be read; what is absent stays absent. */
function seen<Name extends string>(texts: Readonly<Record<Name, string | undefined>>): Partial<Record<Name, string>> {
  const present = Object.entries<string | undefined>(texts).filter(
    (entry): entry is [Name, string] => entry[1] !== undefined,
  );
  return Object.fromEntries(present.map(([name, text]) => [name, visibleText(text, longestFact)])) as Partial<
    Record<Name, string>
  >;
}

function presentHeaders(headers: HeaderList): readonly HeaderRow[] {
  return headers.map(([name, value]) => {
    const note = headerNotes.get(name.toLowerCase());
    const seconds = name.toLowerCase() === timestampHeader.toLowerCase() ? timestampSeconds(value) : undefined;
    const time = seconds === undefined ? undefined : new Date(seconds * 1_000);
    return {
      name: visibleText(name),
      value: visibleText(value, longestHeader),
      ...(note !== undefined && { note }),
      ...(time !== undefined && !Number.isNaN(time.getTime()) && { time: time.toISOString() }),
    };
  });
}

function presentAttempt({ responseHeaders: _untold, response, at, error, ...rest }: TimelineEntry): AttemptRow {
  return {
    ...rest,
    ...seen({ at, error }),
    ...(response !== undefined && { response: shown(response, shownAttemptLength) }),
  };
}

/** What a delivery's panel is called: the end of the id tells two deliveries of one event apart. */
export function titleOf({ event, id }: Delivery): string {
  return visibleText(event === undefined ? id : `${event} · ${id.slice(-6)}`);
}

/** A text of a delivery: a part of it, or the answer to one of its attempts; empty when it has none. */
export function textOf(delivery: Delivery, detail: DeliveryDetail, of: TextRef): PanelText {
  if (of === "raw") return { text: delivery.raw };
  const body = typeof of === "string" ? detail[of] : attemptTimeline(delivery, detail).entries[of.attempt]?.response;
  return body ?? { text: "" };
}

/** A text as long as the panel shows any. */
export function wholeText(text: PanelText): ShownText {
  return shown(text, mostShownText);
}

/**
 * A text as it can be copied.
 * @throws PacSpaceError `invalid` when it only shows bytes that are no text
 */
export function copyableText({ text, bytes }: PanelText): string {
  if (bytes === undefined) return text;
  throw invalidInput("This body is no UTF-8, so no text would be the same. A request copied as curl keeps every byte.");
}

/**
 * What the panel shows of a delivery: long texts by their beginning.
 * @param webhookLabel what a person calls the webhook
 */
export function presentDelivery(
  delivery: Delivery,
  detail: DeliveryDetail,
  webhookLabel: string | undefined,
): DeliveryView {
  const { id, status, event, webhookId, endpoint, createdAt, deliveredAt, error, raw } = delivery;
  const { captured, durationMs, payload, response } = detail;
  const { entries, made: attemptCount, told } = attemptTimeline(delivery, detail);
  const httpStatus = delivery.httpStatus ?? entries.at(-1)?.httpStatus;
  return {
    id: visibleText(id),
    status: visibleText(status),
    ...seen({ event, webhookId, webhookLabel, endpoint, createdAt, deliveredAt, error }),
    ...(attemptCount !== undefined && { attemptCount }),
    ...(httpStatus !== undefined && { httpStatus }),
    ...(durationMs !== undefined && { durationMs }),
    ...(payload !== undefined && { payload: shown(payload) }),
    requestHeaders: presentHeaders(detail.requestHeaders),
    responseHeaders: presentHeaders(detail.responseHeaders),
    ...(response !== undefined && { response: shown(response) }),
    attempts: entries.map(presentAttempt),
    attemptsTold: told,
    raw: shown({ text: raw }),
    ...(captured !== undefined && { captured }),
  };
}
