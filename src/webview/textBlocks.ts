import { escapeOf } from "../core/model/visibleText";

/** A browser lays out a block of this many characters in no time. */
const blockLength = 4_096;
/** A page can't be higher than some ten million pixels; further lines would lie beyond. */
const mostLines = 500_000;

export interface TextBlock {
  readonly start: number;
  readonly end: number;
}

/**
 * Cuts a text into blocks, behind line breaks where there are any, so that only what is in view needs to be laid out.
 * No surrogate pair and no CRLF is cut in two.
 * @returns the blocks, and whether they are all: there is an end to how high a page can be
 */
export function textBlocks(text: string): { readonly blocks: readonly TextBlock[]; readonly complete: boolean } {
  const blocks: TextBlock[] = [];
  let lines = 0;
  for (let start = 0; start < text.length;) {
    if (lines > mostLines) return { blocks, complete: false };
    const part = text.slice(start, start + blockLength);
    const end = start + (start + part.length === text.length ? part.length : blockEnd(part));
    lines += part.slice(0, end - start).split("\n").length - 1;
    blocks.push({ start, end });
    start = end;
  }
  return { blocks, complete: true };
}

function blockEnd(part: string): number {
  const lineBreak = part.lastIndexOf("\n");
  if (lineBreak >= 0) return lineBreak + 1;
  return /[\uD800-\uDBFF\r]$/.test(part) ? part.length - 1 : part.length;
}

/**
 * What is not seen, or moves what stands around it: controls, formatting and bidirectional characters, the spaces that
 * are not U+0020, fillers, variation selectors, lone surrogates; and spaces at the end of a line.
 */
const invisible =
  /\r\n|\p{Cc}|\p{Cf}|\p{Cs}|\p{Zl}|\p{Zp}|(?! )\p{Zs}|\p{Default_Ignorable_Code_Point}| +(?=[\r\n]|$)/gu;

/** What changes the direction of the text around it, or hides in it; line breaks and tabs part tokens, and are harmless. */
const misleading =
  /(?![\t\n\r])[\p{Cc}\p{Zl}\p{Zp}\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;

export interface TextPiece {
  /** As it stands in the text. */
  readonly text: string;
  /** How it is shown, where it would not be seen. */
  readonly escape?: string;
}

/** Spaces that would not be seen are counted rather than named. */
function pieceEscape(text: string): string {
  return text.startsWith(" ") ? "·".repeat(text.length) : escapeOf(text);
}

/**
 * Cuts a text into what is seen and what is not. The pieces' texts together are the text.
 * @param goesOn whether the line goes on behind the text, so that spaces at its end are none at a line's end
 */
export function textPieces(text: string, goesOn: boolean): readonly TextPiece[] {
  const pieces = piecesAround(text, invisible);
  const last = pieces.at(-1);
  return goesOn && last?.text.startsWith(" ") === true ? [...pieces.slice(0, -1), { text: last.text }] : pieces;
}

/** Cuts a text around the characters that would move others or not be seen, so that these can be shown. */
export function directedPieces(text: string): readonly TextPiece[] {
  return piecesAround(text, misleading);
}

function piecesAround(text: string, pattern: RegExp): readonly TextPiece[] {
  const pieces: TextPiece[] = [];
  let at = 0;
  for (const { 0: match, index } of text.matchAll(pattern)) {
    if (index > at) pieces.push({ text: text.slice(at, index) });
    pieces.push({ text: match, escape: pieceEscape(match) });
    at = index + match.length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at) });
  return pieces;
}
