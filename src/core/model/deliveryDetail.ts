import { decodeBase64 } from "./base64";
import { isCaptureId } from "./captureDelivery";
import type { Delivery } from "./delivery";
import { numberField, recordOf, textField, type Fields } from "./fields";
import type { HeaderList } from "./headers";
import { jsonMembers, type JsonSpan } from "./jsonText";

/** A body as the API's row holds it. */
export interface BodyText {
  readonly text: string;
  /**
   * `string`: it came as a JSON string, so this is the body character for character.
   * `value`: it came as a JSON value inside the row, so its tokens are right and its spacing is the row's.
   */
  readonly form: "string" | "value";
  /** The body itself, where no text stands for it: it is no UTF-8. */
  readonly bytes?: Uint8Array;
}

/** A body's bytes: those that came, else the text's in UTF-8. */
export function bodyBytes({ bytes, text }: BodyText): Uint8Array {
  return bytes ?? new TextEncoder().encode(text);
}

/** One try to deliver. Each field is absent where the row doesn't tell it. */
export interface DeliveryAttempt {
  /** Counted from 1, where the row numbers them. */
  readonly number?: number;
  /** When it began, as text that `Date` reads. */
  readonly at?: string;
  readonly httpStatus?: number;
  readonly durationMs?: number;
  readonly error?: string;
  readonly responseHeaders?: HeaderList;
  readonly response?: BodyText;
}

/** How the receiver came to a capture. */
export interface CapturedAs {
  readonly method: string;
  /** The request target: path and query. */
  readonly target: string;
  readonly polled: boolean;
  /** The capture that brought the same event before. */
  readonly duplicateOf?: string;
}

/** What a row tells of a delivery beyond its summary. */
export interface DeliveryDetail {
  readonly payload?: BodyText;
  readonly requestHeaders: HeaderList;
  readonly responseHeaders: HeaderList;
  readonly response?: BodyText;
  /** Of the last attempt. */
  readonly durationMs?: number;
  /** How a capture came; absent for what PacSpace's API tells. */
  readonly captured?: CapturedAs;
  /** The attempts that the row describes one by one, oldest first; it may know no more than their number. */
  readonly attempts: readonly DeliveryAttempt[];
}

const durationNames = ["durationMs", "duration", "responseTimeMs", "responseTime", "latencyMs", "elapsedMs"];
const statusNames = ["httpStatus", "responseStatus", "statusCode", "status"];
const timeNames = ["at", "attemptedAt", "timestamp", "startedAt", "sentAt", "createdAt", "time"];

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

/** A JSON value as it stands in the row's text, read one level at a time and only where it is asked. */
class JsonNode {
  // Kept, because a row is asked for many names and may hold megabytes.
  #members: readonly { readonly key: string; readonly node: JsonNode }[] | undefined;

  constructor(
    private readonly source: string,
    private readonly span: JsonSpan = { start: 0, end: source.length },
  ) {}

  get text(): string {
    return this.source.slice(this.span.start, this.span.end);
  }

  /** `"`, `{`, `[` or the first character of a number or a literal. */
  get opening(): string {
    return this.text.trimStart().charAt(0);
  }

  /** The value that JSON gives it; undefined for what is no JSON. */
  value(): unknown {
    try {
      return JSON.parse(this.text);
    } catch {
      return undefined;
    }
  }

  fields(): Fields {
    return recordOf(this.value());
  }

  /** The members of an object or the elements of an array; none of anything else. */
  members(): readonly { readonly key: string; readonly node: JsonNode }[] {
    this.#members ??= (jsonMembers(this.source, this.span) ?? []).map(({ key, span }) => ({
      key,
      node: new JsonNode(this.source, span),
    }));
    return this.#members;
  }

  /** The first of the named members that is there and not null; of duplicate keys the last one counts. */
  find(...names: readonly string[]): JsonNode | undefined {
    if (this.opening !== "{") return undefined;
    const members = this.members();
    for (const name of names) {
      const node = members.findLast(({ key }) => key === name)?.node;
      if (node !== undefined && node.text !== "null") return node;
    }
    return undefined;
  }

  body(): BodyText | undefined {
    if (this.opening !== '"') return this.text === "" ? undefined : { text: this.text, form: "value" };
    const text = this.value();
    return typeof text === "string" ? { text, form: "string" } : undefined;
  }

  /** A body written as base64: where it is no UTF-8, its text has a replacement character for each byte that is none. */
  encodedBody(): BodyText | undefined {
    const text = this.value();
    if (typeof text !== "string") return undefined;
    try {
      const bytes = decodeBase64(text, "The body");
      const decoded = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
      const isText = isSame(new TextEncoder().encode(decoded), bytes);
      return { text: decoded, form: "string", ...(!isText && { bytes }) };
    } catch {
      return undefined;
    }
  }
}

function headerTexts(node: JsonNode): readonly string[] {
  if (node.opening === "[") return node.members().flatMap(({ node: element }) => headerTexts(element));
  if (node.opening === "{" || node.text === "null") return [];
  const value = node.value();
  return value === undefined ? [] : [typeof value === "string" ? value : node.text];
}

function headerOfElement(node: JsonNode): HeaderList {
  if (node.opening === "[") {
    const [name, value] = node.members();
    const names = name === undefined ? [] : headerTexts(name.node);
    return value === undefined ? [] : headerTexts(value.node).map((text) => [names[0] ?? "", text] as const);
  }
  const name = textField(node.fields(), "name", "key");
  const value = node.find("value", "values");
  return name === undefined || value === undefined ? [] : headerTexts(value).map((text) => [name, text] as const);
}

/** Headers from an object of names, a list of pairs, a list of `{name, value}`, or Node's flat list. */
function readHeaders(node: JsonNode | undefined): HeaderList {
  if (node === undefined) return [];
  const members = node.members();
  if (node.opening === "{") {
    return members.flatMap(({ key, node: value }) => headerTexts(value).map((text) => [key, text] as const));
  }
  if (members.length > 0 && members.every(({ node: element }) => element.opening === '"')) {
    const texts = members.flatMap(({ node: element }) => headerTexts(element));
    return texts.flatMap((name, index) => (index % 2 === 0 ? [[name, texts[index + 1] ?? ""] as const] : []));
  }
  return members.flatMap(({ node: element }) => headerOfElement(element)).filter(([name]) => name !== "");
}

/** The parts of an answer that may be gathered in one `response` object. */
function answerOf(node: JsonNode): { readonly response: BodyText | undefined; readonly whole: JsonNode | undefined } {
  const response = node.find("response");
  const whole = response?.find("body", "headers", ...statusNames) === undefined ? undefined : response;
  const body = node.find("responseBody") ?? (whole === undefined ? response : whole.find("body", "text", "data"));
  return { response: body?.body() ?? node.find("responseBodyBase64")?.encodedBody(), whole };
}

/** A time as text: Unix seconds and milliseconds become ISO 8601. */
function timeText(fields: Fields): string | undefined {
  const number = numberField(fields, ...timeNames);
  if (number === undefined) return textField(fields, ...timeNames);
  const date = new Date(Math.abs(number) < 1e12 ? number * 1000 : number);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

function readAttempt(node: JsonNode): DeliveryAttempt {
  const fields = node.fields();
  const { response, whole } = answerOf(node);
  const number = numberField(fields, "number", "attempt", "attemptNumber");
  const at = timeText(fields);
  const httpStatus = numberField(fields, ...statusNames) ?? (whole && numberField(whole.fields(), ...statusNames));
  const durationMs = numberField(fields, ...durationNames);
  const error = textField(fields, "error", "errorMessage", "lastError");
  const responseHeaders = readHeaders(node.find("responseHeaders") ?? whole?.find("headers"));
  return {
    ...(number !== undefined && number >= 1 && { number }),
    ...(at !== undefined && { at }),
    ...(httpStatus !== undefined && { httpStatus }),
    ...(durationMs !== undefined && { durationMs }),
    ...(error !== undefined && { error }),
    ...(responseHeaders.length > 0 && { responseHeaders }),
    ...(response !== undefined && { response }),
  };
}

function readAttempts(row: JsonNode): readonly DeliveryAttempt[] {
  const log = ["attemptLog", "attempts", "attemptHistory"]
    .map((name) => row.find(name))
    .find((candidate) => candidate?.opening === "[");
  const attempts = log?.members().map(({ node }) => readAttempt(node)) ?? [];
  const times = new Map(attempts.map((attempt) => [attempt, Date.parse(attempt.at ?? "")]));
  if ([...times.values()].some(Number.isNaN)) return attempts;
  return attempts.toSorted((left, right) => (times.get(left) ?? 0) - (times.get(right) ?? 0));
}

function readCapturedAs(row: JsonNode): CapturedAs {
  const text = (name: string): string | undefined => textField({ value: row.find(name)?.value() }, "value");
  const duplicateOf = text("duplicateOf");
  return {
    method: text("method") ?? "",
    target: text("target") ?? "",
    polled: text("source") === "polled",
    ...(duplicateOf !== undefined && { duplicateOf }),
  };
}

/**
 * Reads what a delivery's row tells of its bodies, headers and attempts. The row's shape is not published, so each part
 * is looked for under all names in use; what can't be read is absent, and nothing throws.
 * @param delivery its `raw` is read: text of JSON, or of anything
 * @returns bodies as the row's own text: big integers, duplicate keys, number forms and escapes are kept
 */
export function readDeliveryDetail(delivery: Delivery): DeliveryDetail {
  const row = new JsonNode(delivery.raw);
  const request = row.find("request");
  const plain = (row.find("payload", "body", "requestBody") ?? request?.find("payload", "body"))?.body();
  const payload = plain ?? row.find("bodyBase64")?.encodedBody();
  const { response, whole } = answerOf(row);
  const attempts = readAttempts(row);
  const last = attempts.at(-1);
  const duration = row.find(...durationNames) ?? whole?.find(...durationNames);
  const durationMs = numberField({ duration: duration?.value() }, "duration") ?? last?.durationMs;
  const answer = response ?? last?.response;
  return {
    requestHeaders: readHeaders(row.find("requestHeaders") ?? request?.find("headers") ?? row.find("headers")),
    responseHeaders: readHeaders(row.find("responseHeaders") ?? whole?.find("headers")),
    attempts,
    ...(isCaptureId(delivery.id) && { captured: readCapturedAs(row) }),
    ...(payload !== undefined && { payload }),
    ...(answer !== undefined && { response: answer }),
    ...(durationMs !== undefined && { durationMs }),
  };
}
