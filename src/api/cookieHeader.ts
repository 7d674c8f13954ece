import { invalidInput } from "../core/errors";

export interface NamedValue {
  readonly name: string;
  readonly value: string;
}

/** Attributes of `Set-Cookie` (RFC 6265, 4.1), which a `Cookie` header never holds. */
const attributes: readonly string[] = ["path", "domain", "expires", "max-age", "secure", "httponly", "samesite"];

/**
 * Reads the value of a `Cookie:` header, as a browser's developer tools copy it.
 * @param text with or without the header's name in front
 * @returns names and values, in their order
 * @throws PacSpaceError `invalid`; the message never repeats what was pasted
 */
export function parseCookieHeader(text: string): readonly NamedValue[] {
  const trimmed = text.trim();
  if (/^set-cookie\s*:/i.test(trimmed)) {
    throw invalidInput("That is a Set-Cookie header of an answer. Paste the Cookie header of a request: name=value; …");
  }
  const value = trimmed.replace(/^cookie\s*:\s*/i, "");
  if (value === "") throw invalidInput("The cookie is empty. Paste the value of the Cookie header: name=value; …");
  if (/[\p{Cc}]/u.test(value)) {
    throw invalidInput("The cookie holds a line break or another control character. Paste the one line's value alone.");
  }

  if (/[^\x20-\x7E]/.test(value)) {
    throw invalidInput(
      "The cookie holds a character that no cookie can, such as … of a shortened text. Copy it again.",
    );
  }
  const pairs: NamedValue[] = [];
  for (const part of value.split(";")) {
    const pair = part.trim();
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    const name = (equals === -1 ? pair : pair.slice(0, equals)).trim();
    if (attributes.includes(name.toLowerCase())) {
      throw invalidInput(
        `The cookie holds the attribute ${name}: that is a Set-Cookie header. Paste name=value alone.`,
      );
    }
    if (equals === -1) {
      throw invalidInput("A part of the cookie has no name. Paste the value of the Cookie header: name=value; …");
    }
    if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name)) {
      throw invalidInput("A cookie's name is empty or holds a character that no name can. Copy the header again.");
    }
    pairs.push({ name, value: pair.slice(equals + 1).trim() });
  }
  if (pairs.length === 0)
    throw invalidInput("The cookie is empty. Paste the value of the Cookie header: name=value; …");
  return pairs;
}
