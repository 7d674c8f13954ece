import { recordOf, type Fields } from "../core/model/fields";
import type { Capture, CaptureCheck, CaptureForward } from "../core/model/capture";
import type { HeaderList } from "../core/model/headers";

/** Another number for another layout: a file of a layout that is not known is not read. */
const format = 1;
const newline = 0x0a;
const nothing = Buffer.alloc(0);

function answerBody(capture: Capture): Uint8Array {
  return capture.forward?.state === "answered" ? capture.forward.body : nothing;
}

/**
 * A capture as it lies in a file or goes to another process, in parts: a line of JSON that tells how long the others
 * are, the body, the body of the handler's answer, both as they are.
 */
export function captureParts(capture: Capture): readonly Uint8Array[] {
  const { body, ...rest } = capture;
  const answer = answerBody(capture);
  const head = {
    format,
    bytes: [body.length, answer.length],
    ...rest,
    ...(rest.forward?.state === "answered" && { forward: { ...rest.forward, body: undefined } }),
  };
  return [Buffer.from(`${JSON.stringify(head)}\n`, "utf8"), body, answer];
}

class Damaged extends Error {}

function text(row: Fields, name: string): string {
  const value = row[name];
  if (typeof value !== "string") throw new Damaged(`${name} is no text`);
  return value;
}

function count(row: Fields, name: string): number {
  const value = row[name];
  if (typeof value !== "number") throw new Damaged(`${name} is no number`);
  return value;
}

function headerList(row: Fields): HeaderList {
  const pairs: unknown[] = Array.isArray(row.headers) ? row.headers : [undefined];
  const whole = pairs.every(
    (pair) => Array.isArray(pair) && pair.length === 2 && pair.every((part) => typeof part === "string"),
  );
  if (!whole) throw new Damaged("headers are no list of names and values");
  return pairs as unknown as HeaderList;
}

function readCheck(row: Fields): CaptureCheck {
  const state = text(row, "state");
  switch (state) {
    case "verified":
    case "expired":
      return { state, webhookId: text(row, "webhookId") };
    case "pending":
    case "wrong":
    case "unsigned":
    case "unchecked":
      return { state };
    default:
      throw new Damaged("the check's state is not known");
  }
}

function readForward(row: Fields, body: Uint8Array): CaptureForward {
  const url = text(row, "url");
  const state = text(row, "state");
  switch (state) {
    case "answered": {
      const [status, durationMs] = [count(row, "status"), count(row, "durationMs")];
      const truncated = row.truncated === true;
      return { url, state, at: text(row, "at"), status, headers: headerList(row), body, truncated, durationMs };
    }
    case "failed":
      return { url, state, at: text(row, "at"), message: text(row, "message"), durationMs: count(row, "durationMs") };
    case "pending":
      return { url, state };
    default:
      throw new Damaged("the forward's state is not known");
  }
}

function readOne(bytes: Buffer, at: number): { readonly capture: Capture; readonly end: number } {
  const headEnd = bytes.indexOf(newline, at);
  if (headEnd < 0) throw new Damaged("a line has no end");
  const row = recordOf(JSON.parse(bytes.toString("utf8", at, headEnd)));
  if (row.format !== format) throw new Damaged("its layout is not known");
  const [bodyBytes, answerBytes] = Array.isArray(row.bytes) ? (row.bytes as unknown[]) : [];
  const bodyEnd = headEnd + 1 + Number(bodyBytes);
  const end = bodyEnd + Number(answerBytes);
  if (!(end <= bytes.length)) throw new Damaged("it is not whole");
  const capture: Capture = {
    id: text(row, "id"),
    receivedAt: text(row, "receivedAt"),
    source: row.source === "polled" ? "polled" : "request",
    method: text(row, "method"),
    target: text(row, "target"),
    headers: headerList(row),
    // Copies: a part would keep all that it was read from in memory.
    body: Buffer.from(bytes.subarray(headEnd + 1, bodyEnd)),
    ...(row.eventId !== undefined && { eventId: text(row, "eventId") }),
    ...(row.event !== undefined && { event: text(row, "event") }),
    ...(row.duplicateOf !== undefined && { duplicateOf: text(row, "duplicateOf") }),
    check: readCheck(recordOf(row.check)),
    ...(row.forward !== undefined && {
      forward: readForward(recordOf(row.forward), Buffer.from(bytes.subarray(bodyEnd, end))),
    }),
  };
  return { capture, end };
}

/**
 * Reads captures that lie one after the other, as they do in a file.
 * @param bytes all of them
 * @throws Error that says what is wrong, after those that stand before the damage
 */
export function* readCaptures(bytes: Buffer): Generator<Capture> {
  for (let at = 0; at < bytes.length;) {
    const { capture, end } = readOne(bytes, at);
    yield capture;
    at = end;
  }
}
