import { booleanField, numberField, recordOf } from "../core/model/fields";
import type { Call } from "./call";
import { answerProblem, malformed, parsedJson } from "./problem";
import type { TextAnswer } from "./transport";

/** What an answer says, taken out of its envelope. */
export interface Content {
  /** The envelope's `data`, or the whole answer when it has none. */
  readonly data: unknown;
  /** The whole answer, parsed. */
  readonly value: unknown;
  /** Where `data` lies in the answer's text. */
  readonly path: readonly string[];
}

/**
 * An answer with a status of success may report a failure in its body. A test's result is no such failure: its own
 * `success` lies in `data`.
 */
function failureStatus(value: unknown): number | undefined {
  const top = recordOf(value);
  const status = numberField(top, "statusCode");
  if (status !== undefined && status >= 400 && status < 600) return status;
  if (top.data !== undefined && top.data !== null) {
    return booleanField(top, "success") === false && booleanField(recordOf(top.data), "success") === undefined
      ? 400
      : undefined;
  }
  if (booleanField(top, "success") === false && numberField(top, "httpStatus") === undefined) return 400;
  return typeof top.error === "object" && top.error !== null ? 400 : undefined;
}

/**
 * Opens either envelope: `{success, data, message?}` (reference page) and `{statusCode, data}` (authentication page);
 * a bare value is taken as it is.
 * @throws PacSpaceError `malformedResponse` for text that is no JSON; the error's own kind for a failure in the body
 */
export function openEnvelope(call: Call, answer: TextAnswer): Content {
  const head = { status: answer.status, headers: {} };
  const value = parsedJson(answer.text);
  if (value === undefined) {
    throw malformed(call, head, answer.text.trim() === "" ? "is empty" : "is not JSON, or was cut short");
  }
  const status = failureStatus(value);
  if (status !== undefined) throw answerProblem(call, { ...head, status }, answer.text, answer.secrets);
  const data = recordOf(value).data;
  return data === undefined ? { data: value, value, path: [] } : { data, value, path: ["data"] };
}

/**
 * Accepts an answer whose content is not published: nothing at all, or JSON that reports no failure.
 * @throws PacSpaceError as openEnvelope does
 */
export function acceptAny(call: Call, answer: TextAnswer): void {
  if (answer.text.trim() !== "") openEnvelope(call, answer);
}
