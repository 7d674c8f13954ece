/**
 * Reads a value as programs print it to a log: JSON, Node's console.log, Python's repr, a Ruby hash. It is for headers
 * and envelopes around a body, never for a body: that is bytes.
 */
export type Literal = string | number | boolean | null | readonly Literal[] | LiteralObject;

/** An object's members in order, duplicates kept, with the place of each value's text. */
export interface LiteralObject {
  readonly members: readonly {
    readonly key: string;
    readonly value: Literal;
    readonly start: number;
    readonly end: number;
  }[];
}

const deepest = 64;
const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f", v: "\v", "0": "\0" };
const words: ReadonlyMap<string, Literal> = new Map<string, Literal>([
  ["true", true],
  ["True", true],
  ["false", false],
  ["False", false],
  ["null", null],
  ["None", null],
  ["nil", null],
  ["undefined", null],
]);

/** Tells an object of a literal from its other shapes. */
export function isLiteralObject(value: Literal | undefined): value is LiteralObject {
  return typeof value === "object" && value !== null && "members" in value;
}

/** Tells an array of a literal from its other shapes. */
export function isLiteralArray(value: Literal | undefined): value is readonly Literal[] {
  return Array.isArray(value);
}

/**
 * Finds a member by its exact name; of duplicates the last one counts, as in JSON.parse.
 * @returns undefined when there is none
 */
export function literalMember(object: LiteralObject, key: string): LiteralObject["members"][number] | undefined {
  return object.members.findLast((member) => member.key === key);
}

/** The value of the first of these names that an object has; undefined for any other literal. */
export function literalValue(object: Literal | undefined, ...keys: readonly string[]): Literal | undefined {
  if (!isLiteralObject(object)) return undefined;
  for (const key of keys) {
    const found = literalMember(object, key);
    if (found !== undefined) return found.value;
  }
  return undefined;
}

/** What stands in a string without a meaning of its own, by the string's quote. */
const plainIn: Readonly<Record<string, RegExp>> = {
  '"': /[^"\\]*/y,
  "'": /[^'\\]*/y,
  "`": /[^`\\]*/y,
};

/** What Node's console.log and Python's repr put in place of a value that they don't show as a literal; a Buffer may be long. */
const opaque =
  /<Buffer [0-9a-f ]*>|<(?:[^<>]|<[^<>]{0,100}>){0,400}>|\[(?:Object|Array|Function|Getter|Setter|Circular|class|Symbol)[^\][]{0,100}\]/y;

function escapeAt(text: string, place: number): { readonly text: string; readonly length: number } {
  const coded = /^\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\})/.exec(
    text.slice(place, place + 10),
  );
  if (coded) {
    const code = Number.parseInt(coded[1] ?? coded[2] ?? coded[3] ?? "0", 16);
    return { text: code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd", length: coded[0].length };
  }
  const char = text.charAt(place + 1);
  return { text: escapes[char] ?? char, length: 2 };
}

class LiteralReader {
  constructor(
    private readonly text: string,
    private at = 0,
  ) {}

  prefix(): { readonly value: Literal; readonly end: number } | undefined {
    const value = this.value(0);
    return value === undefined ? undefined : { value, end: this.at };
  }

  whole(): Literal | undefined {
    const value = this.value(0);
    if (value === undefined) return undefined;
    this.skipSpace();
    return /^;?\s*$/.test(this.text.slice(this.at, this.at + 8)) ? value : undefined;
  }

  private skipSpace(): void {
    while (this.at < this.text.length && " \t\r\n\u00a0".includes(this.text.charAt(this.at))) this.at++;
  }

  private take(part: string): boolean {
    if (!this.text.startsWith(part, this.at)) return false;
    this.at += part.length;
    return true;
  }

  private value(depth: number): Literal | undefined {
    if (depth > deepest) return undefined;
    this.skipSpace();
    opaque.lastIndex = this.at;
    const unseen = opaque.exec(this.text)?.[0];
    if (unseen !== undefined) {
      this.at += unseen.length;
      return null;
    }
    const next = this.text.charAt(this.at);
    if (next === "{") return this.object(depth);
    if (next === "[") return this.list("]", depth);
    if (next === "(") return this.list(")", depth);
    const quoted = this.quoted();
    return quoted ?? this.word(depth);
  }

  private quoted(): string | undefined {
    const prefix = /^[bru](?=['"])/.exec(this.text.slice(this.at, this.at + 2));
    const quote = this.text.charAt(this.at + (prefix ? 1 : 0));
    const plain = plainIn[quote];
    if (plain === undefined) return undefined;
    const parts: string[] = [];
    for (let place = this.at + (prefix ? 2 : 1); ;) {
      plain.lastIndex = place;
      const text = plain.exec(this.text)?.[0] ?? "";
      parts.push(text);
      place += text.length;
      const char = this.text.charAt(place);
      if (char === "") return undefined;
      if (char === quote) {
        this.at = place + 1;
        return parts.join("");
      }
      const escape = escapeAt(this.text, place);
      parts.push(escape.text);
      place += escape.length;
    }
  }

  private word(depth: number): Literal | undefined {
    const found = /^[\w.+\-$]+/.exec(this.text.slice(this.at, this.at + 64))?.[0];
    if (found === undefined) return undefined;
    this.at += found.length;
    // A class name before its content, as in EnvironHeaders([…]) or Headers { … }.
    if (/^[A-Z_a-z]/.test(found) && !words.has(found)) {
      this.skipSpace();
      const next = this.text.charAt(this.at);
      if (next === "{") return this.object(depth + 1);
      if (next !== "(") return undefined;
      const list = this.list(")", depth + 1);
      return isLiteralArray(list) && list.length === 1 ? list[0] : list;
    }
    return (
      words.get(found) ?? (/^-?\d/.test(found) && Number.isFinite(Number(found)) ? Number(found) : words.get(found))
    );
  }

  private list(close: string, depth: number): Literal | undefined {
    this.at++;
    const items: Literal[] = [];
    for (;;) {
      this.skipSpace();
      if (this.take(close)) return items;
      const item = this.value(depth + 1);
      if (item === undefined) return undefined;
      items.push(item);
      this.skipSpace();
      if (!this.take(",") && this.text.charAt(this.at) !== close) return undefined;
    }
  }

  private object(depth: number): Literal | undefined {
    this.at++;
    const members: LiteralObject["members"][number][] = [];
    for (;;) {
      this.skipSpace();
      if (this.take("}")) return { members };
      const key = this.quoted() ?? this.bareKey();
      if (key === undefined) return undefined;
      this.skipSpace();
      if (!this.take(":") && !this.take("=>")) return undefined;
      this.skipSpace();
      const start = this.at;
      const value = this.value(depth + 1);
      if (value === undefined) return undefined;
      members.push({ key, value, start, end: this.at });
      this.skipSpace();
      if (!this.take(",") && this.text.charAt(this.at) !== "}") return undefined;
    }
  }

  private bareKey(): string | undefined {
    const found = /^[\w$-]+/.exec(this.text.slice(this.at, this.at + 128))?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }
}

/**
 * Reads a logged value.
 * @param text the whole text; a class name before the value is passed over
 * @returns undefined when the text is something else, or is nested deeper than 64 levels
 */
export function readLiteral(text: string): Literal | undefined {
  return new LiteralReader(text).whole();
}

/**
 * Reads a logged value that begins at a place of a text, whatever follows it.
 * @returns the value and where it ends; undefined as for `readLiteral`
 */
export function readLiteralAt(text: string, at: number): { readonly value: Literal; readonly end: number } | undefined {
  return new LiteralReader(text, at).prefix();
}
