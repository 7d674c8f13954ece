import { createScanner } from "jsonc-parser";

/** The scanner's token kinds. The library declares them as a const enum, which a file compiled alone can't read. */
const token = {
  openBrace: 1,
  closeBrace: 2,
  openBracket: 3,
  closeBracket: 4,
  comma: 5,
  colon: 6,
  null: 7,
  true: 8,
  false: 9,
  string: 10,
  number: 11,
  lineBreak: 14,
  space: 15,
  end: 17,
} as const;

export interface JsonToken {
  readonly kind: "key" | "string" | "number" | "literal" | "plain";
  /** Exactly as it stands in the text. */
  readonly text: string;
}

export interface JsonLine {
  readonly depth: number;
  readonly tokens: readonly JsonToken[];
}

const valueKinds: ReadonlyMap<number, JsonToken["kind"]> = new Map([
  [token.null, "literal"],
  [token.true, "literal"],
  [token.false, "literal"],
  [token.string, "string"],
  [token.number, "number"],
]);

type Expected = "value" | "valueOrEnd" | "key" | "keyOrEnd" | "colon" | "commaOrEnd" | "nothing";

/** Lays tokens out over lines as they come, and knows which may come next. */
class Layout {
  readonly lines: { readonly depth: number; readonly tokens: JsonToken[] }[] = [{ depth: 0, tokens: [] }];
  readonly #open: number[] = [];
  #expected: Expected = "value";

  get complete(): boolean {
    return this.#expected === "nothing";
  }

  add(text: string, kind: JsonToken["kind"] = "plain"): void {
    this.lines.at(-1)?.tokens.push({ kind, text });
  }

  #line(): void {
    this.lines.push({ depth: this.#open.length, tokens: [] });
  }

  /** @returns whether the token may stand here */
  take(kind: number, text: string): boolean {
    switch (this.#expected) {
      case "keyOrEnd":
      case "valueOrEnd":
      case "commaOrEnd":
        return kind === this.#open.at(-1) ? this.#close(text) : this.#member(kind, text);
      case "key":
      case "value":
        return this.#item(kind, text);
      case "colon":
        if (kind !== token.colon) return false;
        this.add(": ");
        this.#expected = "value";
        return true;
      case "nothing":
        return false;
    }
  }

  #close(text: string): boolean {
    this.#open.pop();
    if (this.#expected === "commaOrEnd") this.#line();
    this.add(text);
    return this.#afterValue();
  }

  #member(kind: number, text: string): boolean {
    if (this.#expected !== "commaOrEnd") {
      this.#line();
      return this.#item(kind, text);
    }
    if (kind !== token.comma) return false;
    this.add(",");
    this.#line();
    this.#expected = this.#open.at(-1) === token.closeBrace ? "key" : "value";
    return true;
  }

  #item(kind: number, text: string): boolean {
    if (this.#expected.startsWith("key")) {
      if (kind !== token.string) return false;
      this.add(text, "key");
      this.#expected = "colon";
      return true;
    }
    const valueKind = valueKinds.get(kind);
    if (valueKind !== undefined) {
      this.add(text, valueKind);
      return this.#afterValue();
    }
    if (kind !== token.openBrace && kind !== token.openBracket) return false;
    this.add(text);
    this.#open.push(kind === token.openBrace ? token.closeBrace : token.closeBracket);
    this.#expected = kind === token.openBrace ? "keyOrEnd" : "valueOrEnd";
    return true;
  }

  #afterValue(): true {
    this.#expected = this.#open.length === 0 ? "nothing" : "commaOrEnd";
    return true;
  }
}

export interface JsonLayout {
  readonly lines: readonly JsonLine[];
  /** Whether the lines are all. */
  readonly complete: boolean;
}

/**
 * Lays JSON out over lines. Tokens keep their text: big integers, duplicate keys, number forms and escapes stand as they
 * were sent, only the white space between them is new.
 * @param text JSON, or its beginning
 * @param cut whether the text ends before the JSON does
 * @param most how many lines to make
 * @returns undefined when the text is no JSON
 */
export function jsonLines(text: string, cut: boolean, most: number): JsonLayout | undefined {
  const scanner = createScanner(text, false);
  const layout = new Layout();
  for (;;) {
    const kind: number = scanner.scan();
    if (kind === token.lineBreak || kind === token.space) continue;
    if (kind === token.end) return cut || layout.complete ? { lines: layout.lines, complete: !cut } : undefined;
    const tokenText = text.slice(scanner.getTokenOffset(), scanner.getPosition());
    if (cut && scanner.getPosition() >= text.length) {
      // The text may have been cut inside this token.
      layout.add(tokenText);
      return { lines: layout.lines, complete: false };
    }
    if ((scanner.getTokenError() as number) !== 0 || !layout.take(kind, tokenText)) return undefined;
    if (layout.lines.length > most) return { lines: layout.lines.slice(0, most), complete: false };
  }
}
