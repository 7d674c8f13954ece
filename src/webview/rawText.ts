import { html, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { guard } from "lit/directives/guard.js";
import { LightElement } from "./lightElement";
import { textBlocks, textPieces, type TextBlock, type TextPiece } from "./textBlocks";

/** A text as it is, in blocks of which the browser lays out those in view. Never read as HTML. */
@customElement("pacspace-raw")
export class RawText extends LightElement {
  @property({ attribute: false }) text!: string;
  /** What it is, for who does not see it. */
  @property() label = "";
  /** Whether what is not seen is shown as escapes. */
  @property({ type: Boolean }) invisibles = false;

  protected override render(): TemplateResult {
    const { text, label, invisibles } = this;
    // White space in these elements would be seen.
    return html`<div class="code raw" role="region" tabindex="0" aria-label=${label} @copy=${this.#copy}>
      ${guard([text, invisibles], () => this.#blocks())}
    </div>`;
  }

  #blocks(): readonly TemplateResult[] {
    const { blocks, complete } = textBlocks(this.text);
    const shown = blocks.map((block) => this.#block(block));
    return complete
      ? shown
      : [...shown, html`<p class="note">There are more lines than a page is high; a document shows them all.</p>`];
  }

  #block({ start, end }: TextBlock): TemplateResult {
    const part = this.text.slice(start, end);
    if (!this.invisibles) return html`<div class="block" data-start=${start}>${part}</div>`;
    const pieces = textPieces(part, end < this.text.length && !part.endsWith("\n"));
    const shown = pieces.map((piece) => [pieceView(piece), piece.text.endsWith("\n") ? "\n" : ""]);
    return html`<div class="block" data-start=${start}>${shown}</div>`;
  }

  /** What is copied is the text, whatever stands for it on the page: its line endings, and what is shown as escapes. */
  readonly #copy = (event: ClipboardEvent): void => {
    const selection = getSelection();
    if (selection === null || selection.isCollapsed || event.clipboardData === null) return;
    const range = selection.getRangeAt(0);
    const blocks = [...this.querySelectorAll<HTMLElement>(".block")].filter((block) => range.intersectsNode(block));
    const spans = blocks.flatMap((block) => selectedSpans(block, range));
    const [first, last] = [spans.at(0), spans.at(-1)];
    if (first === undefined || last === undefined) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", this.text.slice(first.from, last.to));
  };
}

/** A piece of text, or the escape that stands for it. */
export function pieceView({ text, escape }: TextPiece): unknown {
  return escape === undefined ? text : html`<span class="escape" data-length=${text.length}>${escape}</span>`;
}

/** The parts of a block's text that are selected, as offsets in the whole text. */
function selectedSpans(block: HTMLElement, range: Range): readonly { readonly from: number; readonly to: number }[] {
  const spans: { from: number; to: number }[] = [];
  let at = Number(block.dataset.start);
  for (const node of block.childNodes) {
    if (node instanceof HTMLElement) {
      const length = Number(node.dataset.length);
      if (range.intersectsNode(node)) spans.push({ from: at, to: at + length });
      at += length;
      // The line break that is drawn behind an escape stands for nothing more.
    } else if (node instanceof Text && !(node.data === "\n" && node.parentElement?.querySelector(".escape"))) {
      const from = node === range.startContainer ? range.startOffset : 0;
      const to = node === range.endContainer ? range.endOffset : node.length;
      if (range.intersectsNode(node) && to > from) spans.push({ from: at + from, to: at + to });
      at += node.length;
    }
  }
  return spans;
}
