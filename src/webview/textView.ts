import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { guard } from "lit/directives/guard.js";
import type { ShownText } from "../protocol/deliveryView";
import type { Part } from "../protocol/panelMessages";
import { counted } from "./format";
import { icon } from "./icon";
import { jsonLines, type JsonLayout } from "./jsonLines";
import { LightElement } from "./lightElement";
import { send } from "./vscodeApi";

/** More lines make a page slow; the rest is a click away. */
const mostLines = 5_000;
/** Deeper lines stay where they are, so that text is left to see. */
const deepest = 24;

function json({ lines }: JsonLayout): TemplateResult[] {
  return lines.map(({ depth, tokens }) => {
    const level = Math.min(depth, deepest);
    const shown = tokens.map(({ kind, text }) =>
      kind === "plain" ? text : html`<span class="json-${kind}">${text}</span>`,
    );
    // White space in this element would be seen.
    return html`<div class="line depth-${level}">${"\t".repeat(level)}${shown}</div>`;
  });
}

/** A body: JSON laid out and coloured, everything else as the text it is. It is never read as HTML. */
@customElement("pacspace-text")
export class TextView extends LightElement {
  @property({ attribute: false }) text!: ShownText;
  /** What the host copies and opens whole; without it there are no such buttons. */
  @property() source: Part | undefined;
  /** Whether JSON begins laid out. */
  @property({ type: Boolean }) formatted = false;
  @state() private copied = false;

  protected override render(): TemplateResult {
    const { text, cut, bytes } = this.text;
    const layout = jsonLines(text, cut, mostLines);
    const shown = this.formatted ? layout : undefined;
    return html`
      <div class="toolbar">
        <span class="muted">${counted(bytes, "byte")} · ${layout === undefined ? "text" : "JSON"}</span>
        <span class="spacer"></span>
        ${layout === undefined ? nothing : this.#formatSwitch()}
        ${this.source === undefined ? nothing : this.#buttons()}
      </div>
      ${cut || shown?.complete === false ? this.#rest() : nothing}
      ${
        text === ""
          ? html`<p class="empty">The body is empty.</p>`
          : html`<div class="code ${shown === undefined ? "as-sent" : "laid-out"}">
              ${guard([text, shown === undefined], () =>
                shown === undefined ? html`<div class="line">${text}</div>` : json(shown),
              )}
            </div>`
      }
    `;
  }

  #formatSwitch(): TemplateResult {
    return html`<vscode-toolbar-button
      icon="symbol-namespace"
      toggleable
      ?checked=${this.formatted}
      @change=${() => (this.formatted = !this.formatted)}
      >Formatted</vscode-toolbar-button
    >`;
  }

  #buttons(): TemplateResult {
    return html`
      <vscode-toolbar-button icon=${this.copied ? "check" : "copy"} @click=${this.#copy}
        >${this.copied ? "Copied" : "Copy"}</vscode-toolbar-button
      >
      <vscode-toolbar-button icon="go-to-file" @click=${this.#open}>Open as Document</vscode-toolbar-button>
    `;
  }

  #rest(): TemplateResult {
    return html`<p class="note" role="note">
      ${icon("info")}
      <span>This is the beginning${this.source === undefined ? "." : html`; "Open as Document" shows all of it.`}</span>
    </p>`;
  }

  readonly #copy = (): void => {
    if (this.source === undefined) return;
    send({ type: "copy", part: this.source });
    this.copied = true;
    setTimeout(() => (this.copied = false), 2_000);
  };

  readonly #open = (): void => {
    if (this.source !== undefined) send({ type: "openDocument", part: this.source });
  };
}
