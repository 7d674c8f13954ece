import { isLoopback, parseUrl, type Environment } from "./environment";

/**
 * Checks the URL of an endpoint before it is sent. PacSpace needs public HTTPS (reference page); a loopback address is
 * sensible only where the environment itself is on this machine.
 * @param text as typed
 * @returns a sentence that says what is wrong and how to mend it, or undefined when the URL is good
 */
export function endpointUrlProblem(text: string, environment: Environment): string | undefined {
  const trimmed = text.trim();
  if (trimmed === "")
    return "Type the URL that PacSpace shall call, for example https://example.com/webhooks/pacspace.";
  const url = parseUrl(trimmed);
  if (url === undefined || url.hostname === "") {
    return "That is no full URL. It begins with https:// and names a host, for example https://example.com/webhooks/pacspace.";
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") return "The URL must begin with https://.";
  if (url.username !== "" || url.password !== "") return "The URL must not hold a user name or a password.";
  if (url.hash !== "") return "The URL must not have a fragment (#…): it is never sent.";
  const base = parseUrl(environment.baseUrl);
  const local = base !== undefined && isLoopback(base);
  if (isLoopback(url) && !local) {
    return `${environment.name} can't reach this machine. Use a public HTTPS address, or switch to Local PacSpace for ${url.host}.`;
  }
  if (url.protocol === "http:" && !isLoopback(url)) return "Endpoints need HTTPS: use https:// in place of http://.";
  return undefined;
}
