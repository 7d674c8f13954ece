import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { tabs, type Tab } from "../protocol/panelState";
import { LightElement } from "./lightElement";

const labels: Readonly<Record<Tab, string>> = {
  payload: "Payload",
  headers: "Headers",
  answer: "Answer",
  attempts: "Attempts",
  raw: "Raw",
  verify: "Verify",
};

const moves: Readonly<Record<string, (index: number) => number>> = {
  ArrowRight: (index) => (index + 1) % tabs.length,
  ArrowLeft: (index) => (index + tabs.length - 1) % tabs.length,
  Home: () => 0,
  End: () => tabs.length - 1,
};

/** Tabs by the ARIA practice: one stop for Tab, arrow keys, Home and End between them; the panel follows the focus. */
@customElement("pacspace-tabs")
export class TabBar extends LightElement {
  @property({ attribute: false }) selected: Tab = "payload";
  @property({ attribute: false }) counts: Partial<Record<Tab, number>> = {};

  protected override render(): TemplateResult {
    return html`<div class="tabs" role="tablist" aria-label="Parts of the delivery" @keydown=${this.#move}>
      ${tabs.map((tab) => this.#tab(tab))}
    </div>`;
  }

  #tab(tab: Tab): TemplateResult {
    const selected = tab === this.selected;
    const count = this.counts[tab];
    return html`<button
      type="button"
      role="tab"
      id="tab-${tab}"
      class="tab"
      aria-selected=${selected ? "true" : "false"}
      aria-controls=${selected ? "tab-panel" : nothing}
      tabindex=${selected ? 0 : -1}
      @click=${() => this.#select(tab)}
    >
      ${labels[tab]}${count === undefined ? nothing : html` <span class="count">${count}</span>`}
    </button>`;
  }

  #select(tab: Tab): void {
    this.dispatchEvent(new CustomEvent<Tab>("tab-selected", { detail: tab }));
  }

  readonly #move = (event: KeyboardEvent): void => {
    const move = moves[event.key];
    if (move === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const tab = tabs[move(tabs.indexOf(this.selected))];
    if (tab === undefined) return;
    this.#select(tab);
    this.querySelector<HTMLElement>(`#tab-${tab}`)?.focus();
  };
}
