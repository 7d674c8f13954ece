import { invalidInput } from "../errors";

/** One word of a command line. */
export interface ShellWord {
  readonly text: string;
  /** What a shell would have put in, and only a shell knows: the first `$NAME`, `$(…)` or backquoted part. */
  readonly expansion?: string;
}

export interface ShellCommand {
  readonly words: readonly ShellWord[];
  /** What stands behind the pipe that ends the command; undefined where something else ends it. */
  readonly pipedTo?: string;
  /** Sentences for a person about what a shell would not have read so. */
  readonly notes: readonly string[];
}

/** What a backslash and a letter stand for in `$'…'` and for printf. */
export const ansiEscapes: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  a: "\u0007",
  b: "\b",
  e: "\u001b",
  E: "\u001b",
  f: "\f",
  v: "\v",
};

/** Splits a POSIX command line: quotes, `$'…'`, escapes and continued lines; the first command only. */
class WordReader {
  private at = 0;
  private parts: string[] = [];
  private expansion: string | undefined;
  private inWord = false;
  private readonly words: ShellWord[] = [];
  private readonly notes: string[] = [];

  constructor(private readonly line: string) {}

  read(): ShellCommand {
    while (this.at < this.line.length) {
      const char = this.line.charAt(this.at);
      if (/\s/.test(char)) {
        this.endWord();
        if (char === "\n" && this.words.length > 0) break;
        this.at++;
      } else if ("|;&<>".includes(char)) {
        if (this.line.startsWith("<<", this.at)) {
          throw invalidInput(
            "The command reads its body from a here-document. Put the body behind --data-raw in quotes.",
          );
        }
        // `2>file`: the digit belongs to the redirection.
        if (/^\d$/.test(this.parts.join(""))) this.parts = [];
        this.endWord();
        break;
      } else if (char === "#" && !this.inWord) break;
      else this.piece(char);
    }
    this.endWord();
    const { words, notes } = this;
    const isPipe = /^\|[^|]/.test(this.line.slice(this.at, this.at + 2));
    return { words, notes, ...(isPipe && { pipedTo: this.line.slice(this.at + 1) }) };
  }

  private endWord(): void {
    const text = this.parts.join("");
    if (this.inWord && !(text === "" && this.parts.length === 0)) {
      this.words.push({ text, ...(this.expansion !== undefined && { expansion: this.expansion }) });
    }
    this.parts = [];
    this.expansion = undefined;
    this.inWord = false;
  }

  private add(text: string): void {
    this.inWord = true;
    this.parts.push(text);
  }

  private piece(char: string): void {
    if (char === "'") this.singleQuoted();
    else if (char === '"') this.doubleQuoted();
    else if (char === "\\") {
      const next = this.line.charAt(this.at + 1);
      const lineEnd = /[ \t]*\r?\n/y;
      lineEnd.lastIndex = this.at + 1;
      const continued = lineEnd.exec(this.line)?.[0];
      if (continued !== undefined) this.continueLine(continued);
      else {
        this.add(next);
        this.at += 2;
      }
    } else if (char === "$" && this.line.charAt(this.at + 1) === "'") this.ansiQuoted();
    // PowerShell continues a line by a backquote.
    else if (/^`\r?\n/.test(this.line.slice(this.at, this.at + 3))) this.at = this.line.indexOf("\n", this.at) + 1;
    else if (char === "$" || char === "`") this.dollar();
    else {
      const plain = /^[^\s'"\\$`|;&<>]+/.exec(this.line.slice(this.at, this.at + 4096))?.[0] ?? char;
      this.add(plain);
      this.at += plain.length;
    }
  }

  /** A shell ends the command at a blank behind the backslash; who copied it meant it to go on. */
  private continueLine(behindBackslash: string): void {
    this.at += 1 + behindBackslash.length;
    if (!/^[ \t]/.test(behindBackslash)) return;
    this.endWord();
    const note = "Blanks stand behind a backslash at a line's end. The command was read on from there.";
    if (!this.notes.includes(note)) this.notes.push(note);
  }

  private unclosed(quote: string): never {
    throw invalidInput(`A quote (${quote}) of the command is not closed. Paste the whole command.`);
  }

  private singleQuoted(): void {
    const end = this.line.indexOf("'", this.at + 1);
    if (end < 0) this.unclosed("'");
    this.add(this.line.slice(this.at + 1, end));
    this.at = end + 1;
  }

  private doubleQuoted(): void {
    this.add("");
    this.at++;
    for (;;) {
      const plain = /[^"\\$`]*/y;
      plain.lastIndex = this.at;
      const text = plain.exec(this.line)?.[0] ?? "";
      this.add(text);
      this.at += text.length;
      const char = this.line.charAt(this.at);
      if (char === "") this.unclosed('"');
      if (char === '"') break;
      if (char === "\\") this.escapeInDoubleQuotes();
      else this.dollar();
    }
    this.at++;
  }

  private escapeInDoubleQuotes(): void {
    const next = this.line.charAt(this.at + 1);
    if (next === "\n") this.at += 2;
    else if (this.line.startsWith("\r\n", this.at + 1)) this.at += 3;
    else {
      this.add('"\\$`'.includes(next) && next !== "" ? next : `\\${next}`);
      this.at += 1 + next.length;
    }
  }

  /** A `$` or backquote: kept as it stands, and remembered where a shell would have replaced it. */
  private dollar(): void {
    const rest = this.line.slice(this.at, this.at + 200);
    const found = /^(?:`[^`]*`?|\$(?:\w+|\{[^}]*\}?|\([^)]*\)?|[@*#?!$-]))/.exec(rest)?.[0];
    if (found !== undefined) this.expansion ??= found.slice(0, 40);
    const text = found ?? rest.charAt(0);
    this.add(text);
    this.at += text.length;
  }

  private ansiQuoted(): void {
    this.add("");
    this.at += 2;
    for (;;) {
      const char = this.line.charAt(this.at);
      if (char === "") this.unclosed("$'");
      if (char === "'") break;
      if (char === "\\") this.ansiEscape();
      else {
        this.add(char);
        this.at++;
      }
    }
    this.at++;
  }

  private ansiEscape(): void {
    const rest = this.line.slice(this.at + 1, this.at + 12);
    const unicode = /^(?:u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8}))/.exec(rest);
    const byte = /^(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3}))/.exec(rest);
    if (unicode) {
      const code = Number.parseInt(unicode[1] ?? unicode[2] ?? "0", 16);
      this.add(code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd");
      this.at += 1 + unicode[0].length;
    } else if (byte) this.ansiBytes();
    else {
      const next = rest.charAt(0);
      this.add(ansiEscapes[next] ?? next);
      this.at += 1 + next.length;
    }
  }

  /** Bytes in a row are UTF-8 together, as `\xc3\xa9` is. */
  private ansiBytes(): void {
    const bytes: number[] = [];
    for (;;) {
      const found = /^\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3}))/.exec(this.line.slice(this.at, this.at + 5));
      if (!found) break;
      bytes.push((found[1] === undefined ? Number.parseInt(found[2] ?? "0", 8) : Number.parseInt(found[1], 16)) & 0xff);
      this.at += found[0].length;
    }
    this.add(new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(bytes)));
  }
}

/** Windows' command prompt escapes by a caret; browsers copy commands for it so. */
function withoutCarets(line: string): string {
  return line.replaceAll(/\^(\r?\n\r?\n|\r?\n\s*|[\s\S])/g, (_, next: string) => {
    // An empty line behind a caret is a line end within quotes.
    if (/^\r?\n\r?\n$/.test(next)) return next.slice(next.length / 2);
    return /^\r?\n/.test(next) ? " " : next;
  });
}

/** In Windows' quotes a doubled one is one that is meant; a POSIX shell would take both away. */
function withoutDoubledQuotes(line: string): string {
  return line.replaceAll(/(?<=\s)"([[{](?:[^"]|"")*)"(?=\s|$)/g, (_, inner: string) => {
    return `"${inner.replaceAll('""', '\\"')}"`;
  });
}

/**
 * Splits a command line into words as a shell does, without replacing anything: POSIX shells, and what browsers copy
 * for Windows' command prompt.
 * @returns the first command
 * @throws PacSpaceError `invalid` for an open quote or a here-document
 */
export function shellCommand(line: string): ShellCommand {
  // The command prompt knows no single quotes: what stands behind one is a POSIX shell's text, carets and all.
  const forWindows = /^[^']*?(?:\^\r?\n|\^")/.test(line);
  if (forWindows) return new WordReader(withoutCarets(line)).read();
  const hasDoubled = /^[^']*\s"[[{]\s*""/.test(line);
  return new WordReader(hasDoubled ? withoutDoubledQuotes(line) : line).read();
}
