const reasons: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  409: "Conflict",
  413: "Payload Too Large",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
};

/** An error answer in the API's shape; validation errors are a list of messages. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly words: string | readonly string[],
    /** For a method that a path doesn't have: those that it has (RFC 9110 asks for them). */
    readonly allow?: readonly string[],
  ) {
    super(typeof words === "string" ? words : words.join("; "));
  }

  /** The status in words (RFC 9110). */
  get reason(): string {
    return reasons[this.status] ?? "Error";
  }

  toJSON(): object {
    return { statusCode: this.status, error: this.reason, message: this.words };
  }
}
