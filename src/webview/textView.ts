import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { mostShownText, type ShownText } from "../protocol/deliveryView";
import type { Part, TextRef } from "../protocol/panelMessages";
import { counted } from "./format";
import { icon } from "./icon";
import { placeOf, type JsonProblem } from "./json/jsonTable";
import { JsonTree } from "./json/jsonTree";
import { readTree } from "./json/readTree";
import { LightElement } from "./lightElement";
import { pieceView } from "./rawText";
import { textPieces } from "./textBlocks";
import { send } from "./vscodeApi";

/** What stands around the place where a text stops being JSON. */
const excerptLength = 24;

/** Whether a text means to be JSON: an object or an array. */
function looksLikeJson(text: string): boolean {
  return /^\ufeff?\s*[[{]/.test(text);
}

/** A body: JSON as a tree, everything else as the text it is. It is never read as HTML. */
@customElement("pacspace-text")
export class TextView extends LightElement {
  @property({ attribute: false }) text!: ShownText;
  /** By what the host knows the text. */
  @property({ attribute: false }) of!: TextRef;
  /** What it is, in a word or two. */
  @property() label = "Text";
  /** Whether JSON begins as a tree. */
  @property({ type: Boolean }) formatted = false;
  @state() private invisibles = false;
  @state() private copied = false;
  #read: JsonTree | JsonProblem = { offset: 0, message: "" };

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("text")) return;
    const { text, cut } = this.text;
    this.#read = readTree(text, cut);
    if (cut && text.length < mostShownText - 1) send({ type: "wholeText", of: this.of });
  }

  protected override render(): TemplateResult {
    const { text, cut, bytes, notText } = this.text;
    const kind = notText ? "not UTF-8, shown as far as it can be" : this.#read instanceof JsonTree ? "JSON" : "text";
    const tree = this.#read instanceof JsonTree ? this.#read : undefined;
    const showsTree = tree !== undefined && this.formatted;
    return html`
      <div class="toolbar">
        <span class="muted">${counted(bytes, "byte")} · ${kind}</span>
        <span class="spacer"></span>
        ${tree === undefined ? nothing : this.#treeSwitch()}
        ${showsTree || text === "" ? nothing : this.#invisiblesSwitch()}
        ${typeof this.of === "string" ? this.#buttons(this.of) : nothing}
      </div>
      ${cut ? this.#beginning(text.length) : nothing}
      ${this.#read instanceof JsonTree ? nothing : this.#problem(this.#read)}
      ${
        text === ""
          ? html`<p class="empty">The body is empty.</p>`
          : showsTree
            ? html`<pacspace-json .tree=${tree} label=${this.label}></pacspace-json>`
            : html`<pacspace-raw .text=${text} label=${this.label} ?invisibles=${this.invisibles}></pacspace-raw>`
      }
    `;
  }

  #treeSwitch(): TemplateResult {
    return html`<vscode-toolbar-button
      icon="list-tree"
      toggleable
      ?checked=${this.formatted}
      @change=${() => (this.formatted = !this.formatted)}
      >Tree</vscode-toolbar-button
    >`;
  }

  #invisiblesSwitch(): TemplateResult {
    return html`<vscode-toolbar-button
      icon="whitespace"
      toggleable
      ?checked=${this.invisibles}
      @change=${() => (this.invisibles = !this.invisibles)}
      >Show Invisible Characters</vscode-toolbar-button
    >`;
  }

  #buttons(part: Part): TemplateResult {
    return html`
      ${
        this.text.notText
          ? nothing
          : html`<vscode-toolbar-button icon=${this.copied ? "check" : "copy"} @click=${() => this.#copy(part)}
              >${this.copied ? "Copied" : "Copy"}</vscode-toolbar-button
            >`
      }
      <vscode-toolbar-button icon="go-to-file" @click=${() => send({ type: "openDocument", part })}
        >Open as Document</vscode-toolbar-button
      >
    `;
  }

  #beginning(length: number): TemplateResult {
    const text =
      length < mostShownText
        ? "Loading the rest…"
        : `These are the first ${counted(length, "character")}${typeof this.of === "string" ? '; "Open as Document" shows all.' : "."}`;
    return html`<p class="note" role="note">${icon("info")} <span>${text}</span></p>`;
  }

  /** Where and why a text that means to be JSON is none. */
  #problem({ offset, message }: JsonProblem): TemplateResult | typeof nothing {
    const { text, cut } = this.text;
    if (!looksLikeJson(text) || (cut && text.length < mostShownText)) return nothing;
    const { line, column } = placeOf(text, offset);
    const before = text.slice(Math.max(0, offset - excerptLength), offset);
    const after = text.slice(offset, offset + excerptLength);
    return html`<p class="callout warning">
      ${icon("warning", "warning")}
      <span
        >This is no valid JSON. ${message}, at line ${line}, column ${column}:
        <code
          ><bdi>${textPieces(before, true).map(pieceView)}</bdi
          ><mark>${after === "" ? "the end" : textPieces(after, true).map(pieceView)}</mark></code
        ></span
      >
    </p>`;
  }

  #copy(part: Part): void {
    send({ type: "copy", part });
    this.copied = true;
    setTimeout(() => (this.copied = false), 2_000);
  }
}
