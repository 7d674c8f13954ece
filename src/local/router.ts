import { Problem } from "./problem";
import { sessionOf, type Sessions } from "./sessions";
import type { Answer, WebhookRoutes } from "./webhookRoutes";

export interface Request {
  readonly method: string;
  readonly url: URL;
  readonly cookie: string | undefined;
  readonly csrf: string | undefined;
  /** The body as JSON; undefined for an empty one. Throws Problem 400. */
  json(): unknown;
}

type Handler = (request: Request, id: string) => Answer | Promise<Answer>;

interface Route {
  readonly method: string;
  /** Segments of the path; `:id` stands for any one. */
  readonly path: readonly string[];
  readonly open?: true;
  readonly handle: Handler;
}

function text(body: unknown, name: string): string {
  const value = (typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {})[name];
  if (typeof value !== "string" || value === "") throw new Problem(400, [`${name} should not be empty`]);
  return value;
}

function authRoutes(sessions: Sessions): readonly Route[] {
  const session = { success: true, data: { authenticated: true } };
  return [
    {
      method: "POST",
      path: ["dashboard", "auth", "login"],
      open: true,
      handle: (request) => {
        const body = request.json();
        const outcome = sessions.login(text(body, "email"), text(body, "password"));
        if ("setCookie" in outcome) return { status: 200, json: JSON.stringify(session), setCookie: outcome.setCookie };
        const data = { requiresMfa: true, mfaTicket: outcome.mfaTicket };
        return { status: 200, json: JSON.stringify({ success: true, data, message: "MFA verification required" }) };
      },
    },
    {
      method: "POST",
      path: ["dashboard", "auth", "login", "mfa-verify"],
      open: true,
      handle: (request) => {
        const body = request.json();
        const setCookie = sessions.verifyMfa(text(body, "mfaTicket"), text(body, "code"));
        return { status: 200, json: JSON.stringify(session), setCookie };
      },
    },
  ];
}

function protectedRoutes(webhooks: WebhookRoutes): readonly Route[] {
  const base = ["dashboard", "webhooks"];
  const route = (method: string, path: readonly string[], handle: Handler): Route => ({
    method,
    path: [...base, ...path],
    handle,
  });
  return [
    route("POST", [], (request) => webhooks.create(request.json())),
    route("GET", [], ({ url }) => webhooks.list(url.searchParams)),
    route("GET", ["deliveries"], ({ url }) => webhooks.deliveries(url.searchParams)),
    route("GET", ["deliveries", "export"], ({ url }) => webhooks.exportDeliveries(url.searchParams)),
    route("POST", ["deliveries", ":id", "retry"], (_, id) => webhooks.retry(id)),
    route("GET", [":id"], (_, id) => webhooks.get(id)),
    route("POST", [":id", "toggle"], (_, id) => webhooks.toggle(id)),
    route("POST", [":id", "test"], (_, id) => webhooks.test(id)),
    route("DELETE", [":id"], (_, id) => webhooks.delete(id)),
  ];
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new Problem(400, "The path is not well encoded");
  }
}

/** Finds a request's route, checks its session, and answers it. */
export class Router {
  readonly #routes: readonly Route[];

  constructor(
    webhooks: WebhookRoutes,
    private readonly sessions: Sessions,
  ) {
    this.#routes = [...authRoutes(sessions), ...protectedRoutes(webhooks)];
  }

  /** Throws Problem. */
  async answer(request: Request): Promise<Answer & { readonly setCookie?: string }> {
    const segments = request.url.pathname.split("/").slice(1);
    const fits = ({ path }: Route): boolean =>
      path.length === segments.length &&
      path.every((part, index) => (part === ":id" ? segments[index] !== "" : part === segments[index]));
    const here = this.#routes.filter(fits);
    // HEAD is a GET whose body Node leaves out.
    const method = request.method === "HEAD" ? "GET" : request.method;
    const route = here.find((candidate) => candidate.method === method);
    if (route === undefined) {
      const words = `Cannot ${request.method} ${request.url.pathname}`;
      if (here.length === 0) throw new Problem(404, words);
      const allow = here.flatMap((other) => (other.method === "GET" ? ["GET", "HEAD"] : [other.method]));
      throw new Problem(405, words, [...new Set(allow)]);
    }
    const setCookie = this.#admit(request, route.open === true);
    const id = segments[route.path.indexOf(":id")];
    const answer = await route.handle(request, id === undefined ? "" : decoded(id));
    return setCookie === undefined ? answer : { ...answer, setCookie };
  }

  /** Checks session and CSRF header; a route that opens sessions needs the header only of who has one already. */
  #admit(request: Request, open: boolean): string | undefined {
    const setCookie = open ? undefined : this.sessions.require(request.cookie);
    const hasSession = !open || sessionOf(request.cookie) !== undefined;
    if (!["GET", "HEAD"].includes(request.method) && hasSession && request.csrf !== "1") {
      throw new Problem(403, "Forbidden: the X-Pacspace-CSRF header is missing");
    }
    return setCookie;
  }
}
