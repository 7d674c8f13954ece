import { html, nothing, type TemplateResult } from "lit";
import { counted, zonedTime } from "../format";
import { knownIds } from "../knownIds";
import { pieceView } from "../rawText";
import { directedPieces } from "../textBlocks";
import { searchPattern } from "./jsonSearch";
import { decoded, jsonKind, type JsonTable } from "./jsonTable";
import type { JsonTree } from "./jsonTree";
import { timeHint } from "./timeHint";

/** More of a value than fits into a row is of no use there, and laying megabytes out takes long. */
export const mostRowText = 300;
const mostKeyText = 120;

const styles: Readonly<Record<number, string>> = {
  [jsonKind.string]: "json-string",
  [jsonKind.number]: "json-number",
  [jsonKind.literal]: "json-literal",
};

/** The beginning of a text, no surrogate pair cut in two. */
function beginning(text: string, start: number, end: number, most: number): string {
  const part = text.slice(start, Math.min(end, start + most));
  return part.length === most ? part.replace(/[\uD800-\uDBFF]$/, "") : part;
}

/** A text with what is looked for marked in it; characters that would move others or hide are written out. */
function marked(text: string, query: string): unknown {
  return directedPieces(text).map((piece) =>
    piece.escape === undefined ? found(piece.text, query) : pieceView(piece),
  );
}

function found(text: string, query: string): unknown {
  if (query === "") return text;
  const pieces: unknown[] = [];
  let at = 0;
  for (const { 0: match, index } of text.matchAll(searchPattern(query, "gi"))) {
    pieces.push(text.slice(at, index), html`<mark>${match}</mark>`);
    at = index + match.length;
  }
  pieces.push(text.slice(at));
  return pieces;
}

/** What a string means, where it may be an id. */
export function idText(table: JsonTable, node: number): string | undefined {
  const length = (table.end[node] ?? 0) - (table.start[node] ?? 0);
  return table.kind[node] === jsonKind.string && length < 130 ? decoded(table.valueText(node)) : undefined;
}

/** How many members or elements, in words. */
function sizeWords(table: JsonTable, node: number): string {
  const count = table.count[node] ?? 0;
  return table.kind[node] === jsonKind.object ? counted(count, "key") : counted(count, "element");
}

function containerValue(table: JsonTable, node: number, isOpen: boolean): TemplateResult {
  const start = table.start[node] ?? 0;
  const end = table.end[node] ?? 0;
  if ((table.count[node] ?? 0) === 0) return html`<span>${table.kind[node] === jsonKind.object ? "{}" : "[]"}</span>`;
  if (isOpen) return html`<span class="muted">${sizeWords(table, node)}</span>`;
  return html`<span class="muted">${sizeWords(table, node)}</span
    ><bdi class="preview">${marked(beginning(table.text, start, end, mostRowText), "")}</bdi>`;
}

function scalarValue(table: JsonTable, node: number, query: string): TemplateResult {
  const start = table.start[node] ?? 0;
  const end = table.end[node] ?? 0;
  const text = beginning(table.text, start, end, mostRowText);
  const time = timeHint(table, node);
  const id = idText(table, node);
  const known = id === undefined ? undefined : knownIds.get(id);
  const title = time !== undefined ? zonedTime(time.time) : known?.kind === "webhook" ? known.label : nothing;
  const value = html`<bdi class=${styles[table.kind[node] ?? 0] ?? ""} title=${title}>${marked(text, query)}</bdi>`;
  if (known?.kind === "delivery")
    return html`<span class="link" data-delivery=${known.id} title="Open this delivery">${value}</span>`;
  if (end - start <= text.length) return value;
  return html`${value}<span class="muted cut">… ${counted(end - start, "character")}</span>`;
}

/** What a row shows besides its value. */
export interface RowLook {
  readonly treeId: string;
  readonly isActive: boolean;
  readonly depth: number;
  /** How far rows are set in at most, so that text is left to see. */
  readonly deepest: number;
  readonly query: string;
}

/** One row: a value with its key, or its place in an array. */
export function treeRow(tree: JsonTree, node: number, look: RowLook): TemplateResult {
  const { table } = tree;
  const { treeId, isActive, depth, deepest, query } = look;
  const canOpen = tree.canOpen(node);
  const isOpen = canOpen && tree.isOpen(node);
  const parent = table.parent[node] ?? -1;
  const keyStart = table.keyStart[node] ?? -1;
  const key = keyStart < 0 ? undefined : (table.keyText(node) ?? "");
  const level = Math.min(depth, deepest);
  return html`<div
    role="treeitem"
    id="${treeId}-${node}"
    class="row ${isActive ? "active" : ""}"
    aria-level=${depth + 1}
    aria-posinset=${(table.index[node] ?? 0) + 1}
    aria-setsize=${parent < 0 ? 1 : (table.count[parent] ?? 1)}
    aria-expanded=${canOpen ? (isOpen ? "true" : "false") : nothing}
    aria-selected=${isActive ? "true" : "false"}
    data-node=${node}
    .style=${`--level: ${level}`}
  >
    <span class="guides" aria-hidden="true"></span
    ><span
      class="twistie codicon ${canOpen ? (isOpen ? "codicon-chevron-down" : "codicon-chevron-right") : ""}"
      aria-hidden="true"
    ></span
    >${
      key !== undefined
        ? html`<bdi class="json-key"
              >${marked(beginning(key, 0, key.length, mostKeyText), query)}${key.length > mostKeyText ? "…" : ""}</bdi
            ><span>: </span>`
        : parent >= 0
          ? html`<span class="muted">${table.index[node] ?? 0}</span><span>: </span>`
          : nothing
    }${table.isContainer(node) ? containerValue(table, node, isOpen) : scalarValue(table, node, query)}
  </div>`;
}
