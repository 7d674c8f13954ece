const reasons: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  413: "Payload Too Large",
  421: "Misdirected Request",
  500: "Internal Server Error",
};

/** An error answer in the API's shape; validation errors are a list of messages. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly words: string | readonly string[],
  ) {
    super(typeof words === "string" ? words : words.join("; "));
  }

  toJSON(): object {
    return { statusCode: this.status, error: reasons[this.status] ?? "Error", message: this.words };
  }
}
