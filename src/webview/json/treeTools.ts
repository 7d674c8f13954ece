import { html, nothing, type TemplateResult } from "lit";
import { icon } from "../icon";
import type { TreeSearch } from "./treeSearch";

/** What the tools above a tree do. */
export interface ToolActions {
  search(query: string): void;
  /** To the next match, or the one before. */
  step(by: 1 | -1): void;
  /** Back to the tree. */
  leave(): void;
  openAll(): void;
  closeAll(): void;
}

function onKey(event: KeyboardEvent, actions: ToolActions): void {
  const isFind = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "f";
  if (event.key === "Enter" || event.key === "F3") actions.step(event.shiftKey ? -1 : 1);
  else if (event.key === "Escape") {
    if (event.target instanceof HTMLInputElement) event.target.value = "";
    actions.search("");
    actions.leave();
  } else if (event.key === "ArrowDown") actions.leave();
  else if (!isFind) return;
  // VS Code would take it for one of its own.
  event.preventDefault();
  event.stopPropagation();
}

/** Search, and opening or closing all. */
export function treeTools(found: TreeSearch, remark: string, actions: ToolActions): TemplateResult {
  const button = (name: string, label: string, disabled: boolean, action: () => void): TemplateResult =>
    html`<button
      type="button"
      class="icon-button"
      aria-label=${label}
      title=${label}
      ?disabled=${disabled}
      @click=${action}
    >
      ${icon(name)}
    </button>`;
  return html`<div class="toolbar tree-tools">
    <input
      class="search"
      type="text"
      spellcheck="false"
      autocomplete="off"
      placeholder="Search keys and values"
      aria-label="Search keys and values"
      .value=${found.query}
      @input=${(event: Event) => {
        if (event.target instanceof HTMLInputElement) actions.search(event.target.value);
      }}
      @keydown=${(event: KeyboardEvent) => onKey(event, actions)}
    />
    <span class="found muted" role="status">${found.words}</span>
    ${
      found.query === ""
        ? nothing
        : html`${button("arrow-up", "Previous match (Shift+Enter)", !found.hasFound, () => actions.step(-1))}
          ${button("arrow-down", "Next match (Enter)", !found.hasFound, () => actions.step(1))}`
    }
    <span class="spacer"></span>
    ${button("expand-all", "Open all", false, () => actions.openAll())}
    ${button("collapse-all", "Close all", false, () => actions.closeAll())}
    <span class="muted" role="status">${remark}</span>
  </div>`;
}
