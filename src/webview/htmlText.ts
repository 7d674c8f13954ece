const named: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  copy: "©",
  hellip: "…",
  mdash: "—",
  ndash: "–",
};

/** Elements that begin a new line; all others stand in one. */
const block =
  /^(?:address|article|aside|blockquote|body|br|dd|div|dl|dt|footer|form|h[1-6]|head|header|hr|html|li|main|nav|ol|p|pre|section|table|tbody|td|tfoot|th|thead|title|tr|ul)$/i;
/**
 * Elements whose content nobody reads. As everywhere here, what has no end reaches to the end of the text: were it no
 * match, the rest would be searched again from each of many beginnings.
 */
const unread = /<(script|style|template|svg|noscript)\b[^>]*(?:>[\s\S]*?(?:<\/\1\s*>|$)|$)/gi;

function character(code: number): string {
  return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : "\ufffd";
}

function decoded(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z]{2,8}));/g, (whole, ...parts: string[]) => {
    const [decimal, hex, name] = parts;
    if (name !== undefined) return named[name] ?? whole;
    return character(decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal));
  });
}

/**
 * What a person would read of an HTML page, such as the error page of a proxy. The result is a text and stays one: it
 * is never made into a page, whatever it holds.
 * @returns lines without white space around; undefined for what is no HTML, or has nothing to read
 */
export function htmlText(source: string): string | undefined {
  if (!/^\s*<(?:!doctype html|html|head|body|h[1-6]|p|div|center|title)\b/i.test(source)) return undefined;
  const text = source
    .replaceAll(/<!--[\s\S]*?(?:-->|$)/g, "")
    .replaceAll(unread, "")
    .replaceAll(/\s+/g, " ")
    .replaceAll(/<\/?([a-z][a-z0-9]*)\b[^>]*(?:>|$)/gi, (_, name: string) => (block.test(name) ? "\n" : ""))
    .replaceAll(/<![^>]*(?:>|$)/g, "");
  const lines = decoded(text)
    .split("\n")
    .map((line) => line.replaceAll(/\s+/g, " ").trim())
    .filter((line) => line !== "");
  // A page's title is often its heading too.
  const fresh = lines.filter((line, index) => line !== lines[index - 1]);
  return fresh.length === 0 ? undefined : fresh.join("\n");
}
