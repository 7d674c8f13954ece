import { parseArgs } from "node:util";
import { invalidInput } from "../core/errors";

export const usage = `pacspace-webhook-proof: proves that a running PacSpace webhook handler is right.

  pacspace-webhook-proof --url <handler's URL> [options]

  --url <url>            the running handler, for example http://localhost:3000/webhooks/pacspace
  --secret-env <name>    environment variable that holds the webhook's secret (PACSPACE_WEBHOOK_SECRET)
  --secret-stdin         read the secret from standard input instead
  --check-url <url>      answers a GET with something that changes when an event is handled, such as a count:
                         tells whether the handler is idempotent
  --timeout <seconds>    time for each answer (10); 0 is no limit
  --junit <file>         write the results as JUnit XML
  --json <file>          write the results as JSON
  --help, --version

The handler must be running, with the same secret. It gets real, signed events: run it against test data.
Status: 0 all passed, 1 a case failed, 2 nothing was proven (wrong usage, handler unreachable, report not written).
`;

/** What the command line asks for. */
export type Asked =
  | { readonly kind: "help" | "version" }
  | {
      readonly kind: "proof";
      readonly url: string;
      /** The environment variable with the secret; undefined for standard input. */
      readonly secretVariable: string | undefined;
      readonly checkUrl: string | undefined;
      readonly timeoutMs: number | undefined;
      readonly junit: string | undefined;
      readonly json: string | undefined;
    };

const options = {
  url: { type: "string" },
  "secret-env": { type: "string" },
  "secret-stdin": { type: "boolean" },
  "check-url": { type: "string" },
  timeout: { type: "string" },
  junit: { type: "string" },
  json: { type: "string" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
} as const;

function read(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    // Node quotes what it did not understand, and that may be a secret given by mistake.
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (code === "ERR_PARSE_ARGS_INVALID_OPTION_VALUE")
      throw invalidInput("An option lacks its value, or has one too many.");
    throw invalidInput("There is an argument that is no option. A secret is never an argument: see --secret-env.");
  }
}

/**
 * Reads the command line.
 * @param args without the program's name
 * @throws PacSpaceError `invalid` for anything that isn't understood; what was typed is not repeated
 */
export function readCommandLine(args: readonly string[]): Asked {
  const values = read(args);
  if (values.help === true) return { kind: "help" };
  if (values.version === true) return { kind: "version" };
  if (values.url === undefined) throw invalidInput("--url is missing: the URL of the running handler.");
  if (values["secret-stdin"] === true && values["secret-env"] !== undefined) {
    throw invalidInput("Give either --secret-env or --secret-stdin, not both.");
  }
  const seconds = values.timeout;
  if (seconds !== undefined && !/^\d{1,5}(\.\d+)?$/.test(seconds)) {
    throw invalidInput("--timeout takes seconds, for example --timeout 10.");
  }
  return {
    kind: "proof",
    url: values.url,
    secretVariable: values["secret-stdin"] === true ? undefined : (values["secret-env"] ?? "PACSPACE_WEBHOOK_SECRET"),
    checkUrl: values["check-url"],
    timeoutMs: seconds === undefined ? undefined : Number(seconds) * 1000,
    junit: values.junit,
    json: values.json,
  };
}
