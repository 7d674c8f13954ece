import { invalidInput, PacSpaceError } from "../core/errors";
import { booleanField, recordOf, textField } from "../core/model/fields";
import type { Call } from "./call";
import { acceptAny, openEnvelope } from "./envelope";
import type { AuthApi, LoginResult, RequestOptions } from "./pacspaceApi";
import { malformed } from "./problem";
import type { TextAnswer, Transport } from "./transport";

const root = "/dashboard/auth";
const ok = { status: 200, headers: {} };

/**
 * Signing in and checking a session (the vendor's authentication page). What the routes set as cookies is in the
 * transport's jar when a method settles.
 */
export function createAuthApi(transport: Transport): AuthApi {
  function expectSession(call: Call, answer: TextAnswer): void {
    if (!answer.setsCookies || transport.jar.isEmpty) throw malformed(call, ok, "brought no session cookie");
  }

  async function login(email: string, password: string, options?: RequestOptions): Promise<LoginResult> {
    if (email.trim() === "" || password === "") throw invalidInput("Signing in needs an email and a password.");
    const call: Call = {
      method: "POST",
      path: `${root}/login`,
      purpose: "sign in",
      body: { email: email.trim(), password },
      secrets: [password],
      signIn: true,
    };
    const answer = await transport.text(call, options);
    const data = recordOf(answer.text.trim() === "" ? undefined : openEnvelope(call, answer).data);
    const mfaTicket = textField(data, "mfaTicket");
    if (mfaTicket !== undefined) return { mfaTicket };
    if (booleanField(data, "requiresMfa") === true)
      throw malformed(call, ok, "asks for a code but holds no ticket for it");
    expectSession(call, answer);
    return {};
  }

  async function verifyMfa(ticket: string, code: string, options?: RequestOptions): Promise<void> {
    const digits = code.replace(/\s+/g, "");
    if (digits === "") throw invalidInput("Type the code that your authenticator shows.");
    const call: Call = {
      method: "POST",
      path: `${root}/login/mfa-verify`,
      purpose: "complete the sign-in",
      body: { mfaTicket: ticket, code: digits },
      secrets: [ticket, digits],
      signIn: true,
    };
    const answer = await transport.text(call, options);
    acceptAny(call, answer);
    expectSession(call, answer);
  }

  async function check(options?: RequestOptions): Promise<void> {
    if (transport.jar.isEmpty) throw new PacSpaceError("auth", "You are not signed in. Sign in first.");
    const call: Call = { method: "GET", path: "/dashboard/webhooks?limit=1", purpose: "check the session" };
    openEnvelope(call, await transport.text(call, options));
  }

  return {
    login,
    verifyMfa,
    check,
    importCookieFile: (text) => transport.jar.importFile(text),
    importCookieHeader: (value) => transport.jar.importHeader(value),
  };
}
