import type { HeaderList } from "./headers";
import { readJsonTokens } from "./jsonTokens";

/** PacSpace's ids are short in places, such as `wh_7c1d`; of others, a longer mix of letters and digits is an id. */
const pacspaceId =
  /(?:evt|wh|webhook|rec|cust|rcpt|receipt|chk|ref|exp|cmp|tenant|dom|del|req)_(?=[A-Za-z]*\d)[0-9A-Za-z]+/;
const otherId = /[a-z][a-z0-9]{1,11}_(?=[A-Za-z]*\d)[0-9A-Za-z]{8,}/;

interface Volatile {
  readonly pattern: RegExp;
  /** @param found what was matched */
  readonly placeholder: (found: string) => string;
}

const months = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)";
// Not inside of a longer word: `xevt_1a2b` is no id of PacSpace's.
const edges = (source: string): RegExp => new RegExp(`(?<![0-9A-Za-z_])(?:${source})(?![0-9A-Za-z_])`, "g");

/** What differs from one delivery to the next although nothing else does. The order counts: longer forms come first. */
const volatiles: readonly Volatile[] = [
  {
    pattern: edges("[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}"),
    placeholder: () => "<uuid>",
  },
  {
    pattern: edges(String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?`),
    placeholder: () => "<time>",
  },
  {
    pattern: edges(String.raw`(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d ${months} \d{4} \d\d:\d\d:\d\d GMT`),
    placeholder: () => "<time>",
  },
  { pattern: /(?<![0-9A-Za-z_])v1=[0-9A-Fa-f]{64}(?![0-9A-Za-z_])/g, placeholder: () => "v1=<signature>" },
  {
    pattern: edges(`${pacspaceId.source}|${otherId.source}`),
    placeholder: (found) => `<${found.slice(0, found.indexOf("_"))} id>`,
  },
];

const unixTime = "<unix time>";
/** Seconds or milliseconds, from 2001 to 2286. */
const unixNumber = /^(?:[1-9]\d{9}|[1-9]\d{12})$/;
/** Ten digits alone may as well be an amount: what they are called must say that they are a time. */
const timeWords = new Set(
  "at time timestamp date datetime ts iat exp nbf expires expiry expiration created updated started ended".split(" "),
);

/** Whether a name of a member or a header (`createdAt`, `created_at`, `X-PacSpace-Timestamp`) is that of a time. */
function namesTime(name: string): boolean {
  const words = name.split(/[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])/);
  return words.some((word) => timeWords.has(word.toLowerCase()));
}

function isUnixTime(name: string, text: string): boolean {
  return unixNumber.test(text) && namesTime(name);
}

function plainly(text: string): string {
  return volatiles.reduce((rest, { pattern, placeholder }) => rest.replaceAll(pattern, placeholder), text);
}

/** A string's own text between its quotes: what an escape ends begins a new word. */
function inString(content: string): string {
  return content
    .split(/(\\u[0-9A-Fa-f]{4}|\\[^u])/)
    .map((piece, index) => (index % 2 === 0 ? plainly(piece) : piece))
    .join("");
}

/** The placeholder's or the string's own text, with its quotes. */
function stringToken(name: string, own: string): string {
  const content = own.slice(1, -1);
  return `"${isUnixTime(name, content) ? unixTime : inString(content)}"`;
}

function inJson(text: string): string | undefined {
  let result = "";
  let name = "";
  let latest = "";
  const isJson = readJsonTokens(text, (kind, own) => {
    if (kind === "string") result += stringToken(name, own);
    else result += kind === "number" && isUnixTime(name, own) ? `"${unixTime}"` : own;
    if (kind === "string") latest = own;
    if (kind === "colon") name = latest.slice(1, -1);
    else if (kind !== "space") name = "";
  });
  return isJson ? result : undefined;
}

/**
 * Replaces what differs from one delivery to the next anyway: ids (`evt_…` and their like, UUIDs), times (ISO 8601, those
 * of HTTP, Unix times in fields that are named as times) and signatures. Two deliveries that differ in these alone become
 * the same text. All else keeps its characters: JSON is read by its own tokens, never parsed and printed.
 * @param text JSON, or any other text
 * @returns the text with placeholders such as `<evt id>` and `<time>`; JSON stays JSON
 */
export function withPlaceholders(text: string): string {
  return inJson(text) ?? plainly(text);
}

/** The same for headers: names stay, and a number counts as a time where the name says so. */
export function headersWithPlaceholders(headers: HeaderList): HeaderList {
  return headers.map(([name, value]) => [name, isUnixTime(name, value.trim()) ? unixTime : plainly(value)]);
}
