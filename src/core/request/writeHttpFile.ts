import { invalidInput } from "../errors";
import type { HeaderList } from "../model/headers";
import { sendableHeaders, sendableUrl, utf8Text, type WrittenRequest } from "./writtenRequest";

/**
 * A request or an answer as HTTP has it: first line, headers, blank line, body.
 * @param body absent when it is not known: then nothing follows the headers
 */
export function httpText(firstLine: string, headers: HeaderList, body: string | undefined): string {
  const head = [firstLine, ...headers.map(([name, value]) => `${name}: ${value}`)].join("\n");
  return body === undefined ? `${head}\n` : `${head}\n\n${body}`;
}

function refuse(what: string): never {
  throw invalidInput(`The body ${what}, so an HTTP file would not send it as it is. Copy it as curl instead.`);
}

/** What HTTP files take for their own signs; a foreign payload must not have a file or a variable put in. */
function checkedBody(body: Uint8Array): string {
  const text = utf8Text(body);
  if (text === undefined) refuse("is no text");
  if (text.includes("{{")) refuse("holds {{, by which an HTTP file names a variable");
  // `<@latin1 ./file` names the file's encoding as well.
  if (/^\s*<(?:@\w*)?\s/m.test(text) || /^\s*>/m.test(text))
    refuse("has a line that an HTTP file reads as the name of a file");
  if (/^\s*```/m.test(text)) refuse("has a line that an HTTP file reads as the end of a block");
  if (/^\s*(?:###|#|\/\/)/m.test(text)) refuse("has a line that an HTTP file reads as a comment");
  if (/\r|^\s*\n|\n\s*$/.test(text)) refuse("has line ends that an HTTP file does not keep");
  return text;
}

/**
 * Writes a POST as a file for the HTTP clients of editors (`.http`).
 * @param comments lines to stand above it
 * @throws PacSpaceError `invalid` when the URL is neither http nor https, or a part can't be kept as it is
 */
export function writeHttpFile({ url, headers, body }: WrittenRequest, comments: readonly string[] = []): string {
  const text = checkedBody(body);
  const sent = sendableHeaders(headers);
  const variable = sent.find(([, value]) => value.includes("{{"));
  if (variable !== undefined) {
    throw invalidInput(
      `The header ${variable[0]} holds {{, by which an HTTP file names a variable. Copy the request as curl instead.`,
    );
  }
  const target = sendableUrl(url);
  if (target.includes("{{")) {
    throw invalidInput(
      "The endpoint's URL holds {{, by which an HTTP file names a variable. Copy the request as curl instead.",
    );
  }
  const remarks = comments.map((comment) => `# ${comment.replaceAll(/\s+/g, " ")}\n`).join("");
  return remarks + httpText(`POST ${target} HTTP/1.1`, sent, text);
}
