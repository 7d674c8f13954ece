import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { jsonPath } from "./json/jsonPath";
import type { JsonTree } from "./json/jsonTree";
import { rowBar, shownPath, type RowActions } from "./json/rowBar";
import { rowWindow, scrollHeight, scrollTopToShow, type Scrolled } from "./json/rowWindow";
import { moveByKey, Typeahead } from "./json/treeKeys";
import { idText, treeRow } from "./json/treeRow";
import { TreeSearch } from "./json/treeSearch";
import { treeTools } from "./json/treeTools";
import { knownIds } from "./knownIds";
import { LightElement } from "./lightElement";
import { send } from "./vscodeApi";

let made = 0;

/** JSON as a tree of the text's own tokens. Only the rows in view are drawn, so that megabytes scroll as lines do. */
@customElement("pacspace-json")
export class JsonTreeView extends LightElement {
  @property({ attribute: false }) tree!: JsonTree;
  /** What it is, for who does not see it. */
  @property() label = "JSON";
  /** The value whose whole text is shown below the tree. */
  @state() private detail: number | undefined;
  @state() private remark = "";

  readonly #id = `json-${++made}`;
  readonly #typeahead = new Typeahead();
  readonly #search = new TreeSearch(this, (node) => this.#reveal(node));
  readonly #resized = new ResizeObserver(() => this.#measure());
  #rowHeight = 22;
  #viewHeight = 400;
  #deepest = 24;

  readonly #redraw = (): void => this.requestUpdate();

  override connectedCallback(): void {
    super.connectedCallback();
    knownIds.addEventListener("change", this.#redraw);
    // Found again after it was taken out of the page and put back.
    if (this.hasUpdated) this.#resized.observe(this.#view);
  }

  override disconnectedCallback(): void {
    knownIds.removeEventListener("change", this.#redraw);
    this.#resized.disconnect();
    super.disconnectedCallback();
  }

  protected override firstUpdated(): void {
    this.#resized.observe(this.#view);
    // Only now is the view as high as its rows.
    void this.updateComplete.then(() => {
      this.#measure();
      this.#scrollToActive();
    });
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("tree")) return;
    this.detail = undefined;
    this.remark = "";
    if (this.#search.query !== "") void this.#search.start(this.#search.query, this.tree.table, 0);
  }

  get #view(): HTMLElement {
    const view = this.querySelector<HTMLElement>(".tree");
    if (view === null) throw new Error("The tree is not drawn yet.");
    return view;
  }

  get #scrolled(): Scrolled {
    return { rowCount: this.tree.rowCount, rowHeight: this.#rowHeight, viewHeight: this.#viewHeight };
  }

  protected override render(): TemplateResult {
    const { tree } = this;
    const { first, last } = rowWindow(this.#scrolled, this.hasUpdated ? this.#view.scrollTop : 0);
    const nodes = Array.from({ length: last - first }, (_, index) => tree.nodeAt(first + index));
    const activeRow = tree.rowOf(tree.active);
    const depths = new Map<number, number>();
    return html`
      ${treeTools(this.#search, this.remark, this.#tools)}
      <div
        class="tree"
        role="tree"
        tabindex="0"
        aria-label=${this.label}
        aria-activedescendant=${activeRow >= first && activeRow < last ? `${this.#id}-${tree.nodeAt(activeRow)}` : nothing}
        @scroll=${this.#redraw}
        @keydown=${this.#onKey}
        @click=${this.#onClick}
      >
        <div class="tree-height"></div>
        <div class="rows">
          ${nodes.map((node) =>
            treeRow(tree, node, {
              treeId: this.#id,
              isActive: node === tree.nodeAt(activeRow),
              depth: depthOf(tree, node, depths),
              deepest: this.#deepest,
              query: this.#search.query,
            }),
          )}
        </div>
      </div>
      ${rowBar(tree, this.#actions, this.detail === tree.active)} ${this.#detail()}
    `;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const isDetailNew = this.detail !== undefined && (changed as Map<PropertyKey, unknown>).has("detail");
    if (isDetailNew) requestAnimationFrame(() => this.querySelector(".detail")?.scrollIntoView({ block: "nearest" }));
    const view = this.#view;
    const { first, last, top } = rowWindow(this.#scrolled, view.scrollTop);
    // By script, not by style attributes, which the page's policy refuses.
    view.querySelector<HTMLElement>(".tree-height")?.style.setProperty("height", `${scrollHeight(this.#scrolled)}px`);
    view.querySelector<HTMLElement>(".rows")?.style.setProperty("transform", `translateY(${top}px)`);
    const ids = Array.from({ length: last - first }, (_, index) =>
      idText(this.tree.table, this.tree.nodeAt(first + index)),
    );
    knownIds.ask(ids.filter((id) => id !== undefined));
  }

  #detail(): TemplateResult | typeof nothing {
    const { detail, tree } = this;
    if (detail === undefined) return nothing;
    return html`<section class="detail" aria-label="The whole value">
      <div class="toolbar">
        <span>Value of <code>${shownPath(tree.table, detail)}</code></span>
        <span class="spacer"></span>
        <vscode-toolbar-button icon="close" label="Close the value" title="Close the value" @click=${this.#closeDetail}>
        </vscode-toolbar-button>
      </div>
      <pacspace-raw .text=${tree.table.valueText(detail)} label="Value"></pacspace-raw>
    </section>`;
  }

  /** Learns how high a row and the view are, and how far rows may be set in. */
  #measure(): void {
    const view = this.#view;
    const row = view.querySelector(".row")?.getBoundingClientRect().height ?? 0;
    if (row > 0) this.#rowHeight = row;
    this.#viewHeight = view.clientHeight;
    const indent = Number.parseFloat(getComputedStyle(view).getPropertyValue("--indent-px")) || 14;
    this.#deepest = Math.max(3, Math.min(24, Math.floor((view.clientWidth * 0.45) / indent)));
    this.requestUpdate();
  }

  #activate(node: number): void {
    this.tree.active = node;
    this.requestUpdate();
    // The tree may have grown or shrunk just now: its height must be the new one before it can scroll there.
    void this.updateComplete.then(async () => {
      this.#scrollToActive();
      this.requestUpdate();
      await this.updateComplete;
      this.querySelector(".row.active")?.scrollIntoView({ block: "nearest" });
    });
  }

  #scrollToActive(): void {
    if (!this.isConnected) return;
    const view = this.#view;
    view.scrollTop = scrollTopToShow(this.tree.rowOf(this.tree.active), this.#scrolled, view.scrollTop);
  }

  #reveal(node: number): void {
    this.tree.reveal(node);
    this.#activate(node);
  }

  #toggle(node: number): void {
    this.tree.setOpen(node, !this.tree.isOpen(node));
    this.#activate(node);
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (!this.#handleKey(event)) return;
    // VS Code would take it for one of its own.
    event.preventDefault();
    event.stopPropagation();
  };

  /** @returns whether the key was one of the tree's */
  #handleKey(event: KeyboardEvent): boolean {
    const { tree } = this;
    const isCommand = event.ctrlKey || event.metaKey;
    if (event.code === "KeyC" && event.altKey && event.shiftKey !== isCommand) return this.#did(this.#actions.copyPath);
    if (event.key === "F3") return this.#did(() => this.#search.step(event.shiftKey ? -1 : 1));
    if (event.altKey) return false;
    if (isCommand) {
      const hasSelection = getSelection()?.isCollapsed === false;
      if (event.key.toLowerCase() === "c" && !hasSelection) return this.#did(this.#actions.copyValue);
      return event.key.toLowerCase() === "f" && this.#did(() => this.#focusSearch());
    }
    const isTyping = this.#typeahead.isTyping(event.timeStamp);
    if (event.key === "Enter" || (event.key === " " && !isTyping)) return this.#did(() => this.#press());
    const row = tree.rowOf(tree.active);
    const pageRows = Math.max(1, Math.floor(this.#viewHeight / this.#rowHeight) - 1);
    const target = moveByKey(event.key, tree, row, pageRows) ?? this.#typed(event, row);
    if (target === undefined) return false;
    this.#activate(tree.nodeAt(target));
    return true;
  }

  #did(action: () => void): true {
    action();
    return true;
  }

  #typed({ key, timeStamp }: KeyboardEvent, row: number): number | undefined {
    return key.length === 1 ? (this.#typeahead.find(key, this.tree, row, timeStamp) ?? row) : undefined;
  }

  /** What Enter and Space do: a value that can be opened is, an id leads to its delivery, a long text is shown whole. */
  #press(): void {
    const { active } = this.tree;
    const known = knownIds.get(idText(this.tree.table, active) ?? "");
    if (this.tree.canOpen(active)) this.#toggle(active);
    else if (known?.kind === "delivery") this.#actions.openDelivery(known.id);
    else if (!this.tree.table.isContainer(active)) this.#actions.showAll();
  }

  readonly #onClick = (event: MouseEvent): void => {
    // Whoever has just selected text with the mouse wants no more.
    if (!(event.target instanceof Element) || getSelection()?.isCollapsed === false) return;
    const row = event.target.closest<HTMLElement>(".row");
    if (row === null) return;
    const node = Number(row.dataset.node);
    const delivery = event.target.closest<HTMLElement>("[data-delivery]")?.dataset.delivery;
    if (delivery !== undefined) this.#actions.openDelivery(delivery);
    if (this.tree.canOpen(node)) this.#toggle(node);
    else this.#activate(node);
  };

  #focusSearch(): void {
    const field = this.querySelector<HTMLInputElement>(".search");
    field?.focus();
    field?.select();
  }

  readonly #actions: RowActions = {
    copyValue: () => send({ type: "copyText", text: this.tree.table.valueText(this.tree.active) }),
    copyPath: () => send({ type: "copyText", text: jsonPath(this.tree.table, this.tree.active) }),
    openDelivery: (id) => send({ type: "openDelivery", id }),
    showAll: () => {
      this.detail = this.detail === this.tree.active ? undefined : this.tree.active;
    },
  };

  readonly #closeDetail = (): void => {
    this.detail = undefined;
    this.#view.focus();
  };

  readonly #tools = {
    search: (query: string): void => void this.#search.start(query, this.tree.table, this.tree.active),
    step: (by: 1 | -1): void => this.#search.step(by),
    leave: (): void => this.#view.focus(),
    closeAll: (): void => {
      this.tree.closeAll();
      this.remark = "";
      this.#activate(0);
    },
    openAll: (): void => {
      this.remark = this.tree.openAll() ? "" : "There is too much to open all of it.";
      this.#activate(this.tree.active);
    },
  };
}

/** Rows stand under their parents, whose depth is known by then. */
function depthOf(tree: JsonTree, node: number, known: Map<number, number>): number {
  const parent = tree.table.parent[node] ?? -1;
  const above = parent < 0 ? -1 : (known.get(parent) ?? tree.depth(parent));
  known.set(parent, above);
  known.set(node, above + 1);
  return above + 1;
}
