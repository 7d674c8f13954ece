/** The shapes of error answers that PacSpace's pages and SDK know, and two that proxies in between send. */
export type ErrorShape = "documented" | "messages" | "nested" | "flat" | "unsuccessful" | "empty" | "html";

/** How an answer says when to come back. */
export type RetryAfter =
  { readonly as: "seconds" | "date" | "body"; readonly seconds: number } | { readonly as: "none" };

/** What the wrapper does to one request. Unless it says otherwise, the server behind never sees that request. */
export type Behaviour =
  /** Forwarded, late. */
  | { readonly kind: "latency"; readonly ms: number }
  | {
      readonly kind: "status";
      readonly status: number;
      readonly shape?: ErrorShape;
      readonly retryAfter?: RetryAfter;
      readonly message?: string;
      /** Further headers of the answer. */
      readonly headers?: Readonly<Record<string, string | readonly string[]>>;
    }
  /** The connection is reset before the server has seen the request. */
  | { readonly kind: "resetBefore" }
  /** Forwarded and done; the answer is dropped and the connection reset. */
  | { readonly kind: "resetAfter" }
  /** Read, and never answered. */
  | { readonly kind: "silence" }
  /** 200 with a page in place of JSON. */
  | { readonly kind: "html" }
  | { readonly kind: "redirect"; readonly to: "login" | "otherOrigin"; readonly location?: string }
  /** Forwarded; of the JSON answered only the first half comes, as a whole HTTP message. */
  | { readonly kind: "cutJson" }
  /** Forwarded; the connection is reset after so many bytes of the answer's body. */
  | { readonly kind: "cutExport"; readonly afterBytes: number }
  /** Forwarded; status and headers come, the body doesn't. */
  | { readonly kind: "emptyBody" };

export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string;
}

const reasons: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  402: "Payment Required",
  403: "Forbidden",
  404: "Not Found",
  409: "Conflict",
  422: "Unprocessable Entity",
  429: "Too Many Requests",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
};

export const page = "<!doctype html><html><head><title>Sign in</title></head><body><form></form></body></html>";

function bodyOf(shape: ErrorShape, status: number, message: string, retryAfterSeconds: number | undefined): string {
  const reason = reasons[status] ?? "Error";
  const code = reason.toLowerCase().replaceAll(" ", "_");
  const wait = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  switch (shape) {
    case "documented":
      return JSON.stringify({ statusCode: status, error: reason, message, ...wait });
    case "messages":
      return JSON.stringify({ statusCode: status, error: reason, message: [message, "and another one"], ...wait });
    case "nested":
      return JSON.stringify({ error: { code, message, ...wait } });
    case "flat":
      return JSON.stringify({ code, message, ...wait });
    case "unsuccessful":
      return JSON.stringify({ success: false, message, ...wait });
    case "empty":
      return "";
    case "html":
      return page;
  }
}

/** Makes the answer of a `status` behaviour; a wait "in the body" is put where the SDK reads it. */
export function errorAnswer(behaviour: Extract<Behaviour, { kind: "status" }>): ErrorAnswer {
  const { status, retryAfter = { as: "none" }, message = "Made up by the test" } = behaviour;
  const shape = behaviour.shape ?? (retryAfter.as === "body" ? "nested" : "documented");
  const headers: Record<string, string | readonly string[]> = {
    "Content-Type": shape === "html" ? "text/html; charset=utf-8" : "application/json; charset=utf-8",
    ...behaviour.headers,
  };
  if (retryAfter.as === "seconds") headers["Retry-After"] = String(retryAfter.seconds);
  if (retryAfter.as === "date") {
    headers["Retry-After"] = new Date(Date.now() + retryAfter.seconds * 1_000).toUTCString();
  }
  const inBody = retryAfter.as === "body" ? retryAfter.seconds : undefined;
  return { status, headers, body: bodyOf(shape, status, message, inBody) };
}
