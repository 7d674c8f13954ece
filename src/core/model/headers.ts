/** Header fields in the order they came, duplicates kept. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

/** Node's flat list of names and values as pairs. */
export function headerPairs(raw: readonly string[]): HeaderList {
  const pairs: [string, string][] = [];
  for (let at = 0; at < raw.length; at += 2) pairs.push([raw[at] ?? "", raw[at + 1] ?? ""]);
  return pairs;
}
