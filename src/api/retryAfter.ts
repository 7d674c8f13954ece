/** The longest delay that a timer takes: 24.8 days. A longer wait ends there, and the next answer tells anew. */
export const longestWaitMs = 2 ** 31 - 1;

/**
 * Reads a `Retry-After` header: seconds, or an HTTP date (RFC 9110, 10.2.3).
 * @param value the header's text, if it came
 * @param now milliseconds since the epoch
 * @returns milliseconds to wait, 0 for a date that has passed; undefined for an absent or unreadable header
 */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  const text = value?.trim() ?? "";
  const wait = /^\d+(\.\d+)?$/.test(text)
    ? Number(text) * 1000
    : // A date of HTTP names its day of the week; Date.parse alone would read almost any text.
      /^[A-Za-z]{3,9},? /.test(text)
      ? Date.parse(text) - now
      : Number.NaN;
  return Number.isNaN(wait) ? undefined : Math.min(longestWaitMs, Math.max(0, Math.ceil(wait)));
}
