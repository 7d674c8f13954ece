import { isPacSpaceError, PacSpaceError } from "../core/errors";
import { inDoubt, isUnsafe, type Call } from "./call";
import type { Limits } from "./exchange";

/** Where a request goes, for the words about it. */
export interface Place {
  readonly url: URL;
  /** Host and port of the proxy on the way. */
  readonly proxy: string | undefined;
}

/** Codes of Node and OpenSSL for a certificate that isn't trusted (Node's documentation, "X509 certificate error codes"). */
const untrusted: readonly string[] = [
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "CERT_UNTRUSTED",
  "CERT_CHAIN_TOO_LONG",
  "CERT_SIGNATURE_FAILURE",
  "CERT_REJECTED",
  "CERT_REVOKED",
  "INVALID_CA",
  "INVALID_PURPOSE",
];
const outOfDate: readonly string[] = ["CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID"];
const noName: readonly string[] = ["ENOTFOUND", "EAI_AGAIN", "EAI_FAIL", "EAI_NODATA", "EAI_NONAME"];
const noWay: readonly string[] = ["EHOSTUNREACH", "ENETUNREACH", "ENETDOWN", "EHOSTDOWN", "EADDRNOTAVAIL", "ETIMEDOUT"];
const hungUp: readonly string[] = ["ECONNRESET", "ECONNABORTED", "EPIPE", "UND_ERR_SOCKET", "UND_ERR_CLOSED"];

/** The innermost errors that a failed connection is made of: Node tries every address of a name. */
function innermost(error: unknown): readonly unknown[] {
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.flatMap(innermost);
  return [error];
}

/** Node's or undici's code of an error; the parser's own errors have a name in its place. Empty when there is none. */
function codeOf(error: unknown): string {
  const { code, name } = Object(error) as { code?: unknown; name?: unknown };
  if (typeof code === "string") return code;
  return name === "HTTPParserError" ? "HPE_INVALID" : "";
}

/** Code and sentence for a failure. `final`: trying again is pointless until something is changed. */
interface Reading {
  readonly kind: "network" | "malformedResponse";
  readonly words: string;
}

function readCode(code: string, message: string, { url, proxy }: Place): Reading {
  const way = proxy === undefined ? url.host : `${url.host} (by the proxy ${proxy})`;
  const network = (words: string): Reading => ({ kind: "network", words });
  if (untrusted.includes(code)) {
    return network(
      `The certificate of ${way} isn't trusted (${code}). If your organisation inspects TLS, make its root certificate known: install it in the system and turn on http.systemCertificates, or name its file in NODE_EXTRA_CA_CERTS. http.proxyStrictSSL turns the check off, which is unsafe.`,
    );
  }
  if (outOfDate.includes(code)) {
    return network(
      `The certificate of ${way} isn't valid at this time (${code}). Check this machine's clock; if it is right, the server's owner must renew the certificate.`,
    );
  }
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return network(
      `The certificate of ${way} belongs to another name (${code}). Check the address and the proxy settings.`,
    );
  }
  if (code === "EPROTO" || code.startsWith("ERR_SSL") || code.startsWith("ERR_TLS") || code === "UND_ERR_PRX_TLS") {
    return network(
      `No secure connection to ${way} could be made (${code}). Check the address, its port, and the proxy settings (http.proxy).`,
    );
  }
  if (code === "ECONNREFUSED") {
    return network(
      proxy === undefined
        ? `Nothing answers at ${url.host} (ECONNREFUSED). Check the address, and that the server is running.`
        : `Nothing answers at the proxy ${proxy}, or behind it at ${url.host} (ECONNREFUSED). Check http.proxy.`,
    );
  }
  if (noName.includes(code)) {
    return network(
      `The name of ${way} can't be looked up (${code}). Check the address, your network connection, and the proxy settings (http.proxy).`,
    );
  }
  if (noWay.includes(code)) {
    return network(
      `${way} can't be reached (${code}). Check your network connection, VPN and proxy settings (http.proxy).`,
    );
  }
  if (code === "PROXY_CLOSED") return network(`The proxy ${proxy ?? ""} closed the connection. Check http.proxy.`);
  if (code === "UND_ERR_ABORTED" && message.includes("Proxy response")) {
    const status = /\((\d{3})\)/.exec(message)?.[1] ?? "an error";
    const hint = status === "407" ? " It wants a user and a password: set http.proxyAuthorization." : "";
    return network(`The proxy ${proxy ?? ""} refused the way to ${url.host} (${status}).${hint} Check http.proxy.`);
  }
  if (code === "UND_ERR_INVALID_ARG" || code === "ERR_INVALID_URL") {
    return network(`The request to ${way} can't be made. Check the address and the proxy settings (http.proxy).`);
  }
  if (code === "UND_ERR_RES_CONTENT_LENGTH_MISMATCH") return network(`The answer of ${way} was cut short. Try again.`);
  if (hungUp.includes(code)) return network(`The connection to ${way} broke off (${code}). Try again.`);
  if (code.startsWith("HPE_") || code === "UND_ERR_HEADERS_OVERFLOW") {
    return {
      kind: "malformedResponse",
      words: `${way} answered with something that is not HTTP (${code}). Check the address.`,
    };
  }
  return network(`The request to ${way} failed${code === "" ? "" : ` (${code})`}. Check your network connection.`);
}

/** The code of a limit that was passed while the answer flowed: it was given its time, and once is enough. */
const tooSlow = "TOO_SLOW";

/** Codes for which a repeat by itself is pointless: a person must change something first, or has waited long enough. */
export function isFinal(code: string | undefined): boolean {
  return (
    code !== undefined &&
    (code === tooSlow ||
      untrusted.includes(code) ||
      outOfDate.includes(code) ||
      /^(ERR_TLS|ERR_SSL|EPROTO$|UND_ERR_PRX_TLS$|UND_ERR_ABORTED$|UND_ERR_INVALID_ARG$|ERR_INVALID_URL$)/.test(code))
  );
}

/**
 * Reads what undici or Node threw while a request or the body of its answer was under way.
 * @param thrown anything; a PacSpaceError stays what it is
 * @param state whether the request had been handed to the socket, and the limits in force
 */
export function networkProblem(
  thrown: unknown,
  call: Call,
  place: Place,
  state: { readonly sent: boolean; readonly limits: Pick<Limits, "firstByte" | "stalled"> },
): PacSpaceError {
  if (isPacSpaceError(thrown)) return thrown;
  const error = innermost(thrown).find((one) => codeOf(one) !== "") ?? thrown;
  const code = codeOf(error);
  if (code === "UND_ERR_CONNECT_TIMEOUT") return timedOut(call, place, "connect", state.limits.firstByte);
  if (code === "UND_ERR_HEADERS_TIMEOUT") return timedOut(call, place, "answer", state.limits.firstByte);
  if (code === "UND_ERR_BODY_TIMEOUT") return timedOut(call, place, "body", state.limits.stalled);
  if (code === "UND_ERR_DESTROYED") return cancelled(call, state.sent);
  const { kind, words } = readCode(code, error instanceof Error ? error.message : "", place);
  const uncertain = isUnsafe(call) && state.sent;
  // A parser's error carries the bytes that it could not read: those stay out.
  const cause = kind === "network" ? thrown : undefined;
  return new PacSpaceError(kind, inDoubt(call, words, uncertain), { code: code || undefined, uncertain, cause });
}

/** The error for a limit that was passed. */
export function timedOut(
  call: Call,
  { url, proxy }: Place,
  phase: "connect" | "answer" | "body" | "slowBody",
  limitMs: number,
): PacSpaceError {
  const limit = `${limitMs / 1000} s`;
  const words = {
    connect: `No connection to ${url.host}${proxy === undefined ? "" : ` by the proxy ${proxy}`} within ${limit}. Check your network connection, VPN and proxy settings (http.proxy).`,
    answer: `${url.host} did not answer within ${limit}. Try again later.`,
    body: `The answer of ${url.host} stopped coming: no byte for ${limit}. Try again later.`,
    slowBody: `The answer of ${url.host} came too slowly: it was not complete after ${limit}. Try again later.`,
  }[phase];
  const uncertain = isUnsafe(call) && phase !== "connect";
  const code = phase === "slowBody" ? tooSlow : undefined;
  return new PacSpaceError("timeout", inDoubt(call, words, uncertain), { code, uncertain });
}

/** The error for a call that was stopped from here. */
export function cancelled(call: Call, sent: boolean): PacSpaceError {
  const uncertain = isUnsafe(call) && sent;
  return new PacSpaceError("cancelled", inDoubt(call, `Cancelled: the request to ${call.purpose}.`, uncertain), {
    uncertain,
  });
}
