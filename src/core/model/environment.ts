import { invalidInput } from "../errors";

/** One PacSpace: where it is, and under which key all that is stored for it is kept apart. */
export interface Environment {
  readonly kind: "production" | "local" | "custom";
  readonly name: string;
  /** Without a slash at the end. */
  readonly baseUrl: string;
  /** Local PacSpace by its name, for its port may change; others by origin. */
  readonly storageKey: string;
}

export const defaultBaseUrl = "https://app.pacspace.io";
export const localEnvironmentName = "Local PacSpace";

/** Whether a URL's host is this machine: `localhost`, 127.0.0.0/8 or `[::1]`. */
export function isLoopback(url: URL): boolean {
  const host = url.hostname.toLowerCase();
  return host === "localhost" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}

/**
 * Reads the address of a PacSpace.
 * @param text as a person typed it
 * @returns the URL without user, query, fragment or a slash at the end
 * @throws PacSpaceError `invalid` for no URL, another scheme, a password in it, or http to another machine
 */
export function readBaseUrl(text: unknown): string {
  const url = typeof text === "string" ? parseUrl(text.trim()) : undefined;
  if (url === undefined) {
    throw invalidInput(`The address of PacSpace must be a full URL, for example ${defaultBaseUrl}.`);
  }
  if (url.username !== "" || url.password !== "") {
    throw invalidInput("The address of PacSpace must not hold a user name or a password: sign in instead.");
  }
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url))) {
    throw invalidInput(
      `${url.origin === "null" ? url.protocol : url.origin} can't be used: PacSpace is reached by https, and by http on this machine alone (localhost, 127.0.0.1, [::1]).`,
    );
  }
  return url.origin + url.pathname.replace(/\/+$/, "");
}

/** The text as a URL; undefined when it is none. */
export function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** The environment that a base URL stands for. */
export function environmentOf(kind: Environment["kind"], name: string, baseUrl: string): Environment {
  const read = readBaseUrl(baseUrl);
  return { kind, name, baseUrl: read, storageKey: kind === "local" ? localEnvironmentName : new URL(read).origin };
}
