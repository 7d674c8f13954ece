import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { demoAccount, mfaAccount } from "./demoAccount";
import { Problem } from "./problem";
import type { Store } from "./store";

const cookieName = "pacspace_session";
const sessionSeconds = 7 * 86_400;
const ticketSeconds = 300;
const mostTickets = 1_000;

/** Equality in a time that tells nothing of where two texts differ. */
function equal(left: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}

/** Sessions by cookie, login, and MFA. */
export class Sessions {
  readonly #tickets = new Map<string, number>();

  constructor(
    private readonly store: Store,
    private readonly now: () => Date,
  ) {}

  /**
   * Checks email and password.
   * @returns a `Set-Cookie` value, or the ticket that MFA completes
   * @throws Problem 401
   */
  login(email: string, password: string): { readonly setCookie: string } | { readonly mfaTicket: string } {
    if (equal(email, mfaAccount.email) && equal(password, mfaAccount.password)) {
      const mfaTicket = randomBytes(24).toString("base64url");
      const [oldest] = this.#tickets.keys();
      if (oldest !== undefined && this.#tickets.size >= mostTickets) this.#tickets.delete(oldest);
      this.#tickets.set(mfaTicket, this.now().getTime() + ticketSeconds * 1_000);
      return { mfaTicket };
    }
    if (equal(email, demoAccount.email) && equal(password, demoAccount.password)) return { setCookie: this.#open() };
    throw new Problem(401, "Invalid email or password");
  }

  /** Completes MFA; a ticket serves once. Throws Problem 401. */
  verifyMfa(ticket: string, code: string): string {
    const expiresAt = this.#tickets.get(ticket) ?? 0;
    this.#tickets.delete(ticket);
    if (expiresAt <= this.now().getTime())
      throw new Problem(401, "The MFA ticket is unknown or has expired; sign in again");
    if (!equal(code, mfaAccount.code)) throw new Problem(401, "Invalid MFA code; sign in again");
    return this.#open();
  }

  #open(): string {
    const id = randomBytes(24).toString("base64url");
    return this.#extend(id);
  }

  #extend(id: string): string {
    // Only a digest is kept: the state's file alone opens no session.
    const now = this.now().getTime();
    this.store.putSession(digestOf(id), now + sessionSeconds * 1_000, now);
    return `${cookieName}=${id}; Path=/; Max-Age=${sessionSeconds}; HttpOnly; SameSite=Lax`;
  }

  /**
   * Checks a request's session.
   * @param cookieHeader the value of the Cookie header
   * @returns a `Set-Cookie` value when the session was extended
   * @throws Problem 401 for none, an unknown one, or one that has ended
   */
  require(cookieHeader: string | undefined): string | undefined {
    const id = sessionOf(cookieHeader);
    const expiresAt = id === undefined ? undefined : this.store.sessionExpiry(digestOf(id));
    const left = (expiresAt ?? 0) - this.now().getTime();
    if (id === undefined || left <= 0) throw new Problem(401, "Unauthorized: the session is missing or has expired");
    return left < (sessionSeconds * 1_000) / 2 ? this.#extend(id) : undefined;
  }
}

/** The session's id in a Cookie header, known or not. */
export function sessionOf(cookieHeader: string | undefined): string | undefined {
  const pairs = (cookieHeader ?? "").split(";").map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${cookieName}=`))?.slice(cookieName.length + 1);
}

function digestOf(id: string): string {
  return createHash("sha256").update(id).digest("base64url");
}
