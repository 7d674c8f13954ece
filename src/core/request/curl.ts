import { invalidInput } from "../errors";
import { readHeaderLine } from "./headers";
import type { ReadRequest } from "./readRequestTypes";
import { joinedBytes } from "./joinedBytes";
import { pipedBody } from "./pipedBody";
import { shellCommand, type ShellWord } from "./shellWords";

/** Short options that take a value, of those that a request is copied with. */
const shortWithValue = "AbcCdDeEFhHKmnoPQrtTuUwxXYyz";
const longWithValue = new Set(
  (
    "url request header data data-ascii data-raw data-binary data-urlencode json form form-string user user-agent " +
    "cookie cookie-jar referer output write-out max-time connect-timeout connect-to resolve proxy proxy-user proxy-header " +
    "cacert capath cert key cert-type key-type pass ciphers tls-max config upload-file retry retry-delay retry-max-time " +
    "interface range limit-rate max-redirs dump-header trace trace-ascii stderr noproxy oauth2-bearer unix-socket " +
    "local-port dns-servers max-filesize time-cond speed-limit speed-time variable aws-sigv4 socks5 socks5-hostname " +
    "preproxy request-target url-query"
  ).split(" "),
);
const shortNames: Readonly<Record<string, string>> = {
  d: "data",
  H: "header",
  F: "form",
  T: "upload-file",
  K: "config",
  A: "user-agent",
  e: "referer",
};

interface Option {
  readonly name: string;
  readonly value: ShellWord;
}

/** The options with a value; those without one and the URL say nothing of headers and body. */
function optionsOf(words: readonly ShellWord[]): readonly Option[] {
  const options: Option[] = [];
  const missing = (name: string): never => {
    throw invalidInput(`The curl option ${name} has no value. Paste the whole command.`);
  };
  for (let at = 0; at < words.length; at++) {
    const { text } = words[at] ?? { text: "" };
    if (text === "--") break;
    if (/^[\u2013\u2014]/.test(text)) {
      throw invalidInput(
        `"${text.slice(0, 60)}" begins with a dash that a text editor has put in place of hyphens. Write it with - or --.`,
      );
    }
    if (text.startsWith("--")) {
      const name = text.slice(2);
      if (longWithValue.has(name)) options.push({ name, value: words[++at] ?? missing(text) });
    } else if (text.startsWith("-") && text.length > 1) {
      const place = Array.from(text).findIndex((char, index) => index > 0 && shortWithValue.includes(char));
      if (place < 0) continue;
      const letter = text.charAt(place);
      const attached = text.slice(place + 1);
      const word = attached === "" ? (words[++at] ?? missing(`-${letter}`)) : { ...words[at], text: attached };
      options.push({ name: shortNames[letter] ?? letter, value: word });
    }
  }
  return options;
}

function settled({ name, value }: Option): string {
  if (value.expansion !== undefined) {
    throw invalidInput(
      `The curl option --${name} holds ${value.expansion}, which only the shell can fill in. Paste the command with the text itself.`,
    );
  }
  return value.text;
}

function notFromFile(option: Option, text: string, place = 0): string {
  if (text.charAt(place) === "@" || (option.name === "data-urlencode" && /^[^=@]*@/.test(text))) {
    throw invalidInput(
      `The curl option --${option.name} reads a file (${text.slice(place).slice(0, 60)}), which is not part of the command. Open that file for the body, or paste its text.`,
    );
  }
  return text;
}

/** Half a surrogate pair, as a broken paste may have, would make the encoder throw. */
function wellFormed(text: string): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(new TextEncoder().encode(text));
}

/** As curl does it: what stands behind the first `=` is percent-encoded, the name before it is not. */
function urlEncoded(text: string): string {
  const equals = text.indexOf("=");
  const encoded = encodeURIComponent(wellFormed(text.slice(equals + 1))).replaceAll(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return equals > 0 ? `${text.slice(0, equals)}=${encoded}` : encoded;
}

function headerOf(option: Option): readonly (readonly [string, string])[] {
  const text = notFromFile(option, settled(option));
  if (/^[^:]+;$/.test(text)) return [[text.slice(0, -1), ""]];
  const header = readHeaderLine(text);
  if (header === undefined) {
    throw invalidInput(`The curl option --header "${text.slice(0, 60)}" is not of the form "Name: value".`);
  }
  // `Name:` without a value takes a header out.
  return header[1] === "" || header[0].startsWith(":") ? [] : [header];
}

const ampersand = new TextEncoder().encode("&");

/** What one option adds to the body. */
function partOf(option: Option, piped: Uint8Array | undefined): Uint8Array {
  const { name } = option;
  const text = settled(option);
  if (piped !== undefined && text === "@-" && /^(?:data(?:-ascii|-binary)?|json)$/.test(name)) {
    // As curl does it: --data takes line ends and NUL out of what it reads.
    return /^data(?:-ascii)?$/.test(name) ? piped.filter((byte) => byte !== 10 && byte !== 13 && byte !== 0) : piped;
  }
  const own = name === "data-raw" ? text : notFromFile(option, text);
  return new TextEncoder().encode(name === "data-urlencode" ? urlEncoded(own) : own);
}

/** The body's parts in order: curl joins those of --data by `&`, those of --json by nothing. */
function bodyOf(options: readonly Option[], piped: Uint8Array | undefined): Uint8Array | undefined {
  const parts: Uint8Array[] = [];
  for (const option of options) {
    const { name } = option;
    if (name === "form" || name === "form-string") {
      throw invalidInput("The command sends a multipart form (-F); a delivery's body is JSON, given by --data-raw.");
    }
    if (name === "upload-file" || name === "config") {
      throw invalidInput(`The command reads a file (--${name}), which is not part of it. Open that file for the body.`);
    }
    if (!/^(?:data(?:-ascii|-raw|-binary|-urlencode)?|json)$/.test(name)) continue;
    if (parts.length > 0 && name !== "json") parts.push(ampersand);
    parts.push(partOf(option, piped));
  }
  return parts.length === 0 ? undefined : joinedBytes(parts);
}

/** A shell's prompt with what it tells of user and place, as a terminal's text has it, and the word that takes the time. */
const beforeCommand = /^\s*(?:[\w.@:~/\\ ()[\]-]{0,80}[$>%#\u276f]\s+)?(?:time\s+)?/;

/**
 * Reads a curl command line, as people write it and as browsers copy it; printf or echo may give it the body.
 * @returns undefined when the text is no curl command
 * @throws PacSpaceError `invalid` when something of the request is not in the command: a file, a shell's variable
 */
export function readCurl(text: string): ReadRequest | undefined {
  const line = text.slice(beforeCommand.exec(text.slice(0, 400))?.[0].length);
  const piped = pipedBody(line);
  const command = piped?.pipedTo ?? line;
  const name = /^\s*(?:\S*\/)?curl(?:\.exe)?(?=\s)/.exec(command.slice(0, 400))?.[0];
  if (name === undefined) return undefined;
  const { words, notes } = shellCommand(command.slice(name.length));
  const options = optionsOf(words);
  const body = bodyOf(options, piped?.body);
  const headers = options.filter((option) => option.name === "header").flatMap(headerOf);
  if (body !== undefined) return { kind: "curl", headers, body, notes };
  return { kind: "curl", headers, notes: [...notes, "The command has no --data, so there is no body."] };
}
