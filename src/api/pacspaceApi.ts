import type { Delivery } from "../core/model/delivery";
import type { DeliveryPageRequest } from "../core/model/deliveryFilter";
import type { Webhook } from "../core/model/webhook";

/** The client as other layers see it: types only, so that a layer may know it without loading it. */
export interface PacSpaceApi {
  readonly webhooks: WebhooksApi;
  readonly auth: AuthApi;
  /** The session's cookie jar as tough-cookie's JSON text, for SecretStorage; undefined when it holds no cookie. */
  exportSession(): string | undefined;
  /**
   * Replaces the jar, for example by what another window stored; undefined empties it, and so does text that can't be
   * read. What answers to earlier requests set as cookies is left out from then on.
   */
  importSession(serialized: string | undefined): void;
  /** Ends all requests (kind `cancelled`) and closes the sockets. */
  close(): Promise<void>;
}

export interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
  /**
   * Bulk work waits out every Retry-After; an interactive call (the default) fails at once with `rateLimited`
   * when it is told to wait more than 30 s.
   */
  readonly pace?: "interactive" | "bulk" | undefined;
  /** Called before each wait, with its length in milliseconds. */
  readonly onWait?: ((ms: number) => void) | undefined;
}

export interface ListOptions extends RequestOptions {
  /** Rows to a page, 100 by default. */
  readonly pageSize?: number | undefined;
  /**
   * How many pages that the server's totals promise are asked for while one is worked on: for whoever reads to the
   * end. None by default, so that a page that is asked for later is not an old one.
   */
  readonly ahead?: number | undefined;
}

export interface CreatedWebhook {
  readonly webhook: Webhook;
  /** Shown once, ever: store it before anything else. */
  readonly secret: string;
}

export interface WebhookPage {
  readonly webhooks: readonly Webhook[];
  readonly total?: number;
  /** How far the server's clock is ahead of this machine's, in milliseconds, as far as the answer tells. */
  readonly serverAheadMs?: number | undefined;
  /** Whether no page comes behind it, as far as the server tells. */
  readonly last: boolean;
}

export interface DeliveryPage {
  readonly deliveries: readonly Delivery[];
  readonly total?: number;
  /** Whether no page comes behind it, as far as the server tells. */
  readonly last: boolean;
}

export interface TestResult {
  readonly success: boolean;
  readonly httpStatus?: number;
  readonly message: string;
}

export interface WebhooksApi {
  create(
    input: { readonly url: string; readonly description?: string },
    options?: RequestOptions,
  ): Promise<CreatedWebhook>;
  /** All pages, one after another. */
  list(options?: ListOptions): AsyncIterableIterator<WebhookPage>;
  get(id: string, options?: RequestOptions): Promise<Webhook>;
  toggle(id: string, options?: RequestOptions): Promise<{ readonly id: string; readonly enabled: boolean }>;
  test(id: string, options?: RequestOptions): Promise<TestResult>;
  delete(id: string, options?: RequestOptions): Promise<void>;
  /** One page; only what is given is sent. */
  deliveryPage(request: DeliveryPageRequest, options?: RequestOptions): Promise<DeliveryPage>;
  /** All pages from the request's offset on. */
  deliveries(request: DeliveryPageRequest, options?: RequestOptions): AsyncIterableIterator<DeliveryPage>;
  /** The CSV's bytes as they come; to stop early, abort the signal or end the iteration. */
  exportDeliveries(request: DeliveryPageRequest, options?: RequestOptions): Promise<AsyncIterable<Uint8Array>>;
  /** Queues a failed delivery again. Its answer is not published: read the list again to learn the state. */
  retryDelivery(id: string, options?: RequestOptions): Promise<void>;
}

export interface LoginResult {
  readonly mfaTicket?: string;
}

export interface AuthApi {
  /** With MFA on, the result holds the ticket to complete by `verifyMfa`; else the session is in the jar. */
  login(email: string, password: string, options?: RequestOptions): Promise<LoginResult>;
  verifyMfa(ticket: string, code: string, options?: RequestOptions): Promise<void>;
  /** Reads one row of a protected route; throws `auth` when the session is missing or has expired. */
  check(options?: RequestOptions): Promise<void>;
  /** Fills the jar from a cookie file's text; throws `invalid`, naming the line. */
  importCookieFile(text: string): void;
  /** Fills the jar from the value of a `Cookie:` header; throws `invalid`. */
  importCookieHeader(value: string): void;
}

export interface ConnectionSettings {
  /** The proxy for a URL, or undefined for a direct connection. */
  readonly proxyFor?: ((url: URL) => { readonly url: string; readonly authorization?: string } | undefined) | undefined;
  /** Certificates to trust beside Node's own, PEM. */
  readonly certificates?: readonly string[] | undefined;
  /** False accepts any certificate (`http.proxyStrictSSL`). */
  readonly strictTls?: boolean | undefined;
}

export interface ClientOptions {
  readonly baseUrl: string;
  /** The jar to begin with, as `exportSession` gave it. */
  readonly session?: string | undefined;
  /** Called after each change of the jar but those by `importSession`, whose caller knows of them. */
  readonly onSessionChanged?: (() => void) | undefined;
  readonly connection?: ConnectionSettings | undefined;
  readonly userAgent?: string | undefined;
  /**
   * For connecting, and again for the first byte of the answer; milliseconds, 30,000 by default. A body may stall as
   * long, an export's twice as long; while it flows, an export has no limit, and any other body ten times this one.
   */
  readonly timeoutMs?: number | undefined;
  /** One line per request and per wait: method, path, status, time; never a header's value or a body. */
  readonly log?: ((line: string) => void) | undefined;
}
