import { PacSpaceError } from "../errors";
import { attemptTimeline } from "../model/attemptTimeline";
import type { Delivery } from "../model/delivery";
import { readDeliveryDetail, type BodyText, type DeliveryDetail } from "../model/deliveryDetail";
import type { HeaderList } from "../model/headers";
import { laidOut } from "../model/jsonTokens";
import { headersWithPlaceholders, withPlaceholders } from "../model/placeholders";
import type { DocumentChoice, DocumentForm } from "./documentPart";
import { httpText } from "./writeHttpFile";

export interface DocumentText {
  readonly text: string;
  /** What kind of text it is, as a file's name tells it. */
  readonly extension: "json" | "txt" | "http";
}

interface Answer {
  readonly httpStatus?: number;
  readonly at?: string;
  readonly durationMs?: number;
  readonly error?: string;
  readonly responseHeaders?: HeaderList;
  readonly response?: BodyText;
}

function missing(id: string, what: string): never {
  throw new PacSpaceError("notFound", `PacSpace's API gives no ${what} for ${id}, so there is nothing to open.`);
}

function bodyIn(form: DocumentForm | undefined, body: string): string {
  if (form === undefined) return body;
  return form === "placeholders" ? withPlaceholders(laidOut(body)) : laidOut(body);
}

function headersIn(form: DocumentForm | undefined, headers: HeaderList): HeaderList {
  return form === "placeholders" ? headersWithPlaceholders(headers) : headers;
}

function bodyDocument(form: DocumentForm | undefined, { text }: BodyText): DocumentText {
  return { text: bodyIn(form, text), extension: /^\s*[[{]/.test(text) ? "json" : "txt" };
}

function requestText(form: DocumentForm | undefined, delivery: Delivery, detail: DeliveryDetail): string {
  const { endpoint = "(the endpoint is not known)" } = delivery;
  const body = detail.payload && bodyIn(form, detail.payload.text);
  return httpText(`POST ${endpoint} HTTP/1.1`, headersIn(form, detail.requestHeaders), body);
}

function answerText(form: DocumentForm | undefined, answer: Answer): string {
  const { at, durationMs, error, httpStatus, response, responseHeaders = [] } = answer;
  const hidden = form === "placeholders";
  const remarks = [
    ...(at === undefined ? [] : [`# began ${hidden ? "<time>" : at}`]),
    ...(durationMs === undefined ? [] : [`# took ${hidden ? "<duration>" : `${durationMs} ms`}`]),
    ...(error === undefined ? [] : [`# ${hidden ? withPlaceholders(error) : error}`]),
  ];
  const status = httpStatus === undefined ? "No answer is known" : `HTTP ${httpStatus}`;
  const head = [...remarks, status].join("\n");
  return httpText(head, headersIn(form, responseHeaders), response && bodyIn(form, response.text));
}

function answerOf(delivery: Delivery, detail: DeliveryDetail, attempt: number | undefined): Answer {
  const { entries, told } = attemptTimeline(delivery, detail);
  if (attempt === undefined) {
    const { error, httpStatus } = delivery;
    const last = entries.at(-1);
    // The delivery's own fields tell of the last attempt; what they leave out, the attempt may know.
    return {
      ...last,
      ...(httpStatus !== undefined && { httpStatus }),
      ...(error !== undefined && { error }),
      ...(detail.durationMs !== undefined && { durationMs: detail.durationMs }),
      ...(detail.response !== undefined && { response: detail.response }),
      ...(detail.responseHeaders.length > 0 && { responseHeaders: detail.responseHeaders }),
    };
  }
  const entry = told === "each" ? entries[attempt - 1] : undefined;
  if (entry !== undefined) return entry;
  const known = told === "each" ? `describes ${entries.length} of its attempts` : "describes none of its attempts";
  throw new PacSpaceError("notFound", `There is no attempt ${attempt} of ${delivery.id}: PacSpace's API ${known}.`);
}

/**
 * Makes a document of a delivery, or of one of its attempts. As it came, bodies and the row keep each character.
 * @throws PacSpaceError `notFound` when the API doesn't tell the part, or doesn't describe the attempt
 */
export function deliveryDocument(delivery: Delivery, { part, attempt, form }: DocumentChoice): DocumentText {
  const detail = readDeliveryDetail(delivery);
  switch (part) {
    case "payload":
      return bodyDocument(form, detail.payload ?? missing(delivery.id, "payload"));
    case "request":
      if (detail.payload === undefined && detail.requestHeaders.length === 0) missing(delivery.id, "request");
      return { text: requestText(form, delivery, detail), extension: "http" };
    case "response": {
      const { response } = attempt === undefined ? detail : answerOf(delivery, detail, attempt);
      return bodyDocument(form, response ?? missing(delivery.id, "body of an answer"));
    }
    case "answer": {
      const answer = answerOf(delivery, detail, attempt);
      if (Object.values(answer).every((value) => value === undefined)) missing(delivery.id, "answer");
      return { text: answerText(form, answer), extension: "http" };
    }
    case "raw":
      return { text: bodyIn(form, delivery.raw), extension: "json" };
  }
}
