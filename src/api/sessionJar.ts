import { Cookie, CookieJar, domainMatch } from "tough-cookie";
import { invalidInput } from "../core/errors";
import { recordOf } from "../core/model/fields";
import { parseCookieFile } from "./cookieFile";
import { parseCookieHeader } from "./cookieHeader";

/**
 * Browsers cap a cookie's life at 400 days (RFC 6265bis, 5.5); one that would outlive a Date's range could not be
 * stored.
 */
const longestLifeMs = 400 * 24 * 3600 * 1000;

/** Pages of a list follow each other in milliseconds: the header for them is put together once, not for each. */
const headerLifeMs = 500;

function newJar(): CookieJar {
  // Only one origin is ever asked, so a cookie for a whole public suffix can't stray; hosts without a dot are known.
  return new CookieJar(undefined, { rejectPublicSuffixes: false, allowSecureOnLocal: true });
}

/**
 * Gives a cookie its end as a date. tough-cookie counts `Max-Age` from the last use, so that a cookie in use would
 * never end; it counts from the answer that brought it (RFC 6265, 5.2.2).
 */
function withFixedEnd(cookie: Cookie, now: number): Cookie {
  const { maxAge, expires } = cookie;
  const latest = now + longestLifeMs;
  if (maxAge !== null) {
    const life = typeof maxAge === "number" && maxAge > 0 ? maxAge * 1000 : maxAge === "Infinity" ? Infinity : -now;
    cookie.expires = new Date(Math.min(now + life, latest));
    cookie.maxAge = null;
  } else if (expires instanceof Date && !(expires.getTime() <= latest)) {
    cookie.expires = new Date(latest);
  }
  return cookie;
}

/**
 * The session's cookies of one origin. In memory; `export` and `import` are its form for SecretStorage. An answer to a
 * request that was sent before the jar was replaced changes nothing: it speaks of a session that is no longer ours.
 */
export class SessionJar {
  #jar = newJar();
  #epoch = 0;
  #lastHeader: { readonly path: string; readonly until: number; readonly value: string | undefined } | undefined;

  /**
   * @param base the environment's base URL: cookies come from there and go there alone
   * @param changed called after each change but those by `import`, whose caller knows of it
   */
  constructor(
    private readonly base: URL,
    private readonly changed: () => void,
  ) {}

  /** Counts the replacements of the whole jar. */
  get epoch(): number {
    return this.#epoch;
  }

  /** The `Cookie` header for a URL of the base's origin; undefined when there is nothing to send. */
  header(url: URL = this.base): string | undefined {
    if (url.origin !== this.base.origin) return undefined;
    const now = Date.now();
    const last = this.#lastHeader;
    if (last?.path === url.pathname && now < last.until) return last.value;
    const value = this.#jar.getCookieStringSync(url.href) || undefined;
    this.#lastHeader = { path: url.pathname, until: now + headerLifeMs, value };
    return value;
  }

  /** Whether any cookie would go to the dashboard. */
  get isEmpty(): boolean {
    return this.export() === undefined;
  }

  /**
   * Takes over what an answer sets; a cookie that isn't for the base's host is left out.
   * @param lines the values of its `Set-Cookie` headers
   * @param epoch the jar's epoch when the request was sent
   */
  store(lines: readonly string[], url: URL, epoch: number): void {
    if (lines.length === 0 || epoch !== this.#epoch || url.origin !== this.base.origin) return;
    const before = this.export();
    this.#lastHeader = undefined;
    for (const line of lines) {
      const cookie = Cookie.parse(line);
      if (cookie === undefined) continue;
      this.#jar.setCookieSync(withFixedEnd(cookie, Date.now()), url.href, { ignoreError: true });
    }
    if (this.export() !== before) this.changed();
  }

  /**
   * The jar as JSON text, the cookies in the order in which they came: using them doesn't change it.
   * @returns undefined when no cookie is left that has not ended
   */
  export(): string | undefined {
    const now = Date.now();
    const cookies = (this.#jar.serializeSync()?.cookies ?? []).filter(
      (cookie) => (Cookie.fromJSON(cookie)?.TTL(now) ?? 0) > 0,
    );
    if (cookies.length === 0) return undefined;
    const plain = cookies.map(({ lastAccessed: _lastAccessed, ...cookie }) => cookie);
    return JSON.stringify({ version: "tough-cookie", storeType: null, rejectPublicSuffixes: false, cookies: plain });
  }

  /**
   * Replaces the jar.
   * @param serialized as `export` gave it; undefined, or text that can't be read, empties it: a lost session is normal
   * @returns whether the text could be read
   */
  import(serialized: string | undefined): boolean {
    this.#epoch++;
    this.#jar = newJar();
    this.#lastHeader = undefined;
    if (serialized === undefined) return true;
    try {
      const value = recordOf(JSON.parse(serialized));
      if (!Array.isArray(value.cookies)) return false;
      this.#jar = CookieJar.deserializeSync({
        version: "tough-cookie",
        storeType: "MemoryCookieStore",
        rejectPublicSuffixes: false,
        cookies: value.cookies as { key?: string; value?: string }[],
      });
      // Fails here, not in the middle of a request, when a cookie is no cookie.
      this.header();
      this.export();
      return true;
    } catch {
      this.#jar = newJar();
      this.#lastHeader = undefined;
      return false;
    }
  }

  /** Replaces the jar by cookies that are for the base's host. */
  #replace(cookies: readonly Cookie[]): void {
    const jar = newJar();
    for (const cookie of cookies) jar.setCookieSync(cookie, this.base.href);
    this.#epoch++;
    this.#jar = jar;
    this.#lastHeader = undefined;
    this.changed();
  }

  /**
   * Replaces the jar by a cookie file's cookies for the base's host; those of other hosts are left alone.
   * @throws PacSpaceError `invalid`, naming the line or the domains found; the jar stays as it is
   */
  importFile(text: string): void {
    const all = parseCookieFile(text);
    const host = this.base.hostname.replace(/^\[|\]$/g, "");
    const own = all.filter(
      ({ domain, includeSubdomains }) =>
        domain.replace(/^\[|\]$/g, "") === host || (includeSubdomains && domainMatch(host, domain) === true),
    );
    if (own.length === 0) {
      const domains = [...new Set(all.map((cookie) => cookie.domain))];
      const found = domains.length === 0 ? "no cookie at all" : `cookies for ${domains.slice(0, 5).join(", ")} only`;
      throw invalidInput(
        `The cookie file holds ${found}, none for ${this.base.hostname}. Sign in with curl -c at ${this.base.origin} and take the file it writes.`,
      );
    }
    const now = Date.now();
    const alive = own.filter(({ expires }) => expires === 0 || expires * 1000 > now);
    if (alive.length === 0) {
      throw invalidInput(`The cookies for ${this.base.hostname} in this file have all expired. Sign in again.`);
    }
    this.#replace(
      alive.map((cookie) =>
        withFixedEnd(
          new Cookie({
            key: cookie.name,
            value: cookie.value,
            // Without a domain it is for exactly the host that sets it.
            domain: cookie.includeSubdomains ? cookie.domain : null,
            path: cookie.path,
            secure: cookie.secure,
            httpOnly: cookie.httpOnly,
            expires: cookie.expires === 0 ? "Infinity" : new Date(Math.min(cookie.expires * 1000, 8.64e15)),
          }),
          now,
        ),
      ),
    );
  }

  /**
   * Replaces the jar by the cookies of a `Cookie` header, for exactly the base's host and for secure connections.
   * @throws PacSpaceError `invalid`; the jar stays as it is
   */
  importHeader(text: string): void {
    this.#replace(
      parseCookieHeader(text).map(
        ({ name, value }) => new Cookie({ key: name, value, path: "/", secure: true, httpOnly: true }),
      ),
    );
  }
}
