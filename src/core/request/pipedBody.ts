import { invalidInput } from "../errors";
import { joinedBytes } from "./joinedBytes";
import { ansiEscapes, shellCommand } from "./shellWords";

interface PipedBody {
  readonly body: Uint8Array;
  /** The command that reads it. */
  readonly pipedTo: string;
}

/** Replaces printf's escapes, each of which may be a byte that is no character, and its `%s`. */
function formatted(format: string, values: readonly string[], placeholders: boolean): Uint8Array {
  const encoder = new TextEncoder();
  const left = [...values];
  const bytes: number[] = [];
  const pieces = format.matchAll(/\\([0-7]{1,3})|\\x([0-9a-fA-F]{1,2})|\\([^])|%([^]?)|[^\\%]+|\\$/g);
  for (const [piece, octal, hex, escape, placeholder] of pieces) {
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8) & 0xff);
    else if (hex !== undefined) bytes.push(Number.parseInt(hex, 16));
    else if (escape !== undefined) {
      for (const byte of encoder.encode(escape === "\\" ? "\\" : (ansiEscapes[escape] ?? piece))) bytes.push(byte);
    } else if (placeholder === undefined || placeholder === "%" || !placeholders) {
      for (const byte of encoder.encode(placeholders ? piece.replace("%%", "%") : piece)) bytes.push(byte);
    } else if (placeholder === "s") {
      for (const byte of encoder.encode(left.shift() ?? "")) bytes.push(byte);
    } else
      throw invalidInput(`The command's printf fills in %${placeholder}. Put the body behind --data-raw in quotes.`);
  }
  return Uint8Array.from(bytes);
}

function printed(values: readonly string[]): Uint8Array {
  const [format = "", ...others] = values[0] === "--" ? values.slice(1) : values;
  return formatted(format, others, true);
}

function echoed(values: readonly string[]): Uint8Array {
  const count = values.findIndex((value) => !/^-[neE]+$/.test(value));
  const options = values.slice(0, count < 0 ? values.length : count).join("");
  const text = values.slice(count < 0 ? values.length : count).join(" ");
  const body = options.includes("e") ? formatted(text, [], false) : new TextEncoder().encode(text);
  return options.includes("n") ? body : joinedBytes([body, Uint8Array.of(0x0a)]);
}

/**
 * Reads what printf or echo writes into curl's input.
 * @param line a command line
 * @returns undefined when neither stands before a curl command
 * @throws PacSpaceError `invalid` when only a shell knows what is written
 */
export function pipedBody(line: string): PipedBody | undefined {
  const isPiped =
    /^(?:printf|echo)\s/.test(line.slice(0, 10)) && /\|\s*(?:[\w./-]{1,60}\/)?curl(?:\.exe)?\s/.test(line);
  if (!isPiped) return undefined;
  const { words, pipedTo } = shellCommand(line);
  if (pipedTo === undefined) return undefined;
  const expansion = words.find((word) => word.expansion !== undefined)?.expansion;
  if (expansion !== undefined) {
    throw invalidInput(
      `The command's body holds ${expansion}, which only the shell can fill in. Paste the command with the text itself.`,
    );
  }
  const [program, ...values] = words.map(({ text }) => text);
  return { body: program === "echo" ? echoed(values) : printed(values), pipedTo };
}
