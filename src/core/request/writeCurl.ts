import { sendableHeaders, sendableUrl, utf8Text, type WrittenRequest } from "./writtenRequest";

/** One argument may have 128 KiB on Linux; longer bodies go by standard input. */
const longestArgument = 100_000;

/** A POSIX shell's quotes, in which nothing is special but their own end. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Bytes as `printf` writes them: octal, since POSIX knows no other escape for any byte. A hyphen might begin an option. */
function printfBytes(bytes: Uint8Array): string {
  const pieces = Array.from(bytes, (byte) => {
    const isPlain = byte >= 0x20 && byte < 0x7f && !`-'\\%`.includes(String.fromCharCode(byte));
    return isPlain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, "0")}`;
  });
  return `printf '${pieces.join("")}'`;
}

/**
 * Writes a POST as a curl command for a POSIX shell (sh, bash, zsh). The body's bytes arrive exactly: text stands in
 * quotes; what is no text, or too long for an argument, goes through a pipe.
 * @throws PacSpaceError `invalid` when the URL is neither http nor https
 */
export function writeCurl({ url, headers, body }: WrittenRequest): string {
  const address = sendableUrl(url);
  const sent = sendableHeaders(headers);
  const text = utf8Text(body);
  const isArgument = text !== undefined && !text.includes("\0") && utf8Length(quoted(text)) <= longestArgument;
  // Without a word of ours curl would call it a form.
  const untyped = sent.every(([name]) => name.toLowerCase() !== "content-type");
  const options = [
    // Brackets and braces of a URL are no list of addresses.
    ...(/[[\]{}]/.test(address) ? ["--globoff"] : []),
    ...sent.map(([name, value]) => `-H ${quoted(value === "" ? `${name};` : `${name}: ${value}`)}`),
    ...(untyped ? ["-H 'Content-Type:'"] : []),
    isArgument ? `--data-raw ${quoted(text)}` : "--data-binary @-",
  ];
  const command = [`curl ${quoted(address)}`, ...options].join(" \\\n  ");
  if (isArgument) return command;
  const source = text === undefined || text.includes("\0") ? printfBytes(body) : `printf %s ${quoted(text)}`;
  return `${source} | ${command}`;
}
