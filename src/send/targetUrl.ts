import { invalidInput } from "../core/errors";
import { parseUrl } from "../core/model/environment";

/**
 * Reads a URL that is to be called.
 * @param text as typed
 * @param what names it in the error's sentence
 * @throws PacSpaceError `invalid` for none, another scheme, or a password in it
 */
export function readTargetUrl(text: string, what = "The URL"): URL {
  const url = parseUrl(text.trim());
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.hostname === "") {
    throw invalidInput(`${what} is no full URL. It looks like http://localhost:3000/webhooks/pacspace.`);
  }
  if (url.username !== "" || url.password !== "")
    throw invalidInput(`${what} must not hold a user name or a password.`);
  return url;
}
