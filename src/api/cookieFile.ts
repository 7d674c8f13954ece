import { invalidInput } from "../core/errors";

/** One line of a Netscape cookie file. */
export interface FileCookie {
  /** Without a dot in front. */
  readonly domain: string;
  readonly includeSubdomains: boolean;
  readonly path: string;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  /** Seconds since the epoch; 0 for a cookie that lasts as long as its session. */
  readonly expires: number;
  readonly name: string;
  readonly value: string;
}

const httpOnlyPrefix = "#HttpOnly_";
const fieldNames = "domain, include-subdomains, path, secure, expiry, name and value";

/** Control characters can't be in a cookie (RFC 6265, 4.1.1); in a header line they would be another header. */
const controls = /\p{Cc}/u;

function flag(text: string, name: string, wrong: (what: string) => Error): boolean {
  const upper = text.toUpperCase();
  if (upper !== "TRUE" && upper !== "FALSE") throw wrong(`its ${name} field must be TRUE or FALSE`);
  return upper === "TRUE";
}

function readLine(line: string, number: number): FileCookie {
  // The line itself never goes into a message: it holds the session.
  const wrong = (what: string): Error =>
    invalidInput(`Line ${number} of the cookie file can't be read: ${what}. Let curl write the file anew with -c.`);
  const httpOnly = line.startsWith(httpOnlyPrefix);
  const fields = (httpOnly ? line.slice(httpOnlyPrefix.length) : line).split("\t");
  // curl leaves the last field out when a value is empty.
  if (fields.length === 6) fields.push("");
  const [domain = "", subdomains = "", path = "", secure = "", expiry = "", name = "", value = ""] = fields;
  if (fields.length !== 7) {
    const count = `it has ${fields.length} ${fields.length === 1 ? "field" : "fields"} in place of 7 (${fieldNames})`;
    throw wrong(`${count}; fields are separated by tabs, which copying as text may have turned into blanks`);
  }
  const host = domain.replace(/^\./, "").toLowerCase();
  if (!/^[^\s/@?#]+$/.test(host)) throw wrong("its domain field is no host name");
  if (!path.startsWith("/") || controls.test(path) || path.includes(";")) throw wrong("its path must begin with /");
  if (!/^-?\d{1,16}(\.\d+)?$/.test(expiry)) throw wrong("its expiry must be a number of seconds, or 0");
  if (name === "" || /[=;\s]/.test(name) || controls.test(name))
    throw wrong("its name is empty or holds = ; or blanks");
  if (value.includes(";") || controls.test(value)) throw wrong("its value holds a ; or a control character");
  return {
    domain: host,
    includeSubdomains: flag(subdomains, "include-subdomains", wrong),
    path,
    secure: flag(secure, "secure", wrong),
    httpOnly,
    expires: Math.max(0, Math.floor(Number(expiry))),
    name,
    value,
  };
}

/**
 * Reads a cookie file as curl writes it with `-c`: one cookie a line, seven fields separated by tabs, `#` begins a
 * comment, but `#HttpOnly_` a cookie that scripts may not see (curl's documentation, "HTTP Cookies"). Line ends may be
 * LF or CRLF.
 * @param text the file's text
 * @throws PacSpaceError `invalid`, naming the line, counted from 1, for a line that can't be read
 */
export function parseCookieFile(text: string): readonly FileCookie[] {
  const cookies: FileCookie[] = [];
  for (const [index, line] of text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\n|\r/)
    .entries()) {
    const comment = line.startsWith("#") && !line.startsWith(httpOnlyPrefix);
    if (!comment && line.trim() !== "") cookies.push(readLine(line, index + 1));
  }
  return cookies;
}

/**
 * Writes a cookie file that curl reads with `-b`.
 * @param cookies without control characters in any field; from `parseCookieFile` or a jar
 */
export function formatCookieFile(cookies: readonly FileCookie[]): string {
  const lines = cookies.map((cookie) => {
    const domain = (cookie.includeSubdomains ? "." : "") + cookie.domain;
    const fields = [
      (cookie.httpOnly ? httpOnlyPrefix : "") + domain,
      cookie.includeSubdomains ? "TRUE" : "FALSE",
      cookie.path,
      cookie.secure ? "TRUE" : "FALSE",
      String(cookie.expires),
      cookie.name,
      cookie.value,
    ];
    return `${fields.join("\t")}\n`;
  });
  return `# Netscape HTTP Cookie File\n\n${lines.join("")}`;
}
