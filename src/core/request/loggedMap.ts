import type { HeaderList } from "../model/headers";

/**
 * How Go, Spring and Java print headers: `map[Name:[value]]`, `[name:"value"]`, `{name=[value]}`. A value holds no
 * bracket or quote that ends it, which headers seldom do.
 */
const forms: readonly (readonly [whole: RegExp, member: RegExp])[] = [
  [/(?:^|\s)map\[(.*)\]\s*$/s, /([\w-]+):\[([^\]]*)\](?:\s|$)/g],
  [/^\s*\[(.*)\]\s*$/s, /([\w-]+):"([^"]*)"(?:,\s*|$)/g],
  [/^\s*\{(.*)\}\s*$/s, /([\w-]+)=\[?([^\][=]*(?:=[^\][,]*)?)\]?(?:,\s+|$)/g],
];

/** Far above any request's headers. */
const longest = 20_000;

/**
 * Reads headers as a language prints its own map of them.
 * @param text the whole text; what a log puts before Go's is passed over
 * @returns undefined for any other text
 */
export function headersOfMap(text: string): HeaderList | undefined {
  if (text.length > longest) return undefined;
  for (const [whole, member] of forms) {
    const inner = whole.exec(text)?.[1];
    if (inner === undefined) continue;
    const members = [...inner.matchAll(member)];
    const length = members.reduce((sum, [found]) => sum + found.length, 0);
    if (members.length > 0 && length === inner.length) {
      return members.map(([, name = "", value = ""]) => [name, value] as const);
    }
  }
  return undefined;
}
