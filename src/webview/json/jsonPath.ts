import { decoded, type JsonTable } from "./jsonTable";

/** Names that JSONPath (RFC 9535) takes after a dot, of those that every reader of it takes. */
const plainName = /^[A-Za-z_][A-Za-z0-9_]*$/;

function step(table: JsonTable, node: number): string {
  const key = table.keyText(node);
  if (key === undefined) return `[${table.index[node] ?? 0}]`;
  const name = decoded(key);
  return plainName.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

/** The JSONPath of a value, such as `$.data.items[3]["odd key"]`. Of duplicate keys each has the same. */
export function jsonPath(table: JsonTable, node: number): string {
  const steps: string[] = [];
  for (let at = node; at > 0; at = table.parent[at] ?? 0) steps.push(step(table, at));
  return `$${steps.reverse().join("")}`;
}
