import type { Behaviour } from "../../misbehave/proxy";
import * as raw from "../../misbehave/rawAnswers";

/** The client's limit in the matrix, in milliseconds: a tenth of the product's, so that a run takes seconds. */
export const limitMs = 3_000;
/** For answers that flow too slowly: they may take ten times the limit. */
const shortLimitMs = 1_500;

export interface Misbehaviour {
  /** As it reads in the first column. */
  readonly name: string;
  readonly behaviour: Behaviour;
  readonly limitMs?: number;
  /** It goes on until the limit, or until a person cancels. */
  readonly hangs?: true;
  /** The answer began: it may take ten limits to its end. */
  readonly begins?: true;
}

const answer = (status: number, body: string, headers: Record<string, string> = {}): Behaviour => ({
  kind: "answer",
  status,
  body,
  headers: { "content-type": "application/json", ...headers },
});
const refusal = (status: number, message: string, headers: Record<string, string> = {}): Behaviour =>
  answer(status, JSON.stringify({ statusCode: status, message }), headers);
const speak = (answerOf: raw.RawAnswer): Behaviour => ({ kind: "raw", speak: answerOf });
const json = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
const signInPage = '<!doctype html><title>Log in</title><input type="password">';

/** Everything that a server, or what stands before it, does wrong. "After": the request had taken effect. */
export const misbehaviours: readonly Misbehaviour[] = [
  { name: "connection reset before it took effect", behaviour: { kind: "resetBefore" } },
  { name: "connection reset after", behaviour: { kind: "resetAfter" } },
  { name: "no answer, no effect", behaviour: { kind: "silence" }, hangs: true },
  { name: "effect and answer after the limit", behaviour: { kind: "latency", ms: limitMs + 500 }, hangs: true },
  { name: "connection cut in the middle of the answer", behaviour: { kind: "cut", bytes: 30 } },
  { name: "half of the JSON", behaviour: { kind: "cutJson" } },
  {
    name: "502 with a web page, after",
    behaviour: { kind: "answerAfter", status: 502, body: "<html>Bad Gateway</html>" },
  },
  {
    name: "500 with 2 MiB of message, after",
    behaviour: { kind: "answerAfter", status: 500, body: JSON.stringify({ message: "long ".repeat(400_000) }) },
  },
  { name: "200 with a web page, after", behaviour: { kind: "answerAfter", status: 200, body: "<html>Welcome</html>" } },
  { name: "200 with a sign-in page", behaviour: { kind: "answer", status: 200, body: signInPage } },
  { name: "200 with nothing, after", behaviour: { kind: "answerAfter", status: 200, body: "" } },
  {
    name: "200 with JSON of another shape, after",
    behaviour: { kind: "answerAfter", status: 200, body: '{"success":true,"data":[null]}' },
  },
  { name: "400", behaviour: refusal(400, "The url is wrong") },
  { name: "401", behaviour: refusal(401, "Unauthorized") },
  { name: "402", behaviour: refusal(402, "Upgrade your plan") },
  { name: "403", behaviour: refusal(403, "Forbidden") },
  { name: "404", behaviour: refusal(404, "Not found") },
  { name: "409", behaviour: refusal(409, "Not in this state") },
  { name: "422", behaviour: refusal(422, "The url is not allowed") },
  { name: "429, again at once", behaviour: refusal(429, "Slow down", { "retry-after": "0" }) },
  { name: "429, again in an hour", behaviour: refusal(429, "Slow down", { "retry-after": "3600" }) },
  { name: "503, again at once", behaviour: refusal(503, "Maintenance", { "retry-after": "0" }) },
  { name: "503, again in an hour", behaviour: refusal(503, "Maintenance", { "retry-after": "3600" }) },
  { name: "redirect to another origin", behaviour: answer(302, "", { location: "https://elsewhere.example/" }) },
  { name: "redirect to a sign-in page", behaviour: answer(302, "", { location: "/login" }) },
  { name: "garbage", behaviour: speak(raw.garbage) },
  { name: "half a status line, then nothing", behaviour: speak(raw.say("HTTP/1.1 20")), hangs: true },
  { name: "half a status line, then the end", behaviour: speak(raw.sayAndClose("HTTP/1.1 20")) },
  {
    name: "the head, one byte at a time",
    behaviour: speak(raw.drip("", `${json}x-padding: ${"a".repeat(1_000)}`, 50)),
    hangs: true,
  },
  { name: "the head, one byte a second", behaviour: speak(raw.drip("", json, 1_000)), hangs: true },
  {
    name: "the body, one byte at a time",
    behaviour: speak(raw.drip(`${json}content-length: 1000000\r\n\r\n`, " ", 50)),
    limitMs: shortLimitMs,
    begins: true,
    hangs: true,
  },
  { name: "interim answers without end", behaviour: speak(raw.endlessInterim), hangs: true },
  { name: "100 MiB of headers", behaviour: speak(raw.hugeHead) },
  { name: "a body without end", behaviour: speak(raw.endlessBody("application/json", '{"data":"')) },
  { name: "a gzip bomb", behaviour: speak(raw.bomb("gzip")) },
  { name: "a deflate bomb", behaviour: speak(raw.bomb("deflate")) },
  { name: "a brotli bomb", behaviour: speak(raw.bomb("br")) },
  {
    name: "a body shorter than its length",
    behaviour: speak(raw.sayAndClose(`${json}content-length: 1000\r\n\r\n{"success":true`)),
  },
  {
    name: "two different lengths",
    behaviour: speak(raw.sayAndClose(`${json}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`)),
  },
  {
    name: "a chunk that is none",
    behaviour: speak(raw.sayAndClose(`${json}transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`)),
  },
  {
    name: "a switch to another protocol",
    behaviour: speak(raw.say("HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n")),
  },
];
