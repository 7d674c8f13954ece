/** What can go wrong between the extension and PacSpace, told apart by `kind` and never by instanceof: bundles are separate. */
export type PacSpaceErrorKind =
  | "auth"
  | "forbidden"
  | "notFound"
  | "conflict"
  | "invalid"
  | "rateLimited"
  | "server"
  | "network"
  | "timeout"
  | "malformedResponse"
  | "cancelled";

export interface PacSpaceErrorDetails {
  /** HTTP status, when an answer came. */
  readonly status?: number | undefined;
  /** The API's own error code, or Node's (ECONNREFUSED, …). */
  readonly code?: string | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
  /**
   * True when the request may have taken effect although its answer was lost or was an error of the server's:
   * the caller must read the state before it says anything, and never repeat by itself.
   */
  readonly uncertain?: boolean | undefined;
}

/** One error for all layers: `message` is a sentence for a person, without secrets, cookies or bodies. */
export class PacSpaceError extends Error {
  override readonly name = "PacSpaceError";
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly uncertain: boolean;

  constructor(
    readonly kind: PacSpaceErrorKind,
    message: string,
    details: PacSpaceErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.status = details.status;
    this.code = details.code;
    this.requestId = details.requestId;
    this.retryAfterMs = details.retryAfterMs;
    this.uncertain = details.uncertain ?? false;
  }
}

/**
 * Tells a PacSpaceError by its shape, so that one made by another bundle is recognised too.
 * @param value anything that was thrown
 */
export function isPacSpaceError(value: unknown): value is PacSpaceError {
  return (
    value instanceof Error && value.name === "PacSpaceError" && typeof (value as { kind?: unknown }).kind === "string"
  );
}

/**
 * Tells whether a thrown value is a PacSpaceError of one kind.
 * @param value anything that was thrown
 * @param kind the kind asked for
 */
export function isErrorOfKind(value: unknown, kind: PacSpaceErrorKind): value is PacSpaceError {
  return isPacSpaceError(value) && value.kind === kind;
}

/**
 * Makes the error for bad input: kind `invalid`.
 * @param message a sentence that names what is wrong and how to mend it
 */
export function invalidInput(message: string): PacSpaceError {
  return new PacSpaceError("invalid", message);
}

/**
 * What is wrong with some input.
 * @param check throws PacSpaceError for what can't be used
 * @returns its sentence, or undefined when nothing is wrong
 */
export function problemOf(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (isPacSpaceError(error)) return error.message;
    throw error;
  }
}
