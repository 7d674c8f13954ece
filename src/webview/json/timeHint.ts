import { jsonKind, type JsonTable } from "./jsonTable";

const isoTime = /^"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:[Zz]|[+-]\d\d:?\d\d)?"$/;
const unixTime = /^"?(\d{10}|\d{13})"?$/;
/** 2001-09-09, since when Unix seconds have ten digits, until 2100: outside of it a number is rather a number. */
const unixRange = { from: 1_000_000_000, to: 4_102_444_800 };

/** What a value says of time. */
export interface TimeHint {
  readonly time: Date;
  readonly form: "ISO 8601" | "Unix seconds" | "Unix milliseconds";
}

/** The time that a value's text stands for; undefined for one that is none or hardly one. */
export function timeHint(table: JsonTable, node: number): TimeHint | undefined {
  const kind = table.kind[node];
  if (kind !== jsonKind.string && kind !== jsonKind.number) return undefined;
  // No time is longer, and some strings are megabytes.
  if ((table.end[node] ?? 0) - (table.start[node] ?? 0) > 40) return undefined;
  const text = table.valueText(node);
  const digits = unixTime.exec(text)?.[1];
  if (digits !== undefined) {
    const seconds = Number(digits) / (digits.length === 13 ? 1_000 : 1);
    if (seconds < unixRange.from || seconds > unixRange.to) return undefined;
    return { time: new Date(seconds * 1_000), form: digits.length === 13 ? "Unix milliseconds" : "Unix seconds" };
  }
  if (!isoTime.test(text)) return undefined;
  const time = new Date(text.slice(1, -1).replace(",", "."));
  return Number.isNaN(time.getTime()) ? undefined : { time, form: "ISO 8601" };
}
