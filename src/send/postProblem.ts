import { PacSpaceError } from "../core/errors";

/** Codes of failures before a connection was there, but for certificates (Node's). */
const noConnection = /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|EADDRNOTAVAIL)$/;
const noTrust = /^(ERR_TLS_.*|ERR_SSL_.*|.*CERT.*|EPROTO)$/;

function codeOf(error: unknown): string {
  const { code } = Object(error) as { code?: unknown };
  return typeof code === "string" && code !== "" ? code : "no code";
}

/**
 * Whether a failure came before anything could be sent, so that sending again repeats nothing.
 * @param code as PacSpaceError.code has it
 */
export function isBeforeConnection(code: string): boolean {
  return noConnection.test(code) || noTrust.test(code);
}

function sentence(code: string, { host, hostname, origin }: URL): string {
  if (code === "ECONNREFUSED") {
    return `Nothing listens at ${origin}. Start your handler, or correct the URL's host and port.`;
  }
  if (/^(ENOTFOUND|EAI_)/.test(code)) {
    return `There is no host named ${hostname} (${code}). Check its spelling and the network.`;
  }
  if (noConnection.test(code) || code === "ETIMEDOUT")
    return `${host} can't be reached (${code}). Check the URL and the network.`;
  if (noTrust.test(code)) {
    return `No secure connection to ${host} could be made (${code}). Let Node trust its certificate by NODE_EXTRA_CA_CERTS, or use http on this machine.`;
  }
  if (code.startsWith("HPE_"))
    return `${host} answered with something that is not HTTP (${code}). Check the URL's port.`;
  return `${host} closed the connection before its answer was complete (${code}). Look into the handler's log: it may have crashed.`;
}

/**
 * The error for a request that found no answer.
 * @param error what node:http ended with
 * @param url where it went
 * @returns PacSpaceError `network` with Node's code, or `invalid` where node:http would not send the request
 */
export function postProblem(error: unknown, url: URL): PacSpaceError {
  const code = codeOf(error);
  if (code === "ERR_INVALID_CHAR" || code === "ERR_INVALID_HTTP_TOKEN") {
    return new PacSpaceError("invalid", "A header has a name or a value that HTTP can't carry. Correct it.", {
      code,
      cause: error,
    });
  }
  return new PacSpaceError("network", sentence(code, url), { code, cause: error });
}
