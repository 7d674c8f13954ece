import { JsonTable, jsonKind, type JsonProblem } from "./jsonTable";

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;

const literals: Readonly<Record<number, string>> = { 0x74: "true", 0x66: "false", 0x6e: "null" };

/** Thrown inside only: where the text stops being JSON, or where a text that was cut ends. */
class Stop extends Error {
  constructor(
    readonly offset: number,
    message: string,
  ) {
    super(message);
  }
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isHex(code: number): boolean {
  return isDigit(code) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66);
}

/** Reads JSON by RFC 8259 in one pass. What is open is a chain of parents in the table, so depth costs no stack. */
class Reader {
  #at = 0;
  #parent = -1;

  constructor(
    private readonly text: string,
    private readonly table: JsonTable,
  ) {}

  read(): void {
    if (this.text.charCodeAt(0) === 0xfeff) throw new Stop(0, "JSON does not begin with a byte-order mark");
    this.#space();
    do {
      this.#value();
    } while (this.#goOn());
    this.#space();
    if (this.#at < this.text.length) throw new Stop(this.#at, "Something follows the end of the JSON");
  }

  /** What is open where the text was cut ends there. */
  cutOff(): void {
    for (; this.#parent >= 0; this.#parent = this.table.parent[this.#parent] ?? -1) {
      this.table.close(this.#parent, this.text.length);
    }
  }

  #space(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#at++;
    }
  }

  /** Reads a key and its colon where the parent is an object, then one value, or the opening of one. */
  #value(): void {
    const isMember = this.#parent >= 0 && this.table.kind[this.#parent] === jsonKind.object;
    const keyStart = isMember ? this.#key() : -1;
    const start = this.#at;
    const code = this.text.charCodeAt(start);
    if (code === openBrace || code === openBracket) {
      const kind = code === openBrace ? jsonKind.object : jsonKind.array;
      this.#parent = this.table.add(kind, start, this.#parent, keyStart);
      this.#at++;
      return;
    }
    const kind = this.#scalar(code);
    this.table.close(this.table.add(kind, start, this.#parent, keyStart), this.#at);
  }

  #key(): number {
    const start = this.#at;
    if (this.text.charCodeAt(start) !== quote) throw new Stop(start, "A key in quotation marks is expected");
    this.#string();
    this.#space();
    if (this.text.charCodeAt(this.#at) !== 0x3a) throw new Stop(this.#at, "A colon is expected after a key");
    this.#at++;
    this.#space();
    return start;
  }

  /**
   * Moves on to the next value, and closes what ends before it.
   * @returns false when the root is closed
   */
  #goOn(): boolean {
    let opened = this.#parent >= 0 && this.table.length - 1 === this.#parent;
    while (this.#parent >= 0) {
      this.#space();
      const code = this.text.charCodeAt(this.#at);
      const isObject = this.table.kind[this.#parent] === jsonKind.object;
      if (code === (isObject ? closeBrace : closeBracket)) {
        this.#at++;
        this.table.close(this.#parent, this.#at);
        this.#parent = this.table.parent[this.#parent] ?? -1;
        opened = false;
        continue;
      }
      if (opened) return true;
      if (code !== 0x2c) throw new Stop(this.#at, `A comma or ${isObject ? "}" : "]"} is expected`);
      this.#at++;
      this.#space();
      return true;
    }
    return false;
  }

  #scalar(code: number): number {
    if (code === quote) {
      this.#string();
      return jsonKind.string;
    }
    if (code === 0x2d || isDigit(code)) {
      this.#number();
      return jsonKind.number;
    }
    const literal = literals[code];
    if (literal === undefined || !this.text.startsWith(literal, this.#at)) throw this.#noValue(literal);
    this.#at += literal.length;
    return jsonKind.literal;
  }

  #noValue(literal: string | undefined): Stop {
    const rest = this.text.length - this.#at;
    // The beginning of a literal where the text was cut.
    if (literal !== undefined && rest < literal.length && this.text.endsWith(literal.slice(0, rest))) {
      return new Stop(this.text.length, "A value is expected");
    }
    return new Stop(this.#at, "A value is expected");
  }

  #string(): void {
    const { text } = this;
    let at = this.#at + 1;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === quote) break;
      if (code === backslash) at = this.#escape(at);
      else if (code >= 0x20) at++;
      else if (code < 0x20) throw new Stop(at, "A control character in a string must be escaped");
      else throw new Stop(text.length, "A string does not end");
    }
    this.#at = at + 1;
  }

  /** @returns where the escape ends */
  #escape(at: number): number {
    const letter = this.text.charAt(at + 1);
    if (letter === "") throw new Stop(this.text.length, "A string does not end");
    if (letter !== "u") {
      if (!'"\\/bfnrt'.includes(letter)) throw new Stop(at, `\\${letter} is no escape of JSON`);
      return at + 2;
    }
    for (let digit = at + 2; digit < at + 6; digit++) {
      if (digit >= this.text.length) throw new Stop(this.text.length, "A string does not end");
      if (!isHex(this.text.charCodeAt(digit))) throw new Stop(at, "Four hexadecimal digits are expected after \\u");
    }
    return at + 6;
  }

  #digits(): void {
    if (!isDigit(this.text.charCodeAt(this.#at))) throw new Stop(this.#at, "A digit is expected");
    while (isDigit(this.text.charCodeAt(this.#at))) this.#at++;
  }

  #number(): void {
    const { text } = this;
    if (text.charCodeAt(this.#at) === 0x2d) this.#at++;
    if (text.charCodeAt(this.#at) === 0x30) {
      this.#at++;
      if (isDigit(text.charCodeAt(this.#at))) throw new Stop(this.#at, "A number does not begin with 0");
    } else this.#digits();
    if (text.charCodeAt(this.#at) === 0x2e) {
      this.#at++;
      this.#digits();
    }
    if ((text.charCodeAt(this.#at) | 0x20) === 0x65) {
      this.#at++;
      const sign = text.charCodeAt(this.#at);
      if (sign === 0x2b || sign === 0x2d) this.#at++;
      this.#digits();
    }
  }
}

/**
 * Reads a JSON text into a table of its values.
 * @param cut whether the text ends before its JSON does: then what stands there is read, up to the last whole value
 * @returns where and why it is no JSON, when it is none
 */
export function readJson(text: string, cut = false): JsonTable | JsonProblem {
  const table = new JsonTable(text, !cut);
  const reader = new Reader(text, table);
  try {
    reader.read();
  } catch (stop) {
    if (!(stop instanceof Stop)) throw stop;
    if (!cut || stop.offset < text.length) return { offset: stop.offset, message: stop.message };
    reader.cutOff();
    if (table.length === 0) return { offset: stop.offset, message: stop.message };
  }
  return table;
}
