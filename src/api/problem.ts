import { PacSpaceError, type PacSpaceErrorKind } from "../core/errors";
import { arrayField, numberField, recordOf, textField, type Fields } from "../core/model/fields";
import { inDoubt, isUnsafe, type Call } from "./call";
import { headerOf, type Head } from "./exchange";
import { parseRetryAfter } from "./retryAfter";
import { serverText, serverToken } from "./serverText";

/** Parses JSON text; undefined when it is none. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The texts of a message: one, or an array of them, or an array of objects with messages of their own. */
function messagesOf(row: Fields): readonly string[] {
  const one = textField(row, "message", "error_description", "detail");
  if (one !== undefined) return [one];
  return (arrayField(row, "message", "messages", "errors") ?? [])
    .map((item) => (typeof item === "string" ? item : textField(recordOf(item), "message", "detail")))
    .filter((item) => item !== undefined);
}

/**
 * What an error's body says, in any of the shapes in use: message and status at the top, or code, message and
 * retryAfterSeconds in `error` (the vendor's pages and its SDK).
 * @param value the body, parsed
 */
function readProblem(value: unknown) {
  const top = recordOf(value);
  const inner = recordOf(top.error);
  const messages = [messagesOf(inner), messagesOf(top)].find((list) => list.length > 0) ?? [];
  return {
    message: messages.length > 0 ? messages.join("; ") : textField(top, "error"),
    code: textField(inner, "code") ?? textField(top, "code"),
    requestId: textField(inner, "requestId") ?? textField(top, "requestId"),
    retryAfterSeconds: numberField(inner, "retryAfterSeconds") ?? numberField(top, "retryAfterSeconds"),
  };
}

/** The kind of error that a status stands for; 402 is a matter of what the account may do. */
function kindOf(status: number): PacSpaceErrorKind {
  if (status >= 500) return "server";
  const kinds: Readonly<Record<number, PacSpaceErrorKind>> = {
    401: "auth",
    402: "forbidden",
    403: "forbidden",
    404: "notFound",
    407: "network",
    408: "timeout",
    409: "conflict",
    410: "notFound",
    429: "rateLimited",
  };
  return kinds[status] ?? "invalid";
}

/** A duration in words, rounded up, so that nobody comes too early. */
export function inWords(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  return `${seconds} s (about ${seconds < 7200 ? `${Math.round(seconds / 60)} minutes` : `${Math.round(seconds / 3600)} hours`})`;
}

function wordsOf(call: Call, status: number, said: string | undefined, retryAfterMs: number | undefined): string {
  const colon = said === undefined ? "" : `: ${said}`;
  const because = said === undefined ? "" : ` PacSpace says: ${said}.`;
  const refused = `PacSpace refused to ${call.purpose}`;
  const soon = retryAfterMs === undefined || retryAfterMs === 0 ? undefined : inWords(retryAfterMs);
  switch (kindOf(status)) {
    case "auth":
      return call.signIn === true
        ? `PacSpace did not accept the sign-in${colon}. Check what you typed and sign in again.`
        : `Your PacSpace session is missing or has expired: sign in again.${because}`;
    case "forbidden":
      return status === 402
        ? `${refused}: the account's plan does not cover it (HTTP 402).${because} Look at the plan in the PacSpace dashboard.`
        : `${refused}: this user is not allowed to (HTTP 403).${because} Ask an owner of the account for the permission, or sign in as another user.`;
    case "notFound":
      if (call.signIn === true)
        return `There is no sign-in of PacSpace's (HTTP ${status}). Check the address of the environment.`;
      return `PacSpace can't ${call.purpose}: there is no such thing, or it is gone (HTTP ${status}).${because} Refresh the list.`;
    case "conflict":
      return `PacSpace can't ${call.purpose} in its present state${colon} (HTTP 409). Refresh to see the state.`;
    case "rateLimited":
      return soon === undefined
        ? "PacSpace got too many requests from this account. Wait a minute, then try again."
        : `PacSpace got too many requests from this account. Try again in ${soon}.`;
    case "timeout":
      return `PacSpace did not get the whole request in time (HTTP 408). Try again.`;
    case "network":
      return "The proxy wants a user and a password (HTTP 407): set http.proxyAuthorization.";
    case "server":
      return `PacSpace failed to ${call.purpose} (HTTP ${status}${colon}). Try again ${soon === undefined ? "later" : `in ${soon}`}.`;
    default:
      return `${refused} (HTTP ${status})${colon}. Correct the input and try again.`;
  }
}

/** The details that the head and the body of an answer give to any error about it. */
function detailsOf(head: Head, value: unknown, secrets: readonly string[]) {
  const problem = readProblem(value);
  const waitMs =
    parseRetryAfter(headerOf(head, "retry-after"), Date.now()) ??
    (problem.retryAfterSeconds === undefined ? undefined : Math.max(0, problem.retryAfterSeconds * 1000));
  const id = problem.requestId ?? headerOf(head, "x-request-id") ?? headerOf(head, "x-correlation-id");
  return {
    said: problem.message === undefined ? undefined : serverText(problem.message, secrets),
    code: serverToken(problem.code, secrets),
    requestId: serverToken(id, secrets),
    retryAfterMs: waitMs,
  };
}

/**
 * The error for an answer with an error status (400 and above), or for one that reports a failure in its body.
 * @param head status and headers; the status is the one to go by
 * @param text the body's text, of any shape, or empty
 * @param secrets values that the message must not repeat
 */
export function answerProblem(call: Call, head: Head, text: string, secrets: readonly string[]): PacSpaceError {
  const { said, ...details } = detailsOf(head, parsedJson(text), secrets);
  const { status } = head;
  const uncertain = isUnsafe(call) && status >= 500;
  const words = wordsOf(call, status, said, details.retryAfterMs);
  return new PacSpaceError(kindOf(status), inDoubt(call, words, uncertain), { ...details, status, uncertain });
}

/** Whether a path or a host is where people sign in. */
function looksLikeSignIn(url: URL): boolean {
  return (
    /(^|[/_-])(log-?_?in|sign-?_?in|auth|authenticate|authorize|oauth2?|sso|saml2?|session|sessions)([/_.-]|$)/i.test(
      url.pathname,
    ) || /^(login|signin|auth|sso|accounts|id|idp)\./i.test(url.hostname)
  );
}

/** The path may hold what no message should repeat: it is told where there is no session yet. */
function pageOf(call: Call, { host }: URL, { pathname }: URL): string {
  const path = call.signIn === true ? serverText(pathname, call.secrets ?? []) : undefined;
  return path === undefined ? `another page of ${host}` : `${host}${path}`;
}

const signedOut = "Your PacSpace session is missing or has expired: sign in again.";

/**
 * The error for a redirect: none is followed, so that cookies stay with their origin. One to a sign-in page says that
 * the session is gone.
 * @param base the URL that was asked
 */
export function redirectProblem(call: Call, head: Head, base: URL): PacSpaceError {
  const { status } = head;
  const location = headerOf(head, "location") ?? "";
  const target = location !== "" && URL.canParse(location, base.href) ? new URL(location, base.href) : undefined;
  // Who is signing in has no session that could be gone.
  if (call.signIn !== true && target !== undefined && looksLikeSignIn(target))
    return new PacSpaceError("auth", signedOut, { status });
  const uncertain = isUnsafe(call);
  const where =
    target === undefined ? "nowhere" : target.origin !== base.origin ? target.origin : pageOf(call, base, target);
  const words = `PacSpace redirected the request to ${call.purpose} to ${where} (HTTP ${status}). Redirects are not followed: check the address of the environment.`;
  return new PacSpaceError("malformedResponse", inDoubt(call, words, uncertain), { status, uncertain });
}

/**
 * The error for an answer that succeeded by its status, and is not what the route answers.
 * @param what what is wrong with it, as it reads behind "PacSpace's answer"
 */
export function malformed(call: Call, head: Head, what: string): PacSpaceError {
  const uncertain = isUnsafe(call);
  const words = `The request to ${call.purpose} was answered, but the answer ${what} (HTTP ${head.status}).`;
  const help = uncertain ? inDoubt(call, "", true) : " Check the address of the environment and the proxy settings.";
  return new PacSpaceError("malformedResponse", words + help, { status: head.status, uncertain });
}

/** The error for a web page in place of an answer: a sign-in page says that the session is gone. */
export function pageProblem(call: Call, head: Head, text: string): PacSpaceError {
  // No gap reaches into the next tag: a page of tags that never end takes no longer than any other.
  const signIn =
    call.signIn !== true &&
    (/<input[^<>]+type\s*=\s*["']?password/i.test(text) || /<title[^<>]*>[^<]*(log|sign)[\s-]?in\b/i.test(text));
  return signIn
    ? new PacSpaceError("auth", signedOut, { status: head.status })
    : malformed(call, head, "is a web page, not PacSpace's API");
}
