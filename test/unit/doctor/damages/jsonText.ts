/** Edits of JSON texts, written without the doctor's own means. */
export type TextEdit = (text: string) => string | undefined;

const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gs;

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return /^[{[]/.test(text);
  } catch {
    return false;
  }
}

/** The edit of a body that is JSON; undefined for another one. */
export function onJson(edit: TextEdit): (body: Buffer) => Buffer | undefined {
  return (body) => {
    const text = body.toString("utf8");
    const edited = Buffer.from(text).equals(body) && isJson(text) ? edit(text) : undefined;
    return edited === undefined ? undefined : Buffer.from(edited);
  };
}

/** Prints tokens anew, as JSON.stringify does with an indentation. */
export function prettyPrinted(text: string, indent: string): string {
  let depth = 0;
  let out = "";
  const found = text.match(tokens) ?? [];
  for (const [index, token] of found.entries()) {
    const line = (): string => `\n${indent.repeat(depth)}`;
    const isEmpty = /^[}\]]$/.test(found[index + 1] ?? "");
    if (/^[{[]$/.test(token)) {
      depth++;
      out += isEmpty ? token : token + line();
    } else if (/^[}\]]$/.test(token)) {
      depth--;
      out += /^[{[]$/.test(found[index - 1] ?? "") ? token : line() + token;
    } else if (token === ",") out += token + line();
    else out += token === ":" ? ": " : token;
  }
  return out;
}

export function spaced(text: string): string {
  return (text.match(tokens) ?? []).map((token) => (/^[,:]$/.test(token) ? `${token} ` : token)).join("");
}

export function unicodeEscaped(text: string): string {
  return text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

export function inStrings(text: string, edit: (string: string) => string): string {
  return text.replace(tokens, (token) => (token.startsWith('"') ? edit(token) : token));
}

/** Escapes some characters of the strings as \u sequences, their digits in lower or upper case. */
export function escapedInStrings(text: string, characters: RegExp, upperCase = false): string {
  return inStrings(text, (string) =>
    string.replace(characters, (char) => {
      const digits = char.charCodeAt(0).toString(16).padStart(4, "0");
      return `\\u${upperCase ? digits.toUpperCase() : digits}`;
    }),
  );
}

/** The envelope with its three keys in another order; undefined for what is none. */
export function envelopeInOrder(text: string, order: readonly [number, number, number]): string | undefined {
  const parts = /^\{("event":.*?),("timestamp":"[^"]*"),("data":.*)\}$/s.exec(text)?.slice(1);
  return parts && `{${order.map((place) => parts[place] ?? "").join(",")}}`;
}

/** Writes the first number of a form in another one; undefined where there is none. */
export function firstNumber(text: string, form: RegExp, written: (number: string) => string): string | undefined {
  for (const { 0: token, index } of text.matchAll(tokens)) {
    if (form.test(token)) return text.slice(0, index) + written(token) + text.slice(index + token.length);
  }
  return undefined;
}

/** The envelope with a number more in its data; undefined for what is none. */
export function withNumber(text: string, number: string): string | undefined {
  const edited = text.replace(/"data":(.*)\}$/s, (_, data: string) => `"data":{"n":${number},"value":${data}}}`);
  return edited === text ? undefined : edited;
}

/** Puts characters in place of their \u escapes; half of a pair stays escaped. */
export function unescaped(text: string, applies: (code: number) => boolean): string {
  const escapes = /\\(?:u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})|u([0-9a-f]{4})|.)/gis;
  return text.replace(escapes, (escape, high?: string, low?: string, one?: string) => {
    if (high !== undefined && low !== undefined) {
      return applies(0x10000) ? String.fromCharCode(Number.parseInt(high, 16), Number.parseInt(low, 16)) : escape;
    }
    const code = one === undefined ? -1 : Number.parseInt(one, 16);
    return code < 0 || (code >= 0xd800 && code < 0xe000) || !applies(code) ? escape : String.fromCharCode(code);
  });
}
