import { headerOf, type Head } from "./exchange";

/**
 * How far the server's clock is ahead of this machine's, by an answer's `Date`. It is behind what is true by as long as
 * the answer was on its way, and by up to a second, for that is all the header tells.
 * @param now milliseconds since 1970, when the head came
 * @returns milliseconds, negative where the server's clock is behind; undefined when the answer doesn't tell
 */
export function serverAhead(head: Pick<Head, "headers">, now: number): number | undefined {
  const date = Date.parse(headerOf(head, "date") ?? "");
  return Number.isNaN(date) ? undefined : date - now;
}
