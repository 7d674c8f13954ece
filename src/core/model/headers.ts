/** Header fields in the order they came, duplicates kept. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

/** Node's flat list of names and values as pairs. */
export function headerPairs(raw: readonly string[]): HeaderList {
  const pairs: [string, string][] = [];
  for (let at = 0; at < raw.length; at += 2) pairs.push([raw[at] ?? "", raw[at + 1] ?? ""]);
  return pairs;
}

/** Names, in lower case, of what belongs to one connection (RFC 9110, 7.6.1): whoever sends makes it anew. */
export const connectionHeaders: ReadonlySet<string> = new Set([
  ...["host", "content-length", "connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade"],
  ...["expect", "proxy-connection"],
]);

/** The headers with these in place of their namesakes: where the first one stood, or else at the end. */
export function withHeaders(headers: HeaderList, set: HeaderList): HeaderList {
  const missing = new Map(set.map((header) => [header[0].toLowerCase(), header]));
  const names = new Set(missing.keys());
  const replaced = headers.flatMap((header) => {
    const name = header[0].toLowerCase();
    if (!names.has(name)) return [header];
    const replacement = missing.get(name);
    missing.delete(name);
    return replacement === undefined ? [] : [[header[0], replacement[1]] as const];
  });
  return [...replaced, ...missing.values()];
}
