import { invalidInput } from "../core/errors";
import { isLoopback } from "../core/model/environment";
import { connectionHeaders, type HeaderList } from "../core/model/headers";
import { readTargetUrl } from "../send/targetUrl";

/** Milliseconds until the end of a handler's answer, unless whoever makes a receiver says otherwise. */
export const usualTimeoutMs = 30_000;

/** Whether a header, in lower case, says something of one connection only; a body's length is the same on the next. */
function isOfConnection(name: string): boolean {
  return (connectionHeaders.has(name) && name !== "content-length") || name.startsWith("proxy-");
}

/**
 * Reads the address of a handler.
 * @param text as typed
 * @param ownPort where the receiver listens itself
 * @throws PacSpaceError `invalid` for anything but an http or https URL on this machine, and for the receiver's own
 */
export function readForwardTarget(text: string, ownPort: number): URL {
  const url = readTargetUrl(text, "The address to forward to");
  if (!isLoopback(url)) {
    throw invalidInput(
      `Captures are forwarded to this machine only, and ${url.hostname} is not on it. Use localhost or 127.0.0.1.`,
    );
  }
  if (Number(url.port) === ownPort) {
    throw invalidInput(`${url.host} is the receiver itself. Type the address of your handler.`);
  }
  return url;
}

/**
 * Where a capture goes. A path and a query that the handler's address has are used as they are; what it lacks is taken
 * from the capture.
 * @param to the handler's address
 * @param target path and query of the captured request
 */
export function forwardUrl(to: URL, target: string): string {
  const queryAt = target.indexOf("?");
  const [path, query] = queryAt < 0 ? [target, ""] : [target.slice(0, queryAt), target.slice(queryAt)];
  return to.origin + (to.pathname === "/" ? path : to.pathname) + (to.search === "" ? query : to.search);
}

/** The headers that go on to the other side: those of one connection, and those that Connection names, stay here. */
export function endToEndHeaders(headers: HeaderList): HeaderList {
  const named = new Set(
    headers
      .filter(([name]) => name.toLowerCase() === "connection")
      .flatMap(([, value]) => value.toLowerCase().split(","))
      .map((name) => name.trim()),
  );
  return headers.filter(([header]) => {
    const name = header.toLowerCase();
    return !isOfConnection(name) && !named.has(name);
  });
}

/**
 * The headers of a handler's answer as the sender gets them. A handler's own consent to web pages is left out: the
 * receiver gives none.
 * @param length of the body that goes with them; undefined where none does
 */
export function answerHeaders(headers: HeaderList, length: number | undefined): HeaderList {
  const kept = endToEndHeaders(headers).filter(([name]) => !/^access-control-/i.test(name));
  if (length === undefined) return kept;
  return [...kept.filter(([name]) => !/^content-length$/i.test(name)), ["Content-Length", String(length)]];
}
