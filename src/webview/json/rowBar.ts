import { html, nothing, type TemplateResult } from "lit";
import { zonedTime } from "../format";
import { knownIds } from "../knownIds";
import { jsonPath } from "./jsonPath";
import { decoded, type JsonTable } from "./jsonTable";
import type { JsonTree } from "./jsonTree";
import { timeHint } from "./timeHint";
import { idText, mostRowText } from "./treeRow";

/** What can be done with the active row. */
export interface RowActions {
  readonly copyValue: () => void;
  readonly copyPath: () => void;
  readonly openDelivery: (id: string) => void;
  /** Shows the whole value below the tree, or hides it. */
  readonly showAll: () => void;
}

/** Shorter values are whole in any row. */
const mostNarrowText = 20;
/** Larger objects are not looked through for a key that stands there twice. */
const mostCompared = 5_000;

/** A path, or the end of one that is too long to be shown. */
export function shownPath(table: JsonTable, node: number): string {
  const path = jsonPath(table, node);
  return path.length > mostRowText ? `…${path.slice(-mostRowText)}` : path;
}

/** Whether the object has the value's key more than once; most readers then take the last. */
function isDuplicate(tree: JsonTree, node: number): boolean {
  const { table } = tree;
  const key = table.keyText(node);
  const parent = table.parent[node] ?? -1;
  if (key === undefined || (table.count[parent] ?? 0) > mostCompared) return false;
  const name = decoded(key);
  for (const sibling of tree.children(parent)) {
    if (sibling !== node && decoded(table.keyText(sibling) ?? "") === name) return true;
  }
  return false;
}

function hints(tree: JsonTree, node: number): string {
  const time = timeHint(tree.table, node);
  const known = knownIds.get(idText(tree.table, node) ?? "");
  return [
    ...(time === undefined ? [] : [`${time.form}: ${zonedTime(time.time)}`]),
    ...(known?.kind === "webhook" ? [`Webhook: ${known.label}`] : []),
    ...(isDuplicate(tree, node) ? ["This key is there more than once; most readers take the last."] : []),
  ].join(" · ");
}

/** The bar below the tree: where the active row stands, what it means, and what can be done with it. */
export function rowBar(tree: JsonTree, actions: RowActions, isShown: boolean): TemplateResult {
  const { active, table } = tree;
  const known = knownIds.get(idText(table, active) ?? "");
  const canShow = !table.isContainer(active) && (table.end[active] ?? 0) - (table.start[active] ?? 0) > mostNarrowText;
  return html`<div class="row-bar">
    <code class="path">${shownPath(table, active)}</code>
    <span class="toolbar">
      <vscode-toolbar-button icon="copy" @click=${actions.copyValue}>Copy Value</vscode-toolbar-button>
      <vscode-toolbar-button icon="list-tree" @click=${actions.copyPath}>Copy Path</vscode-toolbar-button>
      ${
        canShow
          ? html`<vscode-toolbar-button icon="word-wrap" @click=${actions.showAll}
              >${isShown ? "Hide All" : "Show All"}</vscode-toolbar-button
            >`
          : nothing
      }
      ${
        known?.kind === "delivery"
          ? html`<vscode-toolbar-button icon="link-external" @click=${() => actions.openDelivery(known.id)}
              >Open Delivery</vscode-toolbar-button
            >`
          : nothing
      }
    </span>
    <span class="muted hint" role="status">${hints(tree, active)}</span>
  </div>`;
}
