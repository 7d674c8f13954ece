const longest = 300;

/** Control characters, line separators, and the marks that turn the direction of text around. */
const unprintable = /[\p{Cc}\p{Cs}\u2028\u2029\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]+/gu;

/**
 * Makes text of the server's fit for a message: one line, at most 300 characters, without control characters, without
 * the secrets in play, and without anything that looks like a webhook's secret.
 * @param text as the server sent it
 * @param secrets values to leave out; short ones (under 4 characters) would blot out ordinary words and stay
 * @returns the text without a full stop at its end; undefined when nothing is left or it is a page
 */
export function serverText(text: string, secrets: readonly string[]): string | undefined {
  // Only the beginning is looked at, so that a huge text costs nothing; a secret cut in two by the edge goes with it.
  let clean = text.slice(0, 8 * longest);
  for (const secret of secrets) if (secret.length >= 4) clean = clean.replaceAll(secret, "…");
  clean = clean
    .replace(/whsec_[\w-]+/g, "whsec_…")
    .replace(unprintable, " ")
    .replace(/\s+/g, " ")
    .trim();
  if (clean === "" || /^<(!doctype|html|head|body|\?xml)/i.test(clean)) return undefined;
  if (clean.length > longest) clean = `${clean.slice(0, longest - 1).trimEnd()}…`;
  return clean.replace(/[.\s]+$/, "") || undefined;
}

/** A code or a request id of the server's: printable, without blanks, short; else undefined. */
export function serverToken(value: unknown, secrets: readonly string[]): string | undefined {
  if (typeof value !== "string" || !/^[\w.:/-]{1,128}$/.test(value)) return undefined;
  return serverText(value, secrets) === value ? value : undefined;
}
