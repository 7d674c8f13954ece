import { JsonTable, type JsonProblem } from "./jsonTable";
import { JsonTree } from "./jsonTree";
import { readJson } from "./readJson";

interface Read {
  readonly text: string;
  readonly cut: boolean;
  readonly result: JsonTree | JsonProblem;
}

/** As many texts as a delivery's tabs show. */
const mostKept = 4;
const kept: Read[] = [];

/**
 * The tree of a JSON text, or where and why it is none. The last ones are kept: who comes back to a tab finds the tree
 * as it was left.
 */
export function readTree(text: string, cut: boolean): JsonTree | JsonProblem {
  const index = kept.findIndex((read) => read.cut === cut && read.text === text);
  const [found] = index < 0 ? [] : kept.splice(index, 1);
  const read = found ?? { text, cut, result: treeOf(text, cut) };
  kept.unshift(read);
  kept.length = Math.min(kept.length, mostKept);
  return read.result;
}

function treeOf(text: string, cut: boolean): JsonTree | JsonProblem {
  const result = readJson(text, cut);
  return result instanceof JsonTable ? new JsonTree(result) : result;
}
