import { invalidInput } from "../errors";
import { connectionHeaders, type HeaderList } from "../model/headers";
import { readHeaderLine } from "./headers";

/** A POST as it shall be sent again. */
export interface WrittenRequest {
  /** http or https. */
  readonly url: string;
  readonly headers: HeaderList;
  readonly body: Uint8Array;
}

/** Those that whoever sends makes anew, and what asks for an answer that a terminal can't show. */
const madeAnew = new Set([...connectionHeaders, "accept-encoding"]);

/**
 * The headers to write down: those of the connection are left out, as is one that could not be sent as it is.
 * @returns names and values without white space around
 */
export function sendableHeaders(headers: HeaderList): HeaderList {
  return headers.flatMap(([name, value]) => {
    // eslint-disable-next-line no-control-regex -- RFC 9110, 5.5: no field value holds them
    if (madeAnew.has(name.toLowerCase()) || /[\u0000-\u0008\u000a-\u001f\u007f]/.test(value)) return [];
    // HTTP/2's pseudo-fields begin with a colon.
    return name.startsWith(":") || readHeaderLine(`${name}:`) === undefined ? [] : [[name, value.trim()] as const];
  });
}

/**
 * The address to write down.
 * @returns the URL as `URL` prints it: no white space, no quotes, and nothing but ASCII
 * @throws PacSpaceError `invalid` for anything but http and https
 */
export function sendableUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "https:" || url?.protocol === "http:") return url.href;
  throw invalidInput(
    `The endpoint "${text.slice(0, 60)}" is no http or https address, so no request can be written for it.`,
  );
}

/** The bytes as text; undefined when they are no UTF-8. A byte-order mark stays. */
export function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
