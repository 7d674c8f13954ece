import { httpText } from "../core/request/writeHttpFile";
import { utf8Text } from "../core/request/writtenRequest";
import type { PostAnswer } from "./post";
import { counted } from "../core/model/counted";

/** A secret that a handler echoes stays a secret. */
function without(secret: string | undefined, text: string): string {
  return secret === undefined || secret === "" ? text : text.replaceAll(secret, "…");
}

/**
 * The body of an answer as text.
 * @param secret never shows up in it
 * @returns for what is no UTF-8, how much of it there is
 */
export function answerBody({ body, truncated }: PostAnswer, secret: string | undefined): string {
  // A character that the cut went through is dropped.
  const text = utf8Text(body) ?? (truncated ? utf8Text(body.subarray(0, wholeCharacters(body))) : undefined);
  return text === undefined
    ? `(${counted(body.length, "byte that is", "bytes that are")} no text)`
    : without(secret, text);
}

function wholeCharacters(bytes: Uint8Array): number {
  let end = bytes.length;
  while (end > 0 && ((bytes[end - 1] ?? 0) & 0xc0) === 0x80) end--;
  return Math.max(0, end - 1);
}

/** What a command gives back of an answer. */
export interface Answered {
  readonly status: number;
  readonly durationMs: number;
  /** As text, its first 64 KB. */
  readonly responseBody: string;
}

/**
 * Makes of an answer what a command gives back.
 * @param secret never shows up in it
 */
export function answered(answer: PostAnswer, secret: string | undefined): Answered {
  const { durationMs, status } = answer;
  return { status, durationMs, responseBody: answerBody(answer, secret) };
}

/** What an answer's document tells beside the answer. */
export interface AnswerContext {
  /** What was sent, in a few words. */
  readonly what: string;
  readonly url: string;
  readonly sentAt: Date;
  /** What a person should know of it, in sentences. */
  readonly notes: readonly string[];
  readonly secret: string | undefined;
}

/** An answer as a document: what was sent and how long it took, status, headers, body. */
export function answerText(answer: PostAnswer, { what, url, sentAt, notes, secret }: AnswerContext): string {
  const remarks = [
    `${what} to ${url}`,
    `sent ${sentAt.toISOString()}, took ${Math.round(answer.durationMs)} ms`,
    ...notes,
  ];
  const head = [...remarks.map((remark) => `# ${remark}`), `HTTP ${answer.status}`].join("\n");
  const cut = answer.truncated
    ? `\n\n# The answer goes on; its first ${counted(answer.body.length, "byte is", "bytes are")} shown.\n`
    : "";
  const headers = answer.headers.map(([name, value]) => [name, without(secret, value)] as const);
  return httpText(head, headers, answerBody(answer, secret) + cut);
}
