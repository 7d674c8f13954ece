/**
 * What is not seen, or moves what stands around it: controls (terminal escapes begin with one), line and paragraph
 * separators, bidirectional marks, spaces without width, invisible operators, tags, lone surrogates. Joiners stay: emoji
 * and several scripts need them.
 */
const unseen =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

const named: Readonly<Record<string, string>> = { "\t": "\\t", "\n": "\\n", "\r": "\\r", "\r\n": "\\r\\n" };

/** How a character that would not be seen is written: as an escape of JavaScript. */
export function escapeOf(text: string): string {
  const code = (text.codePointAt(0) ?? 0).toString(16);
  return named[text] ?? (code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`);
}

/**
 * Makes text from outside fit to be read in one line by a person who decides by it: what would hide or turn around what
 * stands beside it is written out.
 * @param most how many characters are kept; what is cut off is told by an ellipsis
 */
export function visibleText(text: string, most = 300): string {
  const beginning = text.length <= most ? text : `${text.slice(0, most - 1)}…`;
  return beginning.replace(unseen, escapeOf);
}
